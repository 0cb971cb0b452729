import type { IncomingMessage, ServerResponse } from 'node:http';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { serve, type TestServer } from '../../commands/support/http.ts';

/**
 * A server that needs sessions, as one that Scalekit speaks to: what it is asked gets a session of its own there, with the caller's
 * token.
 */
export async function statelessFront(url: string): Promise<TestServer & { url: string }> {
  const server = await serve((request, response) => void answer(url, request, response));
  return { ...server, url: `${server.origin}/mcp` };
}

async function answer(url: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { authorization } = request.headers;
  const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
  const inSession = async <T>(use: (client: Client) => Promise<T>): Promise<T> => {
    const client = new Client({ name: 'sk-connect-tests', version: '1.0.0' });
    const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
    await client.connect(transport);
    try {
      return await use(client);
    } finally {
      await transport.terminateSession().catch(() => {});
      await client.close();
    }
  };
  const mcp = new Server({ name: 'front', version: '1.0.0' }, { capabilities: { tools: {} } });
  mcp.setRequestHandler(ListToolsRequestSchema, async ({ params }) =>
    inSession((client) => client.listTools(params)),
  );
  mcp.setRequestHandler(CallToolRequestSchema, async ({ params }) =>
    inSession((client) => client.callTool(params)),
  );
  const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
  response.on('close', () => void mcp.close());
  await mcp.connect(transport);
  await transport.handleRequest(request, response);
}
