import { gzipSync } from 'node:zlib';
import { Code, ConnectError } from '@connectrpc/connect';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  ACCOUNT,
  bytesOf,
  type Client,
  clientOf,
  executeTool,
  failureOf,
  get,
  post,
  reads,
  textOf,
  writes,
} from './client.ts';
import {
  CLIENT_ID,
  CLIENT_SECRET,
  type HttpAnswer,
  hangUp,
  json,
  refusedByScalekit,
  type Script,
  scriptedServer,
  toolError,
} from './scripted-server.ts';

const answering: Script = {
  tools: {
    listTools: () => ({}),
    listScopedTools: () => ({}),
    executeTool: () => ({ executionId: 'exec_1', data: {} }),
  },
  accounts: {
    listConnectedAccounts: () => ({}),
    createConnectedAccount: () => ({}),
    updateConnectedAccount: () => ({}),
  },
  connections: { listAppConnections: () => ({}) },
};

const anyCall: [name: string, call: (client: Client) => Promise<unknown>][] = [
  ['a proxied call', async (client) => bytesOf(await client.request(get('/me')))],
  ['a gRPC read', reads.ListTools],
  ['a tool', executeTool],
];

afterEach(() => {
  vi.useRealTimers();
});

describe('the first call', () => {
  it('signs in before a proxied call, with the client credentials grant', async () => {
    const server = await scriptedServer();
    const response = await clientOf(server.origin).request(get('/me'));
    expect(await textOf(response)).toBe('{"ok":true}');
    expect(server.kinds()).toEqual(['oauth/token', 'proxy']);
    const [signIn, call] = server.attempts;
    expect(Object.fromEntries(new URLSearchParams(signIn?.body.toString()))).toEqual({
      grant_type: 'client_credentials',
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
    });
    expect(signIn?.headers.authorization).toBeUndefined();
    expect(call?.headers.authorization).toBe('Bearer issued-token-1');
  });

  it('signs in once for ten calls at once, gRPC and proxied', async () => {
    const server = await scriptedServer(answering);
    const client = clientOf(server.origin);
    const calls = Array.from({ length: 10 }, (_, index) => anyCall[index % anyCall.length]?.[1](client));
    await Promise.all(calls);
    expect(server.count('oauth/token')).toBe(1);
    const others = server.attempts.filter(({ kind }) => kind !== 'oauth/token');
    expect(others.map(({ headers }) => headers.authorization)).toEqual(
      Array.from({ length: 10 }, () => 'Bearer issued-token-1'),
    );
  });
});

describe('renewal', () => {
  const START = Date.UTC(2030, 0, 1);

  async function atTimes(lifetimeS: number | undefined, secondsLater: number[]): Promise<number[]> {
    vi.useFakeTimers({ toFake: ['Date'], now: START });
    const server = await scriptedServer({ ...answering, tokenLifetimeS: lifetimeS });
    const client = clientOf(server.origin);
    const signIns: number[] = [];
    for (const [index, seconds] of secondsLater.entries()) {
      vi.setSystemTime(START + seconds * 1000);
      await anyCall[index % anyCall.length]?.[1](client);
      signIns.push(server.count('oauth/token'));
    }
    return signIns;
  }

  it.each([
    { lifetimeS: 3600, later: [0, 3539, 3541, 3541 + 3539], signIns: [1, 1, 2, 2] },
    { lifetimeS: 100, later: [0, 89, 91, 91 + 89, 91 + 91], signIns: [1, 1, 2, 2, 3] },
    { lifetimeS: 10, later: [0, 8.9, 9.1, 100], signIns: [1, 1, 2, 3] },
    { lifetimeS: 0, later: [0, 0, 0], signIns: [1, 2, 3] },
    { lifetimeS: -5, later: [0, 0], signIns: [1, 2] },
  ])('of a token good for $lifetimeS s comes before its expiry', async ({ lifetimeS, later, signIns }) => {
    expect(await atTimes(lifetimeS, later)).toEqual(signIns);
  });

  it('is done by one of several calls at once', async () => {
    vi.useFakeTimers({ toFake: ['Date'], now: START });
    const server = await scriptedServer({ ...answering, tokenLifetimeS: 100 });
    const client = clientOf(server.origin);
    await reads.ListTools(client);
    vi.setSystemTime(START + 95_000);
    await Promise.all(anyCall.map(([, call]) => call(client)));
    expect(server.count('oauth/token')).toBe(2);
  });

  it('uses a token whose lifetime was not told for one call only', async () => {
    const server = await scriptedServer(answering);
    server.accepted.add('t');
    server.script.token = json(200, { access_token: 't', token_type: 'Bearer' });
    const client = clientOf(server.origin);
    await reads.ListTools(client);
    await reads.ListTools(client);
    expect(server.kinds()).toEqual(['oauth/token', 'ListTools', 'oauth/token', 'ListTools']);
  });
});

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
    const server = await scriptedServer(answering);
    const client = clientOf(server.origin);
    await reads.ListTools(client);
    server.accepted.clear();
    await call(client);
    expect(server.kinds().slice(2)).toEqual([rpc, 'oauth/token', rpc]);
  });

  it.each(healing)('ends %s when the new one is refused too', async (rpc, call) => {
    const server = await scriptedServer(answering);
    const client = clientOf(server.origin);
    server.accepted.add = () => server.accepted;
    expect(await failureOf(call(client))).toMatchObject({ kind: 'credentials', code: 'credentials_refused' });
    expect(server.kinds()).toEqual(['oauth/token', rpc, 'oauth/token', rpc]);
  });

  it('is no longer used by later calls', async () => {
    const server = await scriptedServer(answering);
    const client = clientOf(server.origin);
    await executeTool(client);
    server.accepted.clear();
    expect(await failureOf(executeTool(client))).toMatchObject({ kind: 'credentials' });
    await executeTool(client);
    expect(server.kinds().slice(2)).toEqual(['ExecuteTool', 'oauth/token', 'ExecuteTool']);
  });

  it('is not what a tool’s own 401 tells', async () => {
    const server = await scriptedServer(answering);
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

describe('a sign-in that fails', () => {
  const html: HttpAnswer = (response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Welcome</html>');
  const blocked: HttpAnswer = (response) =>
    response.writeHead(403, { 'content-type': 'text/html; charset=utf-8' }).end('<html>Blocked</html>');
  const credentials = { kind: 'credentials', code: 'credentials_refused' };
  const upstream = { kind: 'upstream', code: 'scalekit_error' };
  const notScalekit = { kind: 'upstream', code: 'not_scalekit' };
  const answers: [what: string, token: HttpAnswer, error: object][] = [
    ['400', json(400, { error: 'invalid_client' }), { ...credentials, httpStatus: 400 }],
    ['401', json(401, { error: 'invalid_client' }), { ...credentials, httpStatus: 401 }],
    ['403', json(403, { error: 'access_denied' }), { ...credentials, httpStatus: 403 }],
    ['401 with nothing', (response) => response.writeHead(401).end(), credentials],
    ['429', json(429, { error: 'slow_down' }), upstream],
    ['500', json(500, { error: 'server_error' }), { ...upstream, httpStatus: 500 }],
    ['502', json(502, 'Bad Gateway'), upstream],
    [
      '503 and HTML',
      (response) => response.writeHead(503, { 'content-type': 'text/html' }).end('<p>'),
      upstream,
    ],
    ['404', json(404, { message: 'not found' }), notScalekit],
    ['HTML', html, notScalekit],
    ['a page that says 403', blocked, { ...notScalekit, httpStatus: 403 }],
    ['no token', json(200, { token_type: 'Bearer' }), notScalekit],
    ['an empty token', json(200, { access_token: '' }), notScalekit],
    ['a token that is no text', json(200, { access_token: 1 }), notScalekit],
    ['JSON null', json(200, 'null'), notScalekit],
    ['nothing', (response) => response.writeHead(204).end(), notScalekit],
    ['a closed connection', hangUp, { kind: 'unreachable', code: 'unreachable' }],
  ];
  it.each(answers)('with %s ends the call after one request', async (_, token, error) => {
    for (const [, call] of anyCall) {
      const server = await scriptedServer({ ...answering, token });
      const failure = await failureOf(call(clientOf(server.origin)));
      expect(failure).toMatchObject(error);
      expect(String(failure)).not.toContain(CLIENT_SECRET);
      expect(server.kinds()).toEqual(['oauth/token']);
    }
  });

  it('says why, and is tried again by the next call', async () => {
    const server = await scriptedServer(answering);
    server.script.token = json(401, { error: 'invalid_client', error_description: 'secret was rotated' });
    const client = clientOf(server.origin);
    const failure = await failureOf(reads.ListTools(client));
    expect(String(failure)).toContain('(invalid_client: secret was rotated)');
    server.script.token = undefined;
    await reads.ListTools(client);
    expect(server.kinds()).toEqual(['oauth/token', 'oauth/token', 'ListTools']);
  });

  it.each([
    ['id', { clientId: 'skc_other' }],
    ['secret', { clientSecret: 'wrong-secret' }],
  ])('because of a wrong client %s is told at once', async (_, wrong) => {
    const server = await scriptedServer(answering);
    expect(await failureOf(reads.ListTools(clientOf(server.origin, wrong)))).toMatchObject({
      kind: 'credentials',
      httpStatus: 401,
    });
    expect(server.count('oauth/token')).toBe(1);
  });

  it.each([301, 302, 303, 307, 308])('with a redirect (%i) sends the secret nowhere else', async (status) => {
    const elsewhere = await scriptedServer();
    const location = `${elsewhere.origin}/oauth/token`;
    const server = await scriptedServer({
      token: (response) => response.writeHead(status, { location }).end(),
    });
    expect(await failureOf(clientOf(server.origin).request(get('/me')))).toMatchObject({
      kind: 'usage',
      code: 'environment_redirects',
      message: expect.stringContaining(location) as unknown,
    });
    expect(server.kinds()).toEqual(['oauth/token']);
    expect(elsewhere.attempts).toEqual([]);
  });
});

it('names the account to the proxy in its two headers', async () => {
  const server = await scriptedServer();
  await clientOf(server.origin).request(get('/me'));
  const { connection_name, identifier } = server.attempts.at(-1)?.headers ?? {};
  expect({ connectionName: connection_name, identifier }).toEqual(ACCOUNT);
});
