import * as oauth from 'oauth4webapi';
import { Refusal } from '../refusal.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import type { Verification } from '../state/verifications.ts';
import { tokenFailure } from './failure.ts';
import type { OAuthFlow } from './flows.ts';
import { requestToken } from './token-request.ts';
import { oauthCredentials } from './token-response.ts';
import { askUserInfo } from './user-info.ts';

/**
 * Exchanges the code of a callback. The account is ACTIVE then, or PENDING_VERIFICATION and waiting for what is returned where users
 * are verified. Throws what oauth4webapi throws, and Refusals.
 */
export async function finishAuthorization(
  state: SandboxState,
  flow: OAuthFlow,
  callback: URLSearchParams,
): Promise<Verification | undefined> {
  const { link, parties, apiConfig } = flow;
  const { account } = link;
  const { server, client, isDiscovered, scopes, issuedBy } = parties;
  // RFC 9207's `iss` cannot be compared where the issuer is not known.
  const parameters = new URLSearchParams([...callback].filter(([name]) => isDiscovered || name !== 'iss'));
  const validated = oauth.validateAuthResponse(server, client, parameters, flow.state);
  const answer = await requestToken(state, account, parties, (authentication, options) =>
    oauth.authorizationCodeGrantRequest(
      server,
      client,
      authentication,
      validated,
      flow.redirectUri,
      flow.codeVerifier ?? oauth.nopkce,
      options,
    ),
  ).catch((error: unknown) => {
    if (tokenFailure(error)?.code === 'invalid_client') {
      state.oauthClients.forget(account.connection, client.client_id);
    }
    throw error;
  });
  if (state.accounts.get(account.id) !== account) {
    throw new Refusal('not_found', 'CONNECTED_ACCOUNT_NOT_FOUND', 'the connected account is gone');
  }
  const before = { refreshToken: undefined, scopes, issuedBy };
  const credentials = oauthCredentials(answer, before, state.now());
  askUserInfo(state, account, credentials.accessToken);
  if (state.userVerification === 'off') {
    state.verifications.dropOf(account);
    state.accounts.change(account, { status: 'ACTIVE', credentials, apiConfig });
    return undefined;
  }
  if (link.userVerifyUrl === undefined) {
    const message = 'user_verify_url not configured for verification redirect';
    throw new Refusal('failed_precondition', 'USER_VERIFY_URL_MISSING', message);
  }
  const verification = state.verifications.create({ link, credentials, apiConfig });
  state.accounts.change(account, { status: 'PENDING_VERIFICATION' });
  return verification;
}
