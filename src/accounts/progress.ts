import type { ConnectedAccount } from '../scalekit/accounts.ts';

/** What stands against an account that says ACTIVE: it may have been so before. */
export interface Evidence {
  /** Milliseconds since the epoch. */
  now: number;
  /** Scalekit has verified the user who came back from this very link. */
  isVerified: boolean;
  /** Of a sandbox's link; undefined where nobody tells. */
  linkState: string | undefined;
}

/**
 * How long before its end a token may be renewed by Scalekit (about 5 minutes, says its documentation), with as much again to be sure.
 */
const RENEWAL_MS = 10 * 60 * 1000;

/**
 * Whether the user has finished. An account that was ACTIVE before (`--force`) stays so all the while: there it takes the sandbox's
 * word, a verified user, or new credentials that no renewal explains.
 */
export function isAuthorized(
  account: ConnectedAccount,
  before: ConnectedAccount,
  { now, isVerified, linkState }: Evidence,
): boolean {
  if (account.status !== 'ACTIVE') return false;
  if (before.status !== 'ACTIVE' || isVerified) return true;
  if (account.updatedAt === before.updatedAt) return false;
  if (linkState !== undefined) return linkState === 'used';
  return hasNewCredentials(account, before) && !isRenewalDue(before, now);
}

/**
 * Whether the account has got credentials that may be the user's doing or a renewal: nothing that Scalekit tells distinguishes them.
 */
export function isAmbiguous(
  account: ConnectedAccount,
  before: ConnectedAccount,
  { now, linkState }: Evidence,
): boolean {
  return (
    account.status === 'ACTIVE' &&
    before.status === 'ACTIVE' &&
    linkState === undefined &&
    hasNewCredentials(account, before) &&
    isRenewalDue(before, now)
  );
}

/** A token has a new end with each consent and renewal; where it has none, the time of the last change is all there is. */
function hasNewCredentials(account: ConnectedAccount, before: ConnectedAccount): boolean {
  if (account.tokenExpiresAt === null && before.tokenExpiresAt === null)
    return account.updatedAt !== before.updatedAt;
  return account.tokenExpiresAt !== before.tokenExpiresAt;
}

function isRenewalDue({ tokenExpiresAt }: ConnectedAccount, now: number): boolean {
  return tokenExpiresAt !== null && Date.parse(tokenExpiresAt) - now < RENEWAL_MS;
}
