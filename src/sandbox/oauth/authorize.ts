import type { JsonObject } from '@bufbuild/protobuf';
import * as oauth from 'oauth4webapi';
import { mergeDetails } from '../state/credential-fields.ts';
import type { Link } from '../state/links.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { authorizeUrl } from './authorize-url.ts';
import type { OAuthFlow } from './flows.ts';
import { partiesToAuthorize } from './parties.ts';

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
  const redirectUri = state.origin + callbackPath(connection.id);
  const parties = await partiesToAuthorize(state, connection, { ...account, apiConfig }, redirectUri);
  const { pkce_enabled, custom_scope_name: scopeName } = connection.pattern.oauth_config ?? {};
  const usesPkce = parties.isDiscovered || pkce_enabled !== false;
  const codeVerifier = usesPkce ? oauth.generateRandomCodeVerifier() : undefined;
  const flow: OAuthFlow = {
    state: oauth.generateRandomState(),
    link,
    codeVerifier,
    redirectUri,
    apiConfig,
    parties,
  };
  state.flows.add(flow);
  const codeChallenge = codeVerifier && (await oauth.calculatePKCECodeChallenge(codeVerifier));
  const { scopes } = parties;
  return authorizeUrl(parties, { redirectUri, state: flow.state, scopes, codeChallenge, scopeName }).href;
}
