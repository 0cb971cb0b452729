import * as oauth from 'oauth4webapi';
import type { Account, OAuthCredentials } from '../state/accounts.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { oauthParties } from './client.ts';
import { oauthCredentials } from './token-response.ts';

const underWay = new WeakMap<Account, Promise<void>>();

/**
 * Renews an access token that ends soon, once at a time per account. The provider's
 * refusal makes the account EXPIRED; when it cannot be reached the old token is used while it lasts.
 */
export async function ensureFresh(state: SandboxState, account: Account): Promise<void> {
  const { credentials, status } = account;
  if (status !== 'ACTIVE' || credentials.kind !== 'oauth') return;
  const { expiresAt, refreshToken } = credentials;
  if (expiresAt === undefined || refreshToken === undefined || expiresAt - state.now() > state.refreshAheadMs)
    return;

  let refreshing = underWay.get(account);
  if (!refreshing) {
    refreshing = refresh(state, account, credentials, refreshToken).finally(() => underWay.delete(account));
    underWay.set(account, refreshing);
  }
  await refreshing;
}

async function refresh(
  state: SandboxState,
  account: Account,
  before: OAuthCredentials,
  refreshToken: string,
): Promise<void> {
  try {
    const { server, client, authentication, options } = oauthParties(state, account.connection, account);
    const response = await oauth.refreshTokenGrantRequest(
      server,
      client,
      authentication,
      refreshToken,
      options,
    );
    const answer = await oauth.processRefreshTokenResponse(server, client, response);
    // Disconnected or authorized anew meanwhile: that stands.
    if (account.credentials !== before) return;
    state.accounts.change(account, { credentials: oauthCredentials(answer, before, state.now()) });
  } catch (error) {
    const refused =
      error instanceof oauth.ResponseBodyError || error instanceof oauth.WWWAuthenticateChallengeError;
    const ranOut = before.expiresAt !== undefined && before.expiresAt <= state.now();
    if ((refused || ranOut) && account.credentials === before)
      state.accounts.change(account, { status: 'EXPIRED' });
  }
}
