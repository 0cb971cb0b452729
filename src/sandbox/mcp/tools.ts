import type { Account, Credentials } from '../state/accounts.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import type { ToolList } from '../tools/tool-list.ts';

/** Short enough to see a server change. */
const FIRST_PAGE_MS = 5_000;
/** Whoever pages through a list gets it as it was when they began. */
const NEXT_PAGES_MS = 10 * 60_000;

interface CacheEntry {
  credentials: Credentials;
  at: number;
  tools: Promise<ToolList>;
}

/** @param isContinued whether it is for a page that is not the first */
export type ToolDiscovery = (account: Account, isContinued?: boolean) => Promise<ToolList>;

/** The tools that an account's MCP server offers. Failures are not remembered. */
export function createToolDiscovery(state: SandboxState): ToolDiscovery {
  /** No state, but what a server said a moment ago. */
  const cache = new WeakMap<Account, CacheEntry>();

  return async (account, isContinued = false) => {
    const cached = cache.get(account);
    const until = (cached?.at ?? -Infinity) + (isContinued ? NEXT_PAGES_MS : FIRST_PAGE_MS);
    if (cached?.credentials === account.credentials && until > performance.now()) return cached.tools;
    const entry = {
      credentials: account.credentials,
      at: performance.now(),
      // With all of MCP's client: a sandbox may have no MCP connection.
      tools: import('./list-tools.ts').then(({ listTools }) => listTools(state, account)),
    };
    cache.set(account, entry);
    entry.tools.then(
      // They may have been renewed on the way.
      () => (entry.credentials = account.credentials),
      () => {
        if (cache.get(account) === entry) cache.delete(account);
      },
    );
    return entry.tools;
  };
}
