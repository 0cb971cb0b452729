import * as oauth from 'oauth4webapi';
import type { Refusal } from '../refusal.ts';
import { type Account, type Credentials, currentStatus, type OAuthCredentials } from '../state/accounts.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { refusalOf } from '../upstream/failure.ts';
import { isRefusal } from './failure.ts';
import { partiesOf } from './parties.ts';
import { requestToken } from './token-request.ts';
import { oauthCredentials } from './token-response.ts';

/**
 * Renews an access token that ends soon, once at a time per account. The provider's
 * refusal makes the account EXPIRED; when it cannot be reached the old token is used while it lasts.
 */
export async function ensureFresh(state: SandboxState, account: Account): Promise<void> {
  noticeExpiry(state, account);
  const { credentials, status } = account;
  if (status !== 'ACTIVE' || credentials.kind !== 'oauth') return;
  if (renewalDueAt(credentials, state.refreshAheadMs) > state.now()) return;
  await refreshOnce(state, account, credentials);
}

/** On demand, after the provider refused the access token of `used`. Whether there is another one now. */
export async function renewRefused(
  state: SandboxState,
  account: Account,
  used: Credentials,
): Promise<boolean> {
  if (used.kind !== 'oauth' || account.status !== 'ACTIVE') return false;
  if (account.credentials === used && used.refreshToken !== undefined)
    await refreshOnce(state, account, used);
  const { credentials } = account;
  return credentials.kind === 'oauth' && credentials.accessToken !== used.accessToken;
}

async function refreshOnce(
  state: SandboxState,
  account: Account,
  credentials: OAuthCredentials,
): Promise<void> {
  const { renewals } = state;
  let renewal = renewals.get(account);
  if (!renewal) {
    renewal = refresh(state, account, credentials).finally(() => renewals.delete(account));
    renewals.set(account, renewal);
  }
  await renewal;
}

/** An account whose token ran out is EXPIRED whether or not anybody looks; from here on it is so for those who are told, too. */
export function noticeExpiry(state: SandboxState, account: Account): void {
  const status = currentStatus(account, state.now());
  if (status !== account.status) state.accounts.change(account, { status });
}

/** In milliseconds since the epoch; never where there is nothing to renew with or no end. */
export function renewalDueAt(
  { refreshToken, expiresAt, issuedAt }: OAuthCredentials,
  aheadMs: number,
): number {
  if (refreshToken === undefined || expiresAt === undefined) return Infinity;
  const dueAt = expiresAt - aheadMs;
  // A token that lives less long than that is renewed after half of its life, and not with every call.
  return issuedAt === undefined ? dueAt : Math.max(dueAt, issuedAt + (expiresAt - issuedAt) / 2);
}

async function refresh(state: SandboxState, account: Account, before: OAuthCredentials): Promise<void> {
  let renewed: OAuthCredentials | undefined;
  let isRefused = false;
  let notAllowed: Refusal | undefined;
  try {
    renewed = await renew(state, account, before);
  } catch (error) {
    isRefused = isRefusal(error);
    notAllowed = refusalOf(error);
  }
  // Deleted, disconnected or authorized anew meanwhile: that stands.
  const { credentials } = account;
  const isSameGrant = credentials.kind === 'oauth' && credentials.refreshToken === before.refreshToken;
  if (!isSameGrant || state.accounts.get(account.id) !== account) return;
  if (renewed) {
    // The account's own scopes may have been set in between; the tokens are never dropped for that.
    const scopes = credentials.scopes === before.scopes ? renewed.scopes : credentials.scopes;
    state.accounts.change(account, { credentials: { ...renewed, scopes } });
    return;
  }
  const ranOut = before.expiresAt !== undefined && before.expiresAt <= state.now();
  if (account.status === 'ACTIVE' && credentials === before && (isRefused || ranOut)) {
    // Nobody was asked: there is nothing wrong with the account, but with the sandbox's config.
    if (notAllowed?.errorCode === 'HOST_NOT_ALLOWED') throw notAllowed;
    state.accounts.change(account, { status: 'EXPIRED' });
  }
}

async function renew(state: SandboxState, account: Account, before: OAuthCredentials) {
  const parties = await partiesOf(state, account);
  const { refreshToken = '' } = before;
  const answer = await requestToken(state, account, parties, (authentication, options) =>
    oauth.refreshTokenGrantRequest(parties.server, parties.client, authentication, refreshToken, options),
  );
  return oauthCredentials(answer, before, state.now());
}
