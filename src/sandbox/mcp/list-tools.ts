import { ListToolsResultSchema, type Tool as McpTool } from '@modelcontextprotocol/sdk/types.js';
import { randomId } from '../ids.ts';
import { ensureFresh } from '../oauth/refresh.ts';
import type { Account } from '../state/accounts.ts';
import type { Connection } from '../state/connections.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { type ListedTool, listedTool, type ToolList } from '../tools/tool-list.ts';
import { withMcpServer } from './client.ts';
import { toolPrefix } from './names.ts';

const MOST_PAGES = 1_000;

/** Asks an account's MCP server for all of its tools. */
export async function listTools(state: SandboxState, account: Account): Promise<ToolList> {
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
