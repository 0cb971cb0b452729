import type { Client } from 'oauth4webapi';
import type { UrlValues } from '../../oauth/client.ts';
import { resolveUrl } from '../../proxy/placeholders.ts';
import type { Connection } from '../../state/connections.ts';
import type { SandboxState } from '../../state/sandbox-state.ts';
import { type Discovered, discover } from './discover.ts';
import { isStillKnown, register } from './registration.ts';
import { registeredClient } from './registrations.ts';

/** Where a connection's MCP server leads, with the connection's own scopes where it has some. */
export async function discoverFor(
  state: SandboxState,
  connection: Connection,
  values: UrlValues,
): Promise<Discovered> {
  const { connector, oauth } = connection;
  const found = await discover(state, connection, resolveUrl(connector.definition.proxy_url, values));
  return oauth?.scopes ? { ...found, scopes: oauth.scopes } : found;
}

/** The client that registered itself there before and is still known, else a new one. */
export async function clientAt(
  state: SandboxState,
  connection: Connection,
  found: Discovered,
  redirectUri: string,
): Promise<Client> {
  const known = registeredClient(state, connection, found.server, redirectUri);
  if (known && (await isStillKnown(state, connection, found.server, known, redirectUri))) return known;
  return register(state, connection, found, redirectUri);
}
