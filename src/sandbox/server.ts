import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { createServer } from '@httptoolkit/httpolyglot';
import type { Hono } from 'hono';
import { exchangeKind, recordExchange } from './exchanges/record.ts';
import { grpcHandler } from './grpc/handler.ts';
import { createServices } from './grpc/services.ts';
import type { ExchangeKind } from './interface/exchanges.ts';
import type { SandboxOptions } from './interface.ts';
import { earlyRefusal } from './listener/early-refusal.ts';
import { isGrpc, refuseEarly, tooManyAtOnce } from './listener/refuse-early.ts';
import { watchSlowClients } from './listener/slow-clients.ts';
import { proxy } from './proxy/handler.ts';
import { isProxyPath } from './proxy/target.ts';
import { Refusal } from './refusal.ts';
import { restHandler } from './rest/handler.ts';
import type { SandboxState } from './state/sandbox-state.ts';

interface RunningServer {
  port: number;
  close(): Promise<void>;
}

type ListenOptions = Pick<SandboxOptions, 'port' | 'maxConcurrentRequests' | 'clientTimeoutMs'>;

const MOST_REQUESTS_AT_ONCE = 1_000;
const CLIENT_TIMEOUT_MS = 30_000;
const MOST_CONNECTIONS = 5_000;
const LARGEST_HEAD_BYTES = 64 * 1024;

const HTTP1 = { keepAliveTimeout: 5_000, maxHeaderSize: LARGEST_HEAD_BYTES };
const HTTP2 = {
  // In megabytes: the answers of that many streams may wait for their client at the same time.
  maxSessionMemory: 64,
  settings: { maxConcurrentStreams: 256, maxHeaderListSize: LARGEST_HEAD_BYTES },
};

const HTTP1_ONLY = new Refusal('invalid_argument', 'HTTP1_ONLY', 'the proxy speaks HTTP/1.1');

/** HTTP/1.1 and h2c on one port of 127.0.0.1: gRPC by its content type, the proxy by its path, the rest to the pages. */
export async function listen(
  state: SandboxState,
  pages: Hono,
  options: ListenOptions,
): Promise<RunningServer> {
  const mostAtOnce = options.maxConcurrentRequests ?? MOST_REQUESTS_AT_ONCE;
  const services = createServices(state);
  const grpc = grpcHandler(services);
  const rest = restHandler(state, services);
  // The global Request and Response stay the ones of Node: a library does not replace them for its host.
  const hono = getRequestListener(pages.fetch, { overrideGlobalObjects: false });

  let underWay = 0;

  const server = createServer({ http: HTTP1, http2: HTTP2 }, (request, response) => {
    const kind = kindOf(request);
    slowClients.began(request, response, kind !== 'proxy');
    const tooMany = underWay >= mostAtOnce ? tooManyAtOnce(request, mostAtOnce) : undefined;
    const refusal = earlyRefusal(request) ?? tooMany;
    if (refusal) {
      refuseEarly(request, response, refusal);
      return;
    }
    underWay += 1;
    response.once('close', () => {
      underWay -= 1;
    });
    if (kind !== undefined) recordExchange(state, request, response, kind);
    if (kind === 'grpc') grpc(request, response);
    else if (kind === 'proxy') proxy(state, request, response).catch(() => response.destroy());
    else if (kind === 'rest') rest(request, response).catch(() => response.destroy());
    else if (isProxyPath(request.url ?? '')) refuseEarly(request, response, HTTP1_ONLY);
    else void hono(request, response);
  });

  const slowClients = watchSlowClients(server, options.clientTimeoutMs ?? CLIENT_TIMEOUT_MS);
  // Nothing is tunnelled; what Node itself would do is to hang up.
  server.on('connect', (_request: IncomingMessage, answer: ServerResponse | Socket) => {
    if ('writeHead' in answer) answer.writeHead(405).end();
    else answer.end('HTTP/1.1 405 Method Not Allowed\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
  });

  server.maxConnections = MOST_CONNECTIONS;
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
    server.listen(options.port ?? 0, '127.0.0.1', () => {
      server.removeListener('error', reject);
      // What fails from here on is a connection that could not be taken, for want of file descriptors.
      server.on('error', () => {});
      resolve();
    });
  });

  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise<void>((resolve) => {
        slowClients.stop();
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

function kindOf(request: IncomingMessage): ExchangeKind | undefined {
  if (isGrpc(request)) return 'grpc';
  const { url = '', httpVersionMajor } = request;
  return isProxyPath(url) && httpVersionMajor === 1 ? 'proxy' : exchangeKind(url);
}
