import * as oauth from 'oauth4webapi';
import type { SandboxState } from '../state/sandbox-state.ts';
import { requestedScopes } from './authorize.ts';
import { oauthParties } from './client.ts';
import type { OAuthFlow } from './flows.ts';
import { oauthCredentials } from './token-response.ts';

/** Exchanges the code of a callback and makes the account ACTIVE. Throws what oauth4webapi throws. */
export async function finishAuthorization(
  state: SandboxState,
  flow: OAuthFlow,
  callback: URLSearchParams,
): Promise<void> {
  const { account } = flow.link;
  const { connection } = account;
  const parties = oauthParties(state, connection, { ...account, apiConfig: flow.apiConfig });
  const { server, client, authentication, options } = parties;
  // RFC 9207's `iss` cannot be compared: the issuer is not known.
  const parameters = new URLSearchParams([...callback].filter(([name]) => name !== 'iss'));
  const validated = oauth.validateAuthResponse(server, client, parameters, flow.state);
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    authentication,
    validated,
    flow.redirectUri,
    flow.codeVerifier ?? oauth.nopkce,
    options,
  );
  const answer = await oauth.processAuthorizationCodeResponse(server, client, response);
  const before = { refreshToken: undefined, scopes: requestedScopes(connection) };
  const credentials = oauthCredentials(answer, before, state.now());
  state.accounts.change(account, { status: 'ACTIVE', credentials, apiConfig: flow.apiConfig });
}

/** What a page may say of a failed exchange: the provider's error code and words, never a secret. */
export function exchangeFailure(error: unknown): string {
  if (error instanceof oauth.ResponseBodyError) {
    return [error.error, error.error_description].filter(Boolean).join(': ');
  }
  if (error instanceof oauth.WWWAuthenticateChallengeError) {
    return `the token endpoint answered with HTTP status ${error.status}`;
  }
  if (error instanceof oauth.OperationProcessingError) return error.message;
  return 'the token endpoint could not be reached';
}
