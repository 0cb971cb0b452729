import type { IncomingMessage, ServerResponse } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema, type Tool } from '@modelcontextprotocol/sdk/types.js';
import { serve, type TestServer } from '../../commands/support/http.ts';
import { connectTo, type PublishedServer } from './servers.ts';

export interface Bridge extends TestServer {
  url: string;
  /** What the server says of its tools, for a test that lets it say something else. */
  change: (tools: Tool[]) => Tool[];
}

/** A server that speaks stdio alone, over stateless streamable HTTP as Scalekit wants it. */
export async function bridgeTo(published: PublishedServer): Promise<Bridge> {
  const client = await connectTo(published);
  const server = await serve((request, response) => void answer(request, response));
  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const mcp = new Server({ name: published.name, version: '1.0.0' }, { capabilities: { tools: {} } });
    mcp.setRequestHandler(ListToolsRequestSchema, async ({ params }) => {
      const { tools, ...rest } = await client.listTools(params);
      return { tools: bridge.change(tools), ...rest };
    });
    mcp.setRequestHandler(CallToolRequestSchema, ({ params }) => client.callTool(params));
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    response.on('close', () => void mcp.close());
    await mcp.connect(transport);
    await transport.handleRequest(request, response);
  }
  const bridge: Bridge = {
    ...server,
    url: `${server.origin}/mcp`,
    change: (tools) => tools,
    close: async () => {
      await Promise.all([server.close(), client.close()]);
    },
  };
  return bridge;
}
