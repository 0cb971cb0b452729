import { html } from 'hono/html';
import type { Html } from '../html/document.ts';
import type { Exchange } from '../interface/exchanges.ts';
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
    { head: 'Call', cell: callHtml, isWide: true },
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
  // `/scalekit.v1.tools.ToolService/ExecuteTool`: the last part says which.
  const call = kind === 'grpc' ? path.slice(path.lastIndexOf('/') + 1) : `${method} ${path}`;
  return html`<code title="${path}">${call}</code>${toolName === null ? '' : html` <code>${toolName}</code>`}`;
}

function answerHtml({ kind, status, grpcCode, fault, error }: Exchange): Html {
  const isRefused = grpcCode !== null && grpcCode !== 'ok';
  const look = isRefused || status === null || status >= 400 ? 'wrong' : 'good';
  // Of gRPC the HTTP status is 200 whatever happened.
  const code =
    kind === 'grpc' && status === 200
      ? (grpcCode ?? 'ok')
      : `${status ?? 'no answer'}${isRefused ? ` ${grpcCode}` : ''}`;
  return html`<span class="${look}">${code}</span>${fault === null ? '' : html` by <code>${fault}</code>`}${
    error === null ? '' : html`<br><span class="quiet">${error}</span>`
  }`;
}
