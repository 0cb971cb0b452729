import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Code, createConnectRouter, type ServiceImpl } from '@connectrpc/connect';
import { universalRequestFromNodeRequest, universalResponseToNodeResponse } from '@connectrpc/connect-node';
import { createServer } from '@httptoolkit/httpolyglot';
import { ConnectedAccountService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import { ConnectionService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js';
import { ToolService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tools/tools_pb.js';
import { onTestFinished } from 'vitest';
import { grpcStatus, hangUp, json, refusedByScalekit } from './answers.ts';

/** One request as it arrived, of whichever protocol: every attempt of the client is one. */
export interface Attempt {
  /** `oauth/token`, `proxy`, the RPC's name (`ListTools`), or the path of anything else. */
  kind: string;
  method: string;
  url: string;
  /** As they came over HTTP/1.1: order, spelling, repeated ones. */
  rawHeaders: string[];
  headers: IncomingMessage['headers'];
  body: Buffer;
}

export type HttpAnswer = (response: ServerResponse, attempt: Attempt) => unknown;

export interface Script {
  /** What the token endpoint answers; undefined: a new token, good for `tokenLifetimeS`. */
  token?: HttpAnswer | undefined;
  tokenLifetimeS?: number | undefined;
  proxy?: HttpAnswer;
  /** Answers gRPC calls in place of the services, as a gateway in front of them would. */
  gateway?: HttpAnswer | undefined;
  tools?: Partial<ServiceImpl<typeof ToolService>>;
  accounts?: Partial<ServiceImpl<typeof ConnectedAccountService>>;
  connections?: Partial<ServiceImpl<typeof ConnectionService>>;
}

export interface ScriptedServer {
  origin: string;
  port: number;
  /** Oldest first. */
  attempts: Attempt[];
  /** Their kinds, oldest first. */
  kinds(): string[];
  count(kind: string): number;
  /** Tokens that were issued, and those of them that are accepted. */
  issued: string[];
  accepted: Set<string>;
  /** May be changed while the server runs. */
  script: Script;
  close(): Promise<void>;
}

export const CLIENT_ID = 'skc_contract_client';
export const CLIENT_SECRET = 'test_very+secret/value&1';

/** Scalekit as a test wants it: issues tokens, accepts only those, records every attempt. Gone when the test is. */
export async function scriptedServer(script: Script = {}): Promise<ScriptedServer> {
  const attempts: Attempt[] = [];
  const sockets = new Set<Socket>();
  let announceClosed = () => {};
  const closed = new Promise<void>((resolve) => {
    announceClosed = resolve;
  });

  const server: ScriptedServer = {
    origin: '',
    port: 0,
    attempts,
    kinds: () => attempts.map(({ kind }) => kind),
    count: (kind) => attempts.filter((attempt) => attempt.kind === kind).length,
    issued: [],
    accepted: new Set(),
    script: { ...script },
    close: () => {
      listener.close(announceClosed);
      for (const socket of sockets) socket.destroy();
      return closed;
    },
  };

  const listener = createServer({ http: { keepAliveTimeout: 60_000 } }, (request, response) => {
    answer(server, request, response).catch(() => hangUp(response));
  });
  listener.on('connection', (socket: Socket) => {
    if (sockets.has(socket)) return;
    sockets.add(socket);
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.once('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  server.port = (listener.address() as AddressInfo).port;
  server.origin = `http://127.0.0.1:${server.port}`;
  onTestFinished(() => server.close());
  return server;
}

async function answer(
  server: ScriptedServer,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { method = '', url = '', rawHeaders, headers } = request;
  const attempt: Attempt = {
    kind: kindOf(url),
    method,
    url,
    rawHeaders,
    headers,
    body: Buffer.concat(chunks),
  };
  server.attempts.push(attempt);
  const { script } = server;
  if (attempt.kind === 'oauth/token') {
    (script.token ?? issueToken(server))(response, attempt);
  } else if (headers['content-type']?.startsWith('application/grpc')) {
    if (script.gateway) script.gateway(response, attempt);
    else await answerRpc(server, request, response, attempt);
  } else if (attempt.kind === 'proxy') {
    if (isAccepted(server, attempt)) (script.proxy ?? json(200, { ok: true }))(response, attempt);
    else refusedByScalekit(401, 16, 'token is invalid')(response, attempt);
  } else {
    response.writeHead(404).end();
  }
}

function kindOf(url: string): string {
  const [path = ''] = url.split('?', 1);
  if (path === '/proxy' || path.startsWith('/proxy/')) return 'proxy';
  return /\/scalekit\.v1\.\w+\.\w+\/(\w+)$/.exec(path)?.[1] ?? path.slice(1);
}

function isAccepted(server: ScriptedServer, { headers }: Attempt): boolean {
  return server.accepted.has(headers.authorization?.replace(/^Bearer /, '') ?? '');
}

function issueToken(server: ScriptedServer): HttpAnswer {
  return (response, attempt) => {
    const form = new URLSearchParams(attempt.body.toString());
    if (form.get('client_id') !== CLIENT_ID || form.get('client_secret') !== CLIENT_SECRET) {
      json(401, { error: 'invalid_client', error_description: 'Client authentication failed' })(
        response,
        attempt,
      );
      return;
    }
    const token = `issued-token-${server.issued.length + 1}`;
    server.issued.push(token);
    server.accepted.add(token);
    const expires_in = server.script.tokenLifetimeS ?? 3600;
    json(200, { access_token: token, token_type: 'Bearer', expires_in })(response, attempt);
  };
}

/** The gRPC services over the SDK's own descriptors; only what the script names is implemented. */
async function answerRpc(
  server: ScriptedServer,
  request: IncomingMessage,
  response: ServerResponse,
  attempt: Attempt,
): Promise<void> {
  const { tools = {}, accounts = {}, connections = {} } = server.script;
  const router = createConnectRouter({ connect: false, grpcWeb: false })
    .service(ToolService, tools)
    .service(ConnectedAccountService, accounts)
    .service(ConnectionService, connections);
  const handler = router.handlers.find(({ requestPath }) => requestPath === attempt.url);
  if (handler === undefined || !isAccepted(server, attempt)) {
    grpcStatus(handler === undefined ? Code.Unimplemented : Code.Unauthenticated)(response, attempt);
    return;
  }
  const universal = universalRequestFromNodeRequest(request, response, undefined, undefined);
  const body = (async function* () {
    yield attempt.body;
  })();
  await universalResponseToNodeResponse(await handler({ ...universal, body }), response);
}
