import { secondsAfter } from '../clock.ts';
import { randomId, randomSecret } from '../ids.ts';
import type { Account } from './accounts.ts';
import type { Changes } from './changes.ts';

export interface Link {
  /** `lnk_…`: names it where its address, which is the right to use it, has no place. */
  readonly id: string;
  readonly token: string;
  readonly account: Account;
  readonly expiresAt: number;
  /** Proves that a submitted form came from the page the sandbox served. */
  readonly formToken: string;
  /** The caller's own `state`, handed back to `userVerifyUrl`. */
  readonly requestedState: string | undefined;
  /** Where the caller wants the browser to end; http or https. */
  readonly userVerifyUrl: string | undefined;
  used: boolean;
  /** What it ended with in place of an account. */
  failure: LinkFailure | undefined;
}

/** RFC 6749 section 4.1.2.1: a code for programs, and words. */
export interface LinkFailure {
  error: string;
  description?: string | undefined;
}

export type LinkState = 'open' | 'used' | 'denied' | 'expired';

type LinkOptions = Partial<Pick<Link, 'requestedState' | 'userVerifyUrl'>>;

export type LinkStore = ReturnType<typeof createLinkStore>;

const AN_HOUR_S = 60 * 60;

export function createLinkStore(now: () => number, lifetimeS: number, changes: Changes) {
  const links = new Map<string, Link>();
  /** How long a link that is over still gets the page that says so; the consent that it brought may wait as long as it did. */
  const rememberedMs = Math.max(AN_HOUR_S, lifetimeS) * 1000;

  function create(account: Account, { requestedState, userVerifyUrl }: LinkOptions = {}): Link {
    forgetOld();
    const link: Link = {
      id: randomId('lnk_'),
      token: randomSecret(),
      account,
      expiresAt: secondsAfter(now(), lifetimeS),
      formToken: randomSecret(),
      requestedState,
      userVerifyUrl,
      used: false,
      failure: undefined,
    };
    links.set(link.token, link);
    changes.emit('link', link);
    return link;
  }

  /** Links are created in the order in which they expire, so the old ones come first. */
  function forgetOld(): void {
    for (const [token, link] of links) {
      if (link.expiresAt + rememberedMs > now()) break;
      links.delete(token);
    }
  }

  function stateOf(link: Link): LinkState {
    if (link.failure) return 'denied';
    if (link.used) return 'used';
    return link.expiresAt <= now() ? 'expired' : 'open';
  }

  return {
    create,
    stateOf,
    get: (token: string) => links.get(token),
    byId: (id: string) => [...links.values()].find((link) => link.id === id),
    all: () => [...links.values()],
    /** As it was before, of a snapshot that has been checked. */
    restore: (link: Link) => void links.set(link.token, link),
    open: () => [...links.values()].filter((link) => stateOf(link) === 'open'),
    /** It has done what it was for, or is about to. */
    use(link: Link): void {
      link.used = true;
      changes.emit('link', link);
    },
    /** It ended with an error, and is closed. */
    deny(link: Link, error: string, description?: string): void {
      link.failure = { error, description };
      changes.emit('link', link);
    },
    dropOf(account: Account): void {
      for (const [token, link] of links) {
        if (link.account !== account) continue;
        links.delete(token);
        changes.emit('link', link);
      }
    },
    clear(): void {
      links.clear();
      changes.emit('link');
    },
  };
}
