import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { getRequestListener, type HttpBindings } from '@hono/node-server';
import type { Hono } from 'hono';
import { earlyRefusal } from '../listener/early-refusal.ts';

export interface DemoEnv {
  /** `c.env` holds Node's own request and response. */
  Bindings: HttpBindings;
  /** `bearerAuth` sets whose token it is: its `sub`. */
  Variables: { userName: string };
}

export interface DemoServer {
  /** `http://127.0.0.1:<port>`, without a slash at its end. */
  origin: string;
  /** Frees the port and cuts every connection, kept-alive and busy ones too. */
  close(): Promise<void>;
}

/**
 * Listens on a free port of 127.0.0.1. The listener is made once the port is known, since an
 * authorization server has to know its own address.
 */
export async function startHttpServer(listenerFor: (origin: string) => RequestListener): Promise<DemoServer> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, () => {
      server.off('error', reject);
      resolve();
    });
  });
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
      server.closeAllConnections();
    });
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  try {
    server.on('request', onLoopbackNames(listenerFor(origin)));
  } catch (error) {
    await close();
    throw error;
  }
  return { origin, close };
}

/** As the sandbox itself: a page of another site reaches 127.0.0.1 through a name of its own that it makes resolve to it. */
function onLoopbackNames(listener: RequestListener): RequestListener {
  return (request, response) => {
    const refusal = earlyRefusal(request);
    if (refusal === undefined) listener(request, response);
    else response.writeHead(403, { 'content-type': 'text/plain' }).end(`${refusal.message}\n`);
  };
}

/** Node's view of a Hono application. Global `Request` and `Response` stay as they are. */
export function listenerOf(app: Hono<DemoEnv>): RequestListener {
  const listener = getRequestListener((request, env) => app.fetch(request, env), {
    overrideGlobalObjects: false,
  });
  return (request, response) => void listener(request, response);
}
