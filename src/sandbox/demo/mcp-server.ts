import { WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js';
import { type DemoServer, listenerOf, startHttpServer } from './http-server.ts';
import { createDocsServer } from './mcp-tools.ts';
import { createProblemApp, onlyMethods } from './problem.ts';

/** Stateless: without sessions each request gets a server of its own and is answered with JSON at once. */
async function answer(request: Request, host: string): Promise<Response> {
  const transport = new WebStandardStreamableHTTPServerTransport({
    enableJsonResponse: true,
    enableDnsRebindingProtection: true,
    allowedHosts: [host],
  });
  const server = createDocsServer();
  await server.connect(transport);
  try {
    return await transport.handleRequest(request);
  } finally {
    await server.close();
  }
}

/** An MCP server over stateless streamable HTTP at `/mcp`; it knows no GET streams and no sessions to delete. */
export function startMcpServer(): Promise<DemoServer> {
  return startHttpServer((origin) => {
    const { host } = new URL(origin);
    const app = createProblemApp();
    app.post('/mcp', (c) => answer(c.req.raw, host));
    app.all('/mcp', onlyMethods('POST'));
    return listenerOf(app);
  });
}
