import type { Redactor } from '../redact.ts';
import type { CoreClient } from './sdk.ts';
import { signIn } from './sign-in.ts';
import type { CachedToken, TokenCache } from './token-cache.ts';
import type { Trace } from './trace.ts';

/** The token that every call to the environment carries. */
export interface EnvironmentToken {
  /**
   * A token that has not expired, fetched or taken from the cache; calls in parallel share one sign-in.
   * With `proven`, one that Scalekit gave or accepted during this run: for calls that are sent once.
   */
  current(options?: { proven?: boolean }): Promise<string>;
  /** Scalekit accepted a call with it. */
  accepted(token: string): void;
  /** Scalekit refused it: it is not used again, in this run or from the cache. */
  refused(token: string): Promise<void>;
}

export interface EnvironmentTokenOptions {
  core: CoreClient;
  cache: TokenCache | undefined;
  redactor: Redactor;
  trace: Trace;
  /** Milliseconds since the epoch. */
  now?: () => number;
}

export function createEnvironmentToken(options: EnvironmentTokenOptions): EnvironmentToken {
  const { core, cache, redactor, now = Date.now } = options;
  const provenTokens = new Set<string>();
  const refusedTokens = new Set<string>();
  let held: CachedToken | undefined;
  let flight: Promise<CachedToken> | undefined;

  const obtain = async (proven: boolean): Promise<CachedToken> => {
    const cached = proven ? undefined : await cache?.read();
    // A cache that could not be written may still hold a token that was refused.
    if (cached !== undefined && isFresh(cached, now()) && !refusedTokens.has(cached.accessToken))
      return cached;
    const signedIn = await signIn(core, options.trace, now);
    provenTokens.add(signedIn.accessToken);
    await cache?.write(signedIn);
    return signedIn;
  };

  const obtainOnce = (proven: boolean): Promise<CachedToken> =>
    (flight ??= obtain(proven)
      .then((obtained) => {
        redactor.add(obtained.accessToken);
        core.accessToken = obtained.accessToken;
        held = obtained;
        return obtained;
      })
      .finally(() => {
        flight = undefined;
      }));

  return {
    current: async ({ proven = false } = {}) => {
      let token = held !== undefined && isFresh(held, now()) ? held : await obtainOnce(proven);
      // What another call began to obtain may have come from the cache.
      if (proven) while (!provenTokens.has(token.accessToken)) token = await obtainOnce(true);
      return token.accessToken;
    },
    accepted: (token) => {
      provenTokens.add(token);
    },
    refused: async (token) => {
      provenTokens.delete(token);
      refusedTokens.add(token);
      if (held?.accessToken === token) held = undefined;
      await cache?.drop(token);
    },
  };
}

function isFresh(token: CachedToken, now: number): boolean {
  return now < token.renewAt;
}
