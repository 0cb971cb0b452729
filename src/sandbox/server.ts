import type { IncomingMessage } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createServer } from '@httptoolkit/httpolyglot';
import type { Hono } from 'hono';
import { exchangeKind, recordExchange } from './exchanges/record.ts';
import { grpcHandler } from './grpc/handler.ts';
import type { ExchangeKind } from './interface.ts';
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
    const kind = kindOf(request);
    if (kind !== undefined) recordExchange(state, request, response, kind);
    if (kind === 'grpc') grpc(request, response);
    else if (kind === 'proxy') proxy(state, request, response).catch(() => response.destroy());
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

function kindOf({ headers, url = '', httpVersionMajor }: IncomingMessage): ExchangeKind | undefined {
  if (headers['content-type']?.startsWith('application/grpc')) return 'grpc';
  return isProxyPath(url) && httpVersionMajor === 1 ? 'proxy' : exchangeKind(url);
}
