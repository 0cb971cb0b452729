import { randomBytes } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { secondsAfter } from '../clock.ts';
import type { Account, OAuthCredentials } from './accounts.ts';
import type { Changes } from './changes.ts';
import type { Link } from './links.ts';

/** What a finished consent brought, kept apart from the account until its user is known to be the right one. */
export interface Verification {
  readonly authRequestId: string;
  readonly link: Link;
  readonly credentials: OAuthCredentials;
  readonly apiConfig: JsonObject;
  readonly expiresAt: number;
}

export type VerificationStore = ReturnType<typeof createVerificationStore>;

/** At most one for each account: a newer consent takes the place of an older one. */
export function createVerificationStore(now: () => number, lifetimeS: number, changes: Changes) {
  const byAccount = new Map<Account, Verification>();

  const waiting = () => [...byAccount.values()].filter(({ expiresAt }) => expiresAt > now());

  return {
    create(fields: Pick<Verification, 'link' | 'credentials' | 'apiConfig'>): Verification {
      const verification = {
        ...fields,
        authRequestId: randomBytes(32).toString('base64url'),
        expiresAt: secondsAfter(now(), lifetimeS),
      };
      byAccount.set(fields.link.account, verification);
      changes.emit('verification', verification);
      return verification;
    },
    find: (authRequestId: string): Verification | undefined =>
      waiting().find((one) => one.authRequestId === authRequestId),
    /** Those that still wait to be confirmed. */
    waiting,
    /** As it was before, of a snapshot that has been checked. */
    restore: (verification: Verification) => void byAccount.set(verification.link.account, verification),
    isWaiting: (verification: Verification) => byAccount.get(verification.link.account) === verification,
    dropOf(account: Account): void {
      const verification = byAccount.get(account);
      if (verification === undefined) return;
      byAccount.delete(account);
      changes.emit('verification', verification);
    },
    clear: () => byAccount.clear(),
  };
}
