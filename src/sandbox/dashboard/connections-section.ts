import { html } from 'hono/html';
import { maskQuery } from '../../redact.ts';
import type { Html } from '../html/document.ts';
import { callbackPath } from '../oauth/authorize.ts';
import type { Connection } from '../state/connections.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { section, table } from './table.ts';

const MOST = 100;

export function connectionsSection(state: SandboxState): Html {
  const all = [...state.connections.values()];
  if (all.length === 0) {
    const content = html`<p>There is none: add some under <code>connections</code> in <code>sandbox.yaml</code>.</p>`;
    return section('connections', 'Connections', content);
  }
  const columns = [
    { head: 'Name', cell: ({ name }: Connection) => name },
    { head: 'Connector', cell: ({ connector }: Connection) => connector.definition.display_name },
    { head: 'Authorization', cell: typeOf },
    {
      head: 'Accounts',
      cell: ({ name }: Connection) => String(state.accounts.ofConnection(name).length),
      isWhole: true,
    },
    {
      head: 'Upstream',
      cell: ({ connector }: Connection) => html`<code>${maskQuery(connector.definition.proxy_url)}</code>`,
    },
    { head: 'Redirect URI', cell: (connection: Connection) => redirectUri(state, connection) },
  ];
  const more = all.length > MOST ? html`<p class="quiet">The first ${MOST} of ${all.length}.</p>` : '';
  return section(
    'connections',
    'Connections',
    html`${more}${table('connections-title', columns, all.slice(0, MOST))}`,
  );
}

function typeOf({ pattern }: Connection): string {
  return pattern.is_mcp ? `${pattern.type}, MCP` : pattern.type;
}

/** What has to be registered at the provider. */
function redirectUri({ origin }: SandboxState, { id, pattern }: Connection): Html | string {
  return pattern.type === 'OAUTH' ? html`<code>${origin}${callbackPath(id)}</code>` : '';
}
