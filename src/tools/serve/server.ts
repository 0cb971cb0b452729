import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import packageJson from '../../../package.json' with { type: 'json' };
import type { CallTool } from './call.ts';
import type { ListTools } from './listings.ts';

export interface Handlers {
  listTools: ListTools;
  callTool: CallTool;
  /** What is wrong with what a client sends, and what went wrong here. */
  tell: (line: string) => void;
}

/** An MCP server for one client; over HTTP for one request. */
export function createToolsServer({ listTools, callTool, tell }: Handlers): Server {
  const server = new Server(
    { name: packageJson.name, version: packageJson.version },
    { capabilities: { tools: {} } },
  );
  server.setRequestHandler(ListToolsRequestSchema, ({ params }) => listTools(params?.cursor));
  server.setRequestHandler(CallToolRequestSchema, ({ params }, { signal }) =>
    callTool(params.name, params.arguments ?? {}, signal),
  );
  return Object.assign(server, { onerror: ({ message }: Error) => tell(message) });
}
