import type { JsonObject } from '@bufbuild/protobuf';
import * as oauth from 'oauth4webapi';
import type { Connection } from '../state/connections.ts';
import { mergeDetails } from '../state/credential-fields.ts';
import type { Link } from '../state/links.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { oauthParties } from './client.ts';

export function callbackPath(connectionId: string): string {
  return `/sso/v1/oauth/${connectionId}/callback`;
}

/** Starts a flow for a link and says where the browser goes. `entered` are the connector's account fields. */
export async function beginAuthorization(
  state: SandboxState,
  link: Link,
  entered: JsonObject,
): Promise<string> {
  const { account } = link;
  const { connection } = account;
  const apiConfig = mergeDetails(account.apiConfig, entered);
  const { server, client } = oauthParties(state, connection, { ...account, apiConfig });
  const redirectUri = state.origin + callbackPath(connection.id);
  const usesPkce = connection.pattern.oauth_config?.pkce_enabled !== false;
  const codeVerifier = usesPkce ? oauth.generateRandomCodeVerifier() : undefined;
  const flow = { state: oauth.generateRandomState(), link, codeVerifier, redirectUri, apiConfig };
  state.flows.add(flow);

  const url = new URL(server.authorization_endpoint ?? '');
  const parameters = url.searchParams;
  parameters.set('response_type', 'code');
  parameters.set('client_id', client.client_id);
  parameters.set('redirect_uri', redirectUri);
  parameters.set('state', flow.state);
  const scopes = requestedScopes(connection);
  if (scopes.length > 0) {
    parameters.set(connection.pattern.oauth_config?.custom_scope_name || 'scope', scopes.join(' '));
  }
  if (codeVerifier !== undefined) {
    parameters.set('code_challenge', await oauth.calculatePKCECodeChallenge(codeVerifier));
    parameters.set('code_challenge_method', 'S256');
  }
  return url.href;
}

/** The connection's scopes, else those that the connector cannot do without. */
export function requestedScopes({ oauth: registered, pattern }: Connection): string[] {
  if (registered?.scopes) return registered.scopes;
  const available = pattern.oauth_config?.available_scopes ?? [];
  return available.filter(({ required }) => required).map(({ scope }) => scope);
}
