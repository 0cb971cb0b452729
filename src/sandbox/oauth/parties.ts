import type { Client } from 'oauth4webapi';
import { type Discovered, discover } from '../mcp/authorization/discover.ts';
import { isStillKnown, register, registeredClient } from '../mcp/authorization/registration.ts';
import { resolveUrl } from '../proxy/placeholders.ts';
import { Refusal } from '../refusal.ts';
import type { Account } from '../state/accounts.ts';
import type { Connection } from '../state/connections.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { discoveredParties, type OAuthParties, oauthParties, type UrlValues } from './client.ts';

/**
 * With which authorization server, and as which client, a connection gets its tokens: what connector and connection name,
 * or for an MCP connector what its server leads to. Throws a Refusal.
 */
export async function partiesToAuthorize(
  state: SandboxState,
  connection: Connection,
  values: UrlValues,
  redirectUri: string,
): Promise<OAuthParties> {
  if (!connection.pattern.is_mcp) return oauthParties(state, connection, values);
  const found = await discoverFor(state, connection, values);
  const client = configuredClient(connection) ?? (await clientAt(state, connection, found, redirectUri));
  return discoveredParties(state, { ...found, client });
}

/** As `partiesToAuthorize`, for tokens that are there: they are good with the client that they were issued to. */
export async function partiesOf(state: SandboxState, account: Account): Promise<OAuthParties> {
  const { connection, credentials } = account;
  if (credentials.kind === 'oauth' && credentials.issuedBy)
    return discoveredParties(state, credentials.issuedBy);
  if (!connection.pattern.is_mcp) return oauthParties(state, connection, account);
  // Tokens that a config or an app brought along.
  const client = configuredClient(connection);
  if (client) return discoveredParties(state, { ...(await discoverFor(state, connection, account)), client });
  const message = `connection ${connection.name} does not know which OAuth client the tokens were issued to`;
  throw new Refusal('failed_precondition', 'OAUTH_NOT_CONFIGURED', message);
}

async function discoverFor(
  state: SandboxState,
  connection: Connection,
  values: UrlValues,
): Promise<Discovered> {
  const { connector, oauth } = connection;
  const found = await discover(state, connection, resolveUrl(connector.definition.proxy_url, values));
  return oauth?.scopes ? { ...found, scopes: oauth.scopes } : found;
}

function configuredClient({ oauth }: Connection): Client | undefined {
  if (!oauth) return undefined;
  const { client_id, client_secret, token_endpoint_auth_method } = oauth;
  return {
    client_id,
    ...(client_secret && { client_secret }),
    ...(token_endpoint_auth_method && { token_endpoint_auth_method }),
  };
}

async function clientAt(
  state: SandboxState,
  connection: Connection,
  found: Discovered,
  redirectUri: string,
): Promise<Client> {
  const known = registeredClient(state, connection, found.server, redirectUri);
  if (known && (await isStillKnown(state, connection, found.server, known, redirectUri))) return known;
  return register(state, connection, found, redirectUri);
}
