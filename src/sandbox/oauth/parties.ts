import type { Client } from 'oauth4webapi';
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
  const { clientAt, discoverFor } = await authorizationOfMcp();
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
  if (client) {
    const { discoverFor } = await authorizationOfMcp();
    return discoveredParties(state, { ...(await discoverFor(state, connection, account)), client });
  }
  const message = `connection ${connection.name} does not know which OAuth client the tokens were issued to`;
  throw new Refusal('failed_precondition', 'OAUTH_NOT_CONFIGURED', message);
}

/** With all of MCP's client: a sandbox may have no MCP connection. */
function authorizationOfMcp() {
  return import('../mcp/authorization/parties.ts');
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
