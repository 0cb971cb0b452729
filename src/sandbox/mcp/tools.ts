import { ListToolsResultSchema, type Tool as McpTool } from '@modelcontextprotocol/sdk/types.js';
import { randomId } from '../ids.ts';
import { ensureFresh } from '../oauth/refresh.ts';
import type { Account, Credentials } from '../state/accounts.ts';
import type { Connection } from '../state/connections.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { type ListedTool, listedTool, type ToolList } from '../tools/tool-list.ts';
import { withMcpServer } from './client.ts';
import { toolPrefix } from './names.ts';

/** Short enough to see a server change. */
const FIRST_PAGE_MS = 5_000;
/** Whoever pages through a list gets it as it was when they began. */
const NEXT_PAGES_MS = 10 * 60_000;
const MOST_PAGES = 1_000;

interface CacheEntry {
  credentials: Credentials;
  at: number;
  tools: Promise<ToolList>;
}

/** @param isContinued whether it is for a page that is not the first */
export type ToolDiscovery = (account: Account, isContinued?: boolean) => Promise<ToolList>;

/** The tools that an account's MCP server offers. Failures are not remembered. */
export function createToolDiscovery(state: SandboxState): ToolDiscovery {
  const cache = new WeakMap<Account, CacheEntry>();

  return async (account, isContinued = false) => {
    const cached = cache.get(account);
    const until = (cached?.at ?? -Infinity) + (isContinued ? NEXT_PAGES_MS : FIRST_PAGE_MS);
    if (cached?.credentials === account.credentials && until > performance.now()) return cached.tools;
    const entry = {
      credentials: account.credentials,
      at: performance.now(),
      tools: discover(state, account),
    };
    cache.set(account, entry);
    entry.tools.then(
      // They may have been renewed on the way.
      () => (entry.credentials = account.credentials),
      () => cache.delete(account),
    );
    return entry.tools;
  };
}

async function discover(state: SandboxState, account: Account): Promise<ToolList> {
  await ensureFresh(state, account);
  const { connection } = account;
  const found = await withMcpServer(state, account, { executionId: randomId('exec_') }, async (ask) => {
    const tools: McpTool[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const params = cursor === undefined ? {} : { cursor };
      const result = await ask({ method: 'tools/list', params }, ListToolsResultSchema);
      tools.push(...result.tools);
      cursor = result.nextCursor;
      if (cursor === undefined) break;
    }
    return tools;
  });
  const { identifier: provider } = connection.connector;
  return { provider, tools: found.map((tool) => discoveredTool(connection, tool)) };
}

function discoveredTool(connection: Connection, tool: McpTool): ListedTool {
  return listedTool({
    name: toolPrefix(connection.name) + tool.name,
    displayName: tool.title ?? tool.annotations?.title ?? tool.name,
    description: tool.description ?? '',
    provider: connection.connector.identifier,
    definition: {
      input_schema: tool.inputSchema,
      output_schema: tool.outputSchema,
      annotations: tool.annotations,
    },
    metadata: { connection_name: connection.name, source: 'mcp' },
    tags: ['mcp'],
  });
}
