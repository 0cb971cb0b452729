import { constants } from 'node:http2';
import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from 'vitest';
import { everyService, gatewayStatus, grpcStatus, hangUp, json, resetStream } from './answers.ts';
import { clientOf, executeTool, failureOf, get, post, reads, writes } from './client.ts';
import { type HttpAnswer, type ScriptedServer, scriptedServer } from './scripted-server.ts';

const readsByName = Object.entries(reads);
const writesByName = Object.entries(writes);

/** Answers the first ones, then as the services do. */
function first(server: ScriptedServer, ...answers: HttpAnswer[]): void {
  server.script.gateway = (response, attempt) => {
    const answer = answers.shift();
    if (answers.length === 0) server.script.gateway = undefined;
    answer?.(response, attempt);
  };
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
    const server = await scriptedServer(everyService);
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
    const server = await scriptedServer(everyService);
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
