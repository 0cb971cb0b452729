import { describe, expect, it } from 'vitest';
import { everyService, hangUp, json } from './answers.ts';
import { ACCOUNT, clientOf, everyCall, failureOf, get, reads, textOf } from './client.ts';
import { CLIENT_ID, CLIENT_SECRET, type HttpAnswer, scriptedServer } from './scripted-server.ts';

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
    const server = await scriptedServer(everyService);
    const client = clientOf(server.origin);
    const calls = Array.from({ length: 10 }, async (_, index) =>
      everyCall[index % everyCall.length]?.[1](client),
    );
    await Promise.all(calls);
    expect(server.count('oauth/token')).toBe(1);
    const others = server.attempts.filter(({ kind }) => kind !== 'oauth/token');
    expect(others.map(({ headers }) => headers.authorization)).toEqual(
      Array.from({ length: 10 }, () => 'Bearer issued-token-1'),
    );
  });
});

it('names the account to the proxy in its two headers', async () => {
  const server = await scriptedServer();
  await clientOf(server.origin).request(get('/me'));
  const { connection_name, identifier } = server.attempts.at(-1)?.headers ?? {};
  expect({ connectionName: connection_name, identifier }).toEqual(ACCOUNT);
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
    for (const [, call] of everyCall) {
      const server = await scriptedServer({ ...everyService, token });
      const failure = await failureOf(call(clientOf(server.origin)));
      expect(failure).toMatchObject(error);
      expect(String(failure)).not.toContain(CLIENT_SECRET);
      expect(server.kinds()).toEqual(['oauth/token']);
    }
  });

  it('says why, and is tried again by the next call', async () => {
    const server = await scriptedServer(everyService);
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
    const server = await scriptedServer(everyService);
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
