import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createServer } from '@httptoolkit/httpolyglot';
import type { Hono } from 'hono';
import { grpcHandler } from './grpc/handler.ts';
import { proxy } from './proxy/handler.ts';
import { isProxyPath } from './proxy/target.ts';
import type { SandboxState } from './state/sandbox-state.ts';

interface RunningServer {
  port: number;
  close(): Promise<void>;
}

/** HTTP/1.1 and h2c on one port of 127.0.0.1: gRPC by its content type, the proxy by its path, the rest to the pages. */
export async function listen(state: SandboxState, pages: Hono, port: number): Promise<RunningServer> {
  const grpc = grpcHandler(state);
  // The global Request and Response stay the ones of Node: a library does not replace them for its host.
  const hono = getRequestListener(pages.fetch, { overrideGlobalObjects: false });

  const server = createServer({ http: { keepAliveTimeout: 5_000 } }, (request, response) => {
    const url = request.url ?? '';
    if (isGrpc(request)) grpc(request, response);
    else if (isProxyPath(url) && request.httpVersionMajor === 1)
      proxy(state, request, response).catch(() => response.destroy());
    else void hono(request, response);
  });

  const sockets = new Set<Socket>();
  // The server hands its listeners on to its inner servers, so a socket may be announced more than once.
  server.on('connection', (socket: Socket) => {
    if (sockets.has(socket)) return;
    sockets.add(socket);
    // As Node's own HTTP servers do; without it every gRPC answer waits 40 ms for an acknowledgement.
    socket.setNoDelay(true);
    socket.once('close', () => sockets.delete(socket));
  });

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.removeListener('error', reject);
      resolve();
    });
  });

  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function isGrpc(request: IncomingMessage): boolean {
  return request.headers['content-type']?.startsWith('application/grpc') ?? false;
}
