import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { messageOf, systemErrorCode, usageError } from '../../errors.ts';
import { createToolsServer, type Handlers } from './server.ts';

export interface HttpServer {
  /** `http://127.0.0.1:PORT/mcp` */
  url: string;
  close(): Promise<void>;
}

const PATH = '/mcp';

/** Streamable HTTP on 127.0.0.1, each request for itself. 0 takes a free port. Throws `usage` where the port cannot be had. */
export async function listenHttp(port: number, handlers: Handlers): Promise<HttpServer> {
  const server = createServer((request, response) => {
    answer(request, response, handlers).catch((error: unknown) => {
      handlers.tell(messageOf(error));
      response.destroy();
    });
  });
  await listen(server, port);
  return {
    url: `http://127.0.0.1:${portOf(server)}${PATH}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, handlers: Handlers): Promise<void> {
  const { pathname } = new URL(request.url ?? '', 'http://localhost');
  if (pathname !== PATH) return refuse(response, 404, `MCP is at ${PATH}`);
  // Without sessions there is nothing to listen to, and none to end.
  if (request.method !== 'POST') return refuse(response, 405, 'only POST is allowed', { Allow: 'POST' });
  const transport = new StreamableHTTPServerTransport({
    enableJsonResponse: true,
    enableDnsRebindingProtection: true,
    ...ownNames(request.socket.localPort ?? 0),
  });
  const mcp = createToolsServer(handlers);
  // A client that hangs up has no use for what is under way.
  response.on('close', () => void mcp.close());
  await mcp.connect(transport);
  await transport.handleRequest(request, response);
}

/** A page on the web that a browser was led here from names another host or origin. */
function ownNames(port: number): { allowedHosts: string[]; allowedOrigins: string[] } {
  const allowedHosts = ['127.0.0.1', 'localhost', '[::1]'].map((name) => `${name}:${port}`);
  return { allowedHosts, allowedOrigins: allowedHosts.map((host) => `http://${host}`) };
}

function refuse(response: ServerResponse, status: number, message: string, headers: object = {}): void {
  const body = JSON.stringify({ jsonrpc: '2.0', error: { code: -32000, message }, id: null });
  response.writeHead(status, { ...headers, 'Content-Type': 'application/json' }).end(body);
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portError(error, port)));
    server.listen(port, '127.0.0.1', resolve);
  });
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

function portError(error: unknown, port: number): unknown {
  const code = systemErrorCode(error);
  if (code === 'EADDRINUSE')
    return usageError(`port ${port} is in use`, 'Choose another, or none for a free one: --http.', {
      code: 'port_in_use',
    });
  if (code === 'EACCES') return usageError(`port ${port} may not be used`, 'Choose one above 1023.');
  return error;
}
