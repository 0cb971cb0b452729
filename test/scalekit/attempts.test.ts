import { constants } from 'node:http2';
import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from 'vitest';
import { type Client, clientOf, executeTool, failureOf, get, post, reads, writes } from './client.ts';
import {
  grpcStatus,
  type HttpAnswer,
  hangUp,
  json,
  resetStream,
  type ScriptedServer,
  scriptedServer,
} from './scripted-server.ts';

const readsByName = Object.entries(reads);
const writesByName = Object.entries(writes);

/** As a load balancer answers for what is behind it. */
function gatewayStatus(status: number): HttpAnswer {
  return (response) => response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Sorry</h1>');
}

/** Answers the first ones, then as the services do. */
function first(server: ScriptedServer, ...answers: HttpAnswer[]): void {
  server.script.gateway = (response, attempt) => {
    const answer = answers.shift();
    if (answers.length === 0) server.script.gateway = undefined;
    answer?.(response, attempt);
  };
}

async function allServices(): Promise<ScriptedServer> {
  const nothing = () => ({});
  return scriptedServer({
    tools: {
      listTools: nothing,
      listScopedTools: nothing,
      listAvailableTools: nothing,
      executeTool: () => ({ executionId: 'exec_1' }),
    },
    accounts: {
      listConnectedAccounts: nothing,
      createConnectedAccount: nothing,
      updateConnectedAccount: nothing,
      getMagicLinkForConnectedAccount: nothing,
    },
    connections: { listAppConnections: nothing },
  });
}

const failures: [what: string, answer: HttpAnswer][] = [
  ...[429, 500, 502, 503, 504, 401, 403, 404].map((status): [string, HttpAnswer] => [
    `HTTP ${status} of a gateway`,
    gatewayStatus(status),
  ]),
  ...[
    Code.Unavailable,
    Code.Unauthenticated,
    Code.ResourceExhausted,
    Code.DeadlineExceeded,
    Code.Aborted,
    Code.Internal,
    Code.Unknown,
  ].map((code): [string, HttpAnswer] => [Code[code], grpcStatus(code)]),
  ['a connection that ends', hangUp],
  ['a refused stream', resetStream(constants.NGHTTP2_REFUSED_STREAM)],
  ['a stream that is reset', resetStream(constants.NGHTTP2_INTERNAL_ERROR)],
];

describe('ExecuteTool', () => {
  it.each(failures)('is sent once: %s', async (_, gateway) => {
    const server = await scriptedServer({ gateway });
    await failureOf(executeTool(clientOf(server.origin)));
    expect(server.kinds()).toEqual(['oauth/token', 'ExecuteTool']);
  });

  it('is sent once, with what was given', async () => {
    let seen: unknown;
    const server = await scriptedServer({
      tools: {
        executeTool: ({ toolName, connector, identifier, params }) => {
          seen = { toolName, connector, identifier, params };
          return { executionId: 'exec_1', data: { sent: true } };
        },
      },
    });
    const result = await executeTool(clientOf(server.origin), { to: ['a'], deep: { n: 1.5, no: null } });
    expect(result).toEqual({ executionId: 'exec_1', data: { sent: true } });
    expect(seen).toEqual({
      toolName: 'crm_send',
      connector: 'crm',
      identifier: 'user_1',
      params: { to: ['a'], deep: { n: 1.5, no: null } },
    });
    expect(server.count('ExecuteTool')).toBe(1);
  });
});

describe('a read', () => {
  it.each(readsByName)('%s is sent up to three times, and then succeeds', async (rpc, call) => {
    const server = await allServices();
    first(server, grpcStatus(Code.Unavailable), gatewayStatus(503));
    await call(clientOf(server.origin));
    expect(server.kinds()).toEqual(['oauth/token', rpc, rpc, rpc]);
  });

  it.each([
    ['Unavailable', grpcStatus(Code.Unavailable)],
    ['HTTP 429', gatewayStatus(429)],
    ['HTTP 502', gatewayStatus(502)],
    ['HTTP 504', gatewayStatus(504)],
  ])('fails after the third attempt: %s', async (_, gateway) => {
    const server = await scriptedServer({ gateway });
    expect(await failureOf(reads.ListTools(clientOf(server.origin)))).toMatchObject({
      kind: 'unreachable',
      code: 'unavailable',
    });
    expect(server.count('ListTools')).toBe(3);
  });

  it.each([
    Code.InvalidArgument,
    Code.NotFound,
    Code.PermissionDenied,
    Code.ResourceExhausted,
    Code.FailedPrecondition,
    Code.Aborted,
    Code.Internal,
    Code.Unknown,
    Code.DeadlineExceeded,
  ])('is sent once when waiting would not help: code %i', async (code) => {
    const server = await scriptedServer({ gateway: grpcStatus(code) });
    await failureOf(reads.ListTools(clientOf(server.origin)));
    expect(server.count('ListTools')).toBe(1);
  });

  it('still renews its token after it was repeated', async () => {
    const server = await allServices();
    first(server, grpcStatus(Code.Unavailable), grpcStatus(Code.Unauthenticated));
    await reads.ListTools(clientOf(server.origin));
    expect(server.kinds()).toEqual(['oauth/token', 'ListTools', 'ListTools', 'oauth/token', 'ListTools']);
  });
});

describe('a write', () => {
  it.each(writesByName)('%s is sent once while Scalekit is unavailable', async (rpc, call) => {
    for (const gateway of [grpcStatus(Code.Unavailable), gatewayStatus(503), hangUp]) {
      const server = await scriptedServer({ gateway });
      await failureOf(call(clientOf(server.origin)));
      expect(server.kinds()).toEqual(['oauth/token', rpc]);
    }
  });
});

describe('a proxied call', () => {
  it.each([429, 500, 502, 503, 504])('is sent once: %i is an answer', async (status) => {
    const server = await scriptedServer({ proxy: json(status, {}) });
    for (const call of [get('/me'), post('/pay', '{}')]) {
      expect(await clientOf(server.origin).request(call)).toMatchObject({ status });
    }
    expect(server.count('proxy')).toBe(2);
  });

  it('is sent once when the connection ends', async () => {
    const server = await scriptedServer({ proxy: hangUp });
    expect(await failureOf(clientOf(server.origin).request(post('/pay', '{}')))).toMatchObject({
      kind: 'unreachable',
    });
    expect(server.count('proxy')).toBe(1);
  });
});

describe('nobody listening', () => {
  const calls: [name: string, call: (client: Client) => Promise<unknown>][] = [
    ['gRPC', reads.ListTools],
    ['the proxy', (client) => client.request(get('/me'))],
    ['a tool', executeTool],
  ];
  const unreachable = {
    kind: 'unreachable',
    code: 'unreachable',
    message: expect.stringContaining('connection refused') as unknown,
  };

  async function closedPort(): Promise<string> {
    const server = await scriptedServer();
    await server.close();
    return server.origin;
  }

  it.each(calls)('is told by the sign-in at once: %s', async (_, call) => {
    const client = clientOf(await closedPort());
    const startedAt = performance.now();
    expect(await failureOf(call(client))).toMatchObject(unreachable);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(client.events.filter(({ phase }) => phase === 'sent')).toHaveLength(1);
  });

  it.each(calls)('is told after one attempt, signed in or not: %s', async (_, call) => {
    const server = await allServices();
    const client = clientOf(server.origin);
    await reads.ListTools(client);
    const seen = client.events.length;
    await server.close();
    // The first call finds the old connection closed, and the second a port that refuses.
    await call(client).catch(() => {});
    client.events.splice(seen);
    const startedAt = performance.now();
    expect(await failureOf(call(client))).toMatchObject(unreachable);
    expect(performance.now() - startedAt).toBeLessThan(1000);
    expect(client.events.slice(seen).filter(({ phase }) => phase === 'sent')).toHaveLength(1);
  });

  it.each(calls)('under a name that does not resolve is told after one attempt: %s', async (_, call) => {
    const client = clientOf('http://nowhere.invalid');
    expect(await failureOf(call(client))).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('its name does not resolve') as unknown,
    });
    expect(client.events.filter(({ phase }) => phase === 'sent')).toHaveLength(1);
  });

  it('under a name that no longer resolves is told after one gRPC attempt', async () => {
    const server = await allServices();
    const client = clientOf('http://nowhere.invalid', {
      tokenCache: {
        read: async () => ({ accessToken: 'cached', renewAt: Date.now() + 600_000 }),
        write: async () => {},
        drop: async () => {},
      },
    });
    expect(await failureOf(reads.ListTools(client))).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('its name does not resolve') as unknown,
    });
    expect(client.events.map(({ protocol, phase }) => `${protocol} ${phase}`)).toEqual([
      'grpc sent',
      'grpc failed',
    ]);
    expect(server.attempts).toEqual([]);
  });
});

it('tells a failure inside a service as Scalekit’s, not as a connection’s', async () => {
  const server = await scriptedServer({
    tools: {
      listTools: () => {
        throw new ConnectError('ECONNREFUSED', Code.Internal);
      },
    },
  });
  expect(await failureOf(reads.ListTools(clientOf(server.origin)))).toMatchObject({ kind: 'upstream' });
});
