import { type DemoServer, listenerOf, startHttpServer } from './http-server.ts';
import { createProblemApp, onlyMethods } from './problem.ts';

/** An MCP server over stateless streamable HTTP at `/mcp`; it knows no GET streams and no sessions to delete. */
export function startMcpServer(): Promise<DemoServer> {
  return startHttpServer((origin) => {
    const { host } = new URL(origin);
    const app = createProblemApp();
    app.post('/mcp', async (c) => {
      // With all of MCP's server, which is more than the rest of the demo: nobody waits for it at the start.
      const { answerMcp } = await import('./mcp-answer.ts');
      return answerMcp(c.req.raw, host);
    });
    app.all('/mcp', onlyMethods('POST'));
    return listenerOf(app);
  });
}
