import type { DiscoveredTool } from '../mcp/names.ts';
import type { ToolDiscovery } from '../mcp/tools.ts';
import type { Account } from '../state/accounts.ts';
import type { PageTokens } from './pages.ts';

const DEFAULT_PAGE_SIZE = 10;
/** The descriptors set no limit for tools, and the documentation's samples ask for 100: more is cut to that. */
const LARGEST_PAGE_SIZE = 100;

export interface ToolOfAccount {
  tool: DiscoveredTool;
  account: Account;
}

export async function toolsOfAccounts(
  discover: ToolDiscovery,
  accounts: readonly Account[],
): Promise<ToolOfAccount[]> {
  const lists = await Promise.all(
    accounts.map(async (account) => (await discover(account)).map((tool) => ({ tool, account }))),
  );
  return lists.flat();
}

/** As `toolsOfAccounts`, without the servers that fail: a catalogue is not lost because one server is down. */
export async function availableTools(
  discover: ToolDiscovery,
  accounts: readonly Account[],
): Promise<ToolOfAccount[]> {
  const lists = await Promise.allSettled(accounts.map((account) => toolsOfAccounts(discover, [account])));
  return lists.flatMap((list) => (list.status === 'fulfilled' ? list.value : []));
}

export function cutPage(
  tokens: PageTokens,
  scope: string,
  tools: readonly ToolOfAccount[],
  pageSize: number,
  pageToken: string,
): { tools: readonly ToolOfAccount[]; totalSize: number; nextPageToken: string; prevPageToken: string } {
  const size = Math.min(pageSize || DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE);
  const start = tokens.decode(pageToken, scope);
  const end = start + size;
  return {
    tools: tools.slice(start, end),
    totalSize: tools.length,
    nextPageToken: end < tools.length ? tokens.encode(end, scope) : '',
    prevPageToken: start > 0 ? tokens.encode(Math.max(0, start - size), scope) : '',
  };
}
