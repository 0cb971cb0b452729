import { randomBytes } from 'node:crypto';
import type { Account } from './accounts.ts';

export interface Link {
  readonly token: string;
  readonly account: Account;
  readonly expiresAt: number;
  /** Proves that a submitted form came from the page the sandbox served. */
  readonly formToken: string;
  used: boolean;
}

export type LinkState = 'open' | 'used' | 'expired';

export type LinkStore = ReturnType<typeof createLinkStore>;

/** How long a link that is over still gets the page that says so. */
const REMEMBERED_MS = 60 * 60 * 1000;

export function createLinkStore(now: () => number, lifetimeS: number) {
  const links = new Map<string, Link>();

  function create(account: Account): Link {
    forgetOld();
    const expiresAt = now() + lifetimeS * 1000;
    const link = { token: secret(), account, expiresAt, formToken: secret(), used: false };
    links.set(link.token, link);
    return link;
  }

  /** Links are created in the order in which they expire, so the old ones come first. */
  function forgetOld(): void {
    for (const [token, link] of links) {
      if (link.expiresAt + REMEMBERED_MS > now()) break;
      links.delete(token);
    }
  }

  function stateOf(link: Link): LinkState {
    if (link.used) return 'used';
    return link.expiresAt <= now() ? 'expired' : 'open';
  }

  return {
    create,
    stateOf,
    get: (token: string) => links.get(token),
    open: () => [...links.values()].filter((link) => stateOf(link) === 'open'),
    dropOf: (account: Account) => {
      for (const [token, link] of links) if (link.account === account) links.delete(token);
    },
  };
}

function secret(): string {
  return randomBytes(24).toString('base64url');
}
