import type { IncomingMessage, ServerResponse } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { z } from 'zod';
import { upstream } from './upstream.ts';

export type Answer = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

/** A stateless MCP server: a new server and transport for each request. `intercept` may answer first. */
export async function mcpServer(
  register: (server: McpServer) => void = registerTools,
  intercept: Answer = () => false,
): Promise<string> {
  const origin = await upstream((request, response) => {
    void handle(request, response);
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!(await intercept(request, response))) await serve(request, response);
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const server = new McpServer({ name: 'test', version: '1.0.0' });
    register(server);
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    response.on('close', () => void server.close());
    await server.connect(transport);
    await transport.handleRequest(request, response);
  }
  return `${origin}/mcp`;
}

function registerTools(server: McpServer): void {
  server.registerTool(
    'add',
    {
      title: 'Add',
      description: 'Adds two numbers',
      inputSchema: { a: z.number(), b: z.number() },
      outputSchema: { sum: z.number() },
      annotations: { readOnlyHint: true },
    },
    ({ a, b }) => ({ content: [{ type: 'text', text: String(a + b) }], structuredContent: { sum: a + b } }),
  );
  server.registerTool('fail', { description: 'Always fails' }, () => ({
    isError: true,
    content: [{ type: 'text', text: 'the printer is on fire' }],
  }));
}
