import { gzipSync } from 'node:zlib';
import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from 'vitest';
import { everyService, json, refusedByScalekit, toolError } from './answers.ts';
import { bytesOf, clientOf, executeTool, failureOf, get, post, reads, textOf, writes } from './client.ts';
import { type HttpAnswer, scriptedServer } from './scripted-server.ts';

describe('a proxied 401', () => {
  it('of Scalekit’s own renews the token once and sends the call again', async () => {
    const server = await scriptedServer();
    const client = clientOf(server.origin);
    await bytesOf(await client.request(get('/me')));
    server.accepted.clear();
    const body = '{"amount": 9007199254740993}';
    const response = await client.request(post('/pay', body));
    expect(response.status).toBe(200);
    expect(server.kinds()).toEqual(['oauth/token', 'proxy', 'proxy', 'oauth/token', 'proxy']);
    expect(server.attempts.at(-1)?.body.toString()).toBe(body);
    expect(server.attempts.at(-1)?.headers.authorization).toBe('Bearer issued-token-2');
  });

  it('of Scalekit’s own is recognised in a compressed answer', async () => {
    const server = await scriptedServer();
    const client = clientOf(server.origin);
    let refusals = 0;
    server.script.proxy = (response, attempt) => {
      if (refusals++ > 0) return json(200, {})(response, attempt);
      const refusal = {
        code: 16,
        message: 'no',
        details: [{ '@type': 'type.googleapis.com/scalekit.v1.E' }],
      };
      const headers = { 'content-type': 'application/json', 'content-encoding': 'gzip' };
      return response.writeHead(401, headers).end(gzipSync(JSON.stringify(refusal)));
    };
    expect((await client.request(get('/me'))).status).toBe(200);
    expect(server.kinds()).toEqual(['oauth/token', 'proxy', 'oauth/token', 'proxy']);
  });

  it('that stays comes back as it is after the second attempt', async () => {
    const server = await scriptedServer({ proxy: refusedByScalekit(401, 16, 'token is invalid') });
    const response = await clientOf(server.origin).request(get('/me'));
    expect(response).toMatchObject({ status: 401, answeredBy: 'scalekit' });
    expect(JSON.parse(await textOf(response))).toMatchObject({ code: 16, message: 'token is invalid' });
    expect(server.count('proxy')).toBe(2);
  });

  const details = [{ '@type': 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo' }];
  const providers: [what: string, answer: HttpAnswer][] = [
    ['plain JSON', json(401, { message: 'Bad credentials' })],
    ['no code', json(401, { message: 'no', details })],
    ['a code in words', json(401, { code: 'UNAUTHENTICATED', message: 'no', details })],
    ['code 0', json(401, { code: 0, message: 'no', details })],
    ['code 17', json(401, { code: 17, message: 'no', details })],
    ['no message', json(401, { code: 16, details })],
    ['no details', json(401, { code: 16, message: 'no', details: [] })],
    [
      'another gRPC API’s details',
      json(401, {
        code: 16,
        message: 'no',
        details: [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo' }],
      }),
    ],
    ['JSON null', json(401, 'null')],
    ['broken JSON', json(401, '{"code":16,')],
    [
      'text that reads like it',
      json(401, { code: 16, message: 'no', details }, { 'content-type': 'text/plain' }),
    ],
    ['nothing', (response) => response.writeHead(401, { 'www-authenticate': 'Bearer' }).end()],
  ];
  it.each(providers)('of the provider’s with %s is an answer, not a reason to sign in', async (_, proxy) => {
    const server = await scriptedServer({ proxy });
    const response = await clientOf(server.origin).request(post('/pay', '{}'));
    expect(response).toMatchObject({ status: 401, answeredBy: 'provider' });
    await bytesOf(response);
    expect(server.kinds()).toEqual(['oauth/token', 'proxy']);
  });

  it.each([400, 403, 404, 500])('is the only status that is sent again: %i is not', async (status) => {
    const server = await scriptedServer({ proxy: refusedByScalekit(status, 7, 'no') });
    const response = await clientOf(server.origin).request(get('/me'));
    expect(response).toMatchObject({ status, answeredBy: 'scalekit' });
    expect(server.count('proxy')).toBe(1);
  });
});

describe('a token that gRPC refuses', () => {
  const healing = [...Object.entries(reads).slice(0, 1), ...Object.entries(writes)];

  it.each(healing)('is renewed once for %s', async (rpc, call) => {
    const server = await scriptedServer(everyService);
    const client = clientOf(server.origin);
    await reads.ListTools(client);
    server.accepted.clear();
    await call(client);
    expect(server.kinds().slice(2)).toEqual([rpc, 'oauth/token', rpc]);
  });

  it.each(healing)('ends %s when the new one is refused too', async (rpc, call) => {
    const server = await scriptedServer(everyService);
    const client = clientOf(server.origin);
    server.accepted.add = () => server.accepted;
    expect(await failureOf(call(client))).toMatchObject({ kind: 'credentials', code: 'credentials_refused' });
    expect(server.kinds()).toEqual(['oauth/token', rpc, 'oauth/token', rpc]);
  });

  it('is no longer used by later calls', async () => {
    const server = await scriptedServer(everyService);
    const client = clientOf(server.origin);
    await executeTool(client);
    server.accepted.clear();
    expect(await failureOf(executeTool(client))).toMatchObject({ kind: 'credentials' });
    await executeTool(client);
    expect(server.kinds().slice(2)).toEqual(['ExecuteTool', 'oauth/token', 'ExecuteTool']);
  });

  it('is not what a tool’s own 401 tells', async () => {
    const server = await scriptedServer(everyService);
    server.script.tools = {
      executeTool: () => {
        throw toolError(Code.Unauthenticated, { toolErrorCode: '401', toolErrorMessage: 'expired' });
      },
    };
    const client = clientOf(server.origin);
    expect(await failureOf(executeTool(client))).toMatchObject({ kind: 'upstream', code: 'tool_error' });
    expect(await failureOf(executeTool(client))).toMatchObject({ kind: 'upstream', code: 'tool_error' });
    expect(server.kinds()).toEqual(['oauth/token', 'ExecuteTool', 'ExecuteTool']);
  });

  it('is not what a missing permission tells', async () => {
    const server = await scriptedServer({
      tools: {
        listTools: () => {
          throw new ConnectError('not allowed', Code.PermissionDenied);
        },
      },
    });
    expect(await failureOf(reads.ListTools(clientOf(server.origin)))).toMatchObject({ kind: 'credentials' });
    expect(server.kinds()).toEqual(['oauth/token', 'ListTools']);
  });
});
