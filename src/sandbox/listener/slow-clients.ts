import { Server as HttpServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { constants, Http2ServerResponse } from 'node:http2';
import type { Server, Socket } from 'node:net';

const REQUEST_TIMEOUT = 'HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n';
const LOOK_EVERY_MS = 1_000;

interface Connection {
  requestsUnderWay: number;
  /** When the head of its next request has to be there; none is due while one is answered, nor of HTTP/2. */
  headDueAt: number;
}

interface Upload {
  request: IncomingMessage;
  response: ServerResponse;
  dueAt: number;
}

export interface SlowClients {
  /** A request's head is there. `isSmall`: so must its body be, in time. */
  began(request: IncomingMessage, response: ServerResponse, isSmall: boolean): void;
  stop(): void;
}

/**
 * Ends what keeps the sandbox waiting for a request. Node's own timeouts are not at work here: they begin with an HTTP
 * server's `listening`, and neither of those behind httpolyglot listens.
 */
export function watchSlowClients(server: Server, timeoutMs: number): SlowClients {
  const connections = new Map<Socket, Connection>();
  const uploads = new Set<Upload>();

  server.on('connection', function announced(this: unknown, socket: Socket) {
    // Twice: by the server itself, then by the one behind it that the first bytes were for.
    if (this === server) {
      connections.set(socket, { requestsUnderWay: 0, headDueAt: performance.now() + timeoutMs });
      socket.once('close', () => connections.delete(socket));
    } else if (!(this instanceof HttpServer)) connections.delete(socket);
  });

  const looking = setInterval(
    () => {
      const now = performance.now();
      for (const [socket, { headDueAt }] of connections) if (headDueAt <= now) refuseSlow(socket);
      for (const upload of uploads) {
        if (upload.dueAt > now) continue;
        uploads.delete(upload);
        if (!upload.request.complete && !upload.response.destroyed) endUpload(upload);
      }
    },
    Math.min(LOOK_EVERY_MS, timeoutMs / 2),
  );
  looking.unref();

  return {
    began(request, response, isSmall) {
      const connection = connections.get(request.socket);
      const upload = { request, response, dueAt: performance.now() + timeoutMs };
      if (isSmall) uploads.add(upload);
      if (connection) {
        connection.requestsUnderWay += 1;
        connection.headDueAt = Infinity;
      }
      response.once('close', () => {
        uploads.delete(upload);
        if (!connection) return;
        connection.requestsUnderWay -= 1;
        if (connection.requestsUnderWay === 0) connection.headDueAt = performance.now() + timeoutMs;
      });
    },
    stop: () => clearInterval(looking),
  };
}

function endUpload({ request, response }: Upload): void {
  if (response instanceof Http2ServerResponse) response.stream.close(constants.NGHTTP2_CANCEL);
  else if (response.headersSent) request.socket.destroy();
  else refuseSlow(request.socket);
}

function refuseSlow(socket: Socket): void {
  socket.write(REQUEST_TIMEOUT);
  socket.destroySoon();
}
