import { create } from '@bufbuild/protobuf';
import { ListToolsResultSchema, type Tool as McpTool } from '@modelcontextprotocol/sdk/types.js';
import { ToolSchema } from '../descriptors.ts';
import { randomId, stableId } from '../ids.ts';
import { ensureFresh } from '../oauth/refresh.ts';
import type { Account, Credentials } from '../state/accounts.ts';
import type { Connection } from '../state/connections.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { withMcpServer } from './client.ts';
import { lockedTools } from './locked.ts';
import { type DiscoveredTool, plainJson, toolPrefix } from './names.ts';

/** Long enough for a client to page through a list that stays as it is, short enough to see a server change. */
const CACHE_MS = 5_000;
const MOST_PAGES = 1_000;

interface CacheEntry {
  credentials: Credentials;
  until: number;
  tools: Promise<DiscoveredTool[]>;
}

export type ToolDiscovery = (account: Account) => Promise<DiscoveredTool[]>;

/** The tools that an account's MCP server offers, or that are locked for its connection. Failures are not remembered. */
export function createToolDiscovery(state: SandboxState): ToolDiscovery {
  const cache = new WeakMap<Account, CacheEntry>();
  const ofLockfile = new WeakMap<Connection, DiscoveredTool[]>();

  return async (account) => {
    const { connection } = account;
    if (connection.locked !== undefined) {
      const tools = ofLockfile.get(connection) ?? lockedTools(connection, connection.locked);
      ofLockfile.set(connection, tools);
      return tools;
    }
    const cached = cache.get(account);
    if (cached && cached.credentials === account.credentials && cached.until > performance.now()) {
      return cached.tools;
    }
    const { credentials } = account;
    const tools = discover(state, account);
    cache.set(account, { credentials, until: performance.now() + CACHE_MS, tools });
    tools.catch(() => cache.delete(account));
    return tools;
  };
}

async function discover(state: SandboxState, account: Account): Promise<DiscoveredTool[]> {
  await ensureFresh(state, account);
  const tools = await withMcpServer(state, account, { executionId: randomId('exec_') }, async (ask) => {
    const found: McpTool[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < MOST_PAGES; page += 1) {
      const params = cursor === undefined ? {} : { cursor };
      const result = await ask({ method: 'tools/list', params }, ListToolsResultSchema);
      found.push(...result.tools);
      cursor = result.nextCursor;
      if (cursor === undefined) break;
    }
    return found;
  });
  return tools.map((tool) => discoveredTool(account.connection, tool));
}

function discoveredTool(connection: Connection, tool: McpTool): DiscoveredTool {
  const name = toolPrefix(connection.name) + tool.name;
  const provider = connection.connector.identifier;
  const definition = plainJson({
    name,
    display_name: tool.title ?? tool.annotations?.title ?? tool.name,
    description: tool.description ?? '',
    provider,
    input_schema: tool.inputSchema,
    output_schema: tool.outputSchema,
    annotations: tool.annotations,
  });
  const metadata = { connection_name: connection.name, source: 'mcp' };
  const id = stableId('tol_', name);
  return { name, message: create(ToolSchema, { id, provider, definition, metadata, tags: ['mcp'] }) };
}
