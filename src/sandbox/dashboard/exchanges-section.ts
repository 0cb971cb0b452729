import { html } from 'hono/html';
import type { Html } from '../html/document.ts';
import type { Exchange } from '../interface.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { command, section, table } from './table.ts';
import { timeOfDay } from './times.ts';

const MOST = 50;

export function exchangesSection({ exchanges: log, connections }: SandboxState): Html {
  const latest = log.list({ limit: MOST }).exchanges.toReversed();
  if (latest.length === 0) {
    const [first] = connections.values();
    const name = first?.name ?? 'CONNECTION';
    return section(
      'exchanges',
      'Last exchanges',
      html`<p>Nothing has been called yet. To call a provider's API:</p>
${command(['sk-connect', 'request', '/', '--sandbox', '-c', name, '-i', 'user_123'])}`,
    );
  }
  const columns = [
    { head: 'Time', cell: ({ at }: Exchange) => timeOfDay(at), isWhole: true },
    { head: 'Kind', cell: ({ kind }: Exchange) => kind, isWhole: true },
    { head: 'Call', cell: callHtml },
    { head: 'Connection', cell: ({ connectionName }: Exchange) => connectionName ?? '' },
    {
      head: 'Identifier',
      cell: ({ identifier }: Exchange) => (identifier === null ? '' : html`<bdi>${identifier}</bdi>`),
    },
    { head: 'Answer', cell: answerHtml },
    { head: 'Took', cell: ({ durationMs }: Exchange) => `${durationMs} ms`, isWhole: true },
  ];
  return section('exchanges', 'Last exchanges', table('exchanges-title', columns, latest));
}

function callHtml({ kind, method, path, toolName }: Exchange): Html {
  // `/scalekit.v1.tools.ToolService/ExecuteTool`: what is the same for all of them says nothing.
  const call = kind === 'grpc' ? path.replace(/^\/(\w+\.)*/, '') : `${method} ${path}`;
  return html`<code>${call}</code>${toolName === null ? '' : html` <code>${toolName}</code>`}`;
}

function answerHtml({ status, grpcCode, fault, error }: Exchange): Html {
  const refusal = grpcCode === null || grpcCode === 'ok' ? '' : ` ${grpcCode}`;
  const failed = status === null || status >= 400 || refusal !== '';
  const words = `${status ?? 'no answer'}${refusal}`;
  return html`<span class="${failed ? 'wrong' : 'good'}">${words}</span>${fault === null ? '' : html` by <code>${fault}</code>`}${
    error === null ? '' : html`<br><span class="quiet">${error}</span>`
  }`;
}
