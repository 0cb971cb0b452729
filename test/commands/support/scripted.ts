import type { AddressInfo, Socket } from 'node:net';
import { type ConnectRouter, createConnectRouter } from '@connectrpc/connect';
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from '@connectrpc/connect-node';
import { createServer } from '@httptoolkit/httpolyglot';
import type { TestServer } from './http.ts';

/** A Scalekit environment that answers gRPC as the test says: for what the sandbox never does. Signs everybody in. */
export async function scriptedScalekit(routes: (router: ConnectRouter) => void): Promise<TestServer> {
  const router = createConnectRouter({ connect: false, grpcWeb: false });
  routes(router);
  const handlers = new Map(router.handlers.map((handler) => [handler.requestPath, handler]));
  const sockets = new Set<Socket>();
  const server = createServer({}, (request, response) => {
    if (request.url === '/oauth/token') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ access_token: 'scripted', token_type: 'Bearer', expires_in: 3600 }));
      return;
    }
    const handler = handlers.get(request.url ?? '');
    if (handler === undefined) {
      response.writeHead(404).end();
      return;
    }
    void (async () => {
      const answer = await handler(universalRequestFromNodeRequest(request, response, undefined, undefined));
      await universalResponseToNodeResponse(answer, response);
    })().catch(() => response.destroy());
  });
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** The variables that lead there. */
export function scriptedEnv({ origin }: TestServer): Record<string, string> {
  return { SCALEKIT_ENV_URL: origin, SCALEKIT_CLIENT_ID: 'skc_1', SCALEKIT_CLIENT_SECRET: 'scripted-secret' };
}
