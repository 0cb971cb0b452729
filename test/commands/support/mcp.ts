import type { IncomingMessage, ServerResponse } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import {
  CallToolRequestSchema,
  type CallToolResult,
  ListToolsRequestSchema,
  type Tool,
} from '@modelcontextprotocol/sdk/types.js';
import { serve, type TestServer } from './http.ts';

export interface McpApi extends TestServer {
  url: string;
  /** The tools/call requests that arrived, oldest first. */
  calls: { name: string; arguments: unknown }[];
}

export type CallTool = (
  name: string,
  input: Record<string, unknown>,
) => CallToolResult | Promise<CallToolResult>;

/** A stateless MCP server over streamable HTTP with these very tool definitions. */
export async function mcpApi(tools: readonly Tool[], call: CallTool): Promise<McpApi> {
  const calls: McpApi['calls'] = [];
  const server = await serve((request, response) => void answer(request, response));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const mcp = new Server({ name: 'test', version: '1.0.0' }, { capabilities: { tools: {} } });
    mcp.setRequestHandler(ListToolsRequestSchema, () => ({ tools: [...tools] }));
    mcp.setRequestHandler(CallToolRequestSchema, ({ params }) => {
      calls.push({ name: params.name, arguments: params.arguments });
      return call(params.name, params.arguments ?? {});
    });
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    response.on('close', () => void mcp.close());
    await mcp.connect(transport);
    await transport.handleRequest(request, response);
  }
  return { ...server, url: `${server.origin}/mcp`, calls };
}
