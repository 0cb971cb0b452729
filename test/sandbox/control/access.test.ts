import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/start.ts';
import { BASE } from '../support/control-api.ts';
import { rawExchange } from '../support/raw.ts';
import { accessToken, oneConnection, sandboxWith } from '../support/sandbox.ts';

async function call(
  { url, env }: Sandbox,
  path: string,
  { headers, ...init }: Omit<RequestInit, 'headers'> & { headers?: Record<string, string> } = {},
): Promise<Response> {
  const authorization = `Bearer ${env.SK_CONNECT_SANDBOX_TOKEN}`;
  return fetch(`${url}${BASE}${path}`, { ...init, headers: { authorization, ...headers } });
}

async function codeOf(response: Response): Promise<string> {
  const { error } = (await response.json()) as { error: { code: string; message: string } };
  expect(error.message).not.toBe('');
  return error.code;
}

describe('who may script a sandbox', () => {
  it.each([
    ['nothing', undefined],
    ['another scheme', 'Basic Y29udHJvbA=='],
    ['no token', 'Bearer '],
    ['another token', 'Bearer sandbox_x'],
  ])('not who shows %s', async (_name, authorization) => {
    const { url } = await sandboxWith(oneConnection());
    const headers = authorization === undefined ? {} : { authorization };
    for (const [path, method] of [
      ['', 'GET'],
      ['/links', 'GET'],
      ['/reset', 'POST'],
      ['/nothing', 'GET'],
    ] as const) {
      const response = await fetch(`${url}${BASE}${path}`, { method, headers });
      expect([path, response.status, await codeOf(response)]).toEqual([path, 401, 'unauthorized']);
      expect(response.headers.get('www-authenticate')).toBe('Bearer realm="sandbox"');
    }
  });

  it('not who has a token of the environment; and the control token is none', async () => {
    const sandbox = await sandboxWith(oneConnection());
    const token = await accessToken(sandbox);
    expect((await call(sandbox, '/links', { headers: { authorization: `Bearer ${token}` } })).status).toBe(
      401,
    );
    const headers = { authorization: `Bearer ${sandbox.env.SK_CONNECT_SANDBOX_TOKEN}` };
    expect((await fetch(`${sandbox.url}/api/v1/connected_accounts`, { headers })).status).toBe(401);
  });

  it.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', '', '10.0.0.1', '['])(
    'not a page that comes by the name %j',
    async (host) => {
      const { port, env } = await sandboxWith(oneConnection());
      const authorization = `Bearer ${env.SK_CONNECT_SANDBOX_TOKEN}`;
      const head = `Host: ${host}\r\nAuthorization: ${authorization}\r\nConnection: close\r\n\r\n`;
      const answer = await rawExchange(port, `GET ${BASE}/links HTTP/1.1\r\n${head}`);
      expect(answer).toMatch(/^HTTP\/1\.1 (400|403) /);
      expect(answer).not.toContain('"links"');
    },
  );

  it.each(['localhost', '127.0.0.1', '[::1]'])('who calls it %s', async (host) => {
    const { port, env } = await sandboxWith(oneConnection());
    const headers = { host: `${host}:${port}`, authorization: `Bearer ${env.SK_CONNECT_SANDBOX_TOKEN}` };
    const [response] = await new Promise<[number, string]>((resolve) => {
      request({ port, host: '127.0.0.1', path: `${BASE}/links`, headers }, (answer) => {
        void text(answer).then((body) => resolve([answer.statusCode ?? 0, body]));
      }).end();
    });
    expect(response).toBe(200);
  });

  it('no page of a browser reads it', async () => {
    const sandbox = await sandboxWith(oneConnection());
    const headers = { origin: 'http://evil.example' };
    const response = await call(sandbox, '/links', { headers });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    const preflight = await fetch(`${sandbox.url}${BASE}/links`, {
      method: 'OPTIONS',
      headers: { ...headers, 'access-control-request-method': 'GET' },
    });
    expect(preflight.status).toBe(401);
    expect(preflight.headers.get('access-control-allow-origin')).toBeNull();
  });
});

describe('what cannot be understood', () => {
  it.each([
    ['/nothing', 'GET', 404, 'not_found', null],
    ['/links/lnk_1/approve/x', 'POST', 404, 'not_found', null],
    ['/links', 'POST', 405, 'method_not_allowed', 'GET'],
    ['/faults', 'PATCH', 405, 'method_not_allowed', 'GET, POST, DELETE'],
    ['/reset', 'GET', 405, 'method_not_allowed', 'POST'],
    ['/openapi.json', 'DELETE', 405, 'method_not_allowed', 'GET'],
    ['/accounts?identifier=a&identifier=b', 'GET', 400, 'invalid_request', null],
  ])('%s %s', async (path, method, status, code, allow) => {
    const response = await call(await sandboxWith(oneConnection()), path, { method });
    expect([response.status, await codeOf(response), response.headers.get('allow')]).toEqual([
      status,
      code,
      allow,
    ]);
  });

  it.each([
    [415, 'unsupported_media_type', 'text/plain', '{}'],
    [415, 'unsupported_media_type', 'application/x-www-form-urlencoded', '{}'],
    [400, 'invalid_json', 'application/json', '{'],
    [400, 'invalid_json', 'application/json', 'effect: {}'],
    [400, 'invalid_request', 'application/json', 'null'],
    [400, 'invalid_request', 'application/json', '[]'],
    [413, 'payload_too_large', 'application/json', `"${'x'.repeat(1024 * 1024)}"`],
  ])('a body: %i %s %s', async (status, code, type, body) => {
    const sandbox = await sandboxWith(oneConnection());
    const init = { method: 'POST', headers: { 'content-type': type }, body };
    const response = await call(sandbox, '/faults', init);
    expect([response.status, await codeOf(response)]).toEqual([status, code]);
  });

  it('a body that does not say how long it is', async () => {
    const sandbox = await sandboxWith(oneConnection());
    const chunk = 'x'.repeat(64 * 1024);
    let left = 32;
    const body = new ReadableStream({
      pull(controller) {
        if (left-- > 0) controller.enqueue(new TextEncoder().encode(chunk));
        else controller.close();
      },
    });
    const init = {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
      duplex: 'half' as const,
    };
    expect((await call(sandbox, '/faults', init)).status).toBe(413);
  });

  it('a name that is percent-encoded is one', async () => {
    const sandbox = await sandboxWith(oneConnection());
    sandbox.control.addConnection({ name: 'a b:c', connector: 'demo' });
    expect((await call(sandbox, `/connections/${encodeURIComponent('a b:c')}`)).status).toBe(200);
    expect((await call(sandbox, '/connections/a%2Fb')).status).toBe(404);
    expect((await call(sandbox, '/connections/%zz')).status).toBe(404);
  });

  it('an empty body is an empty object, HEAD is GET without one', async () => {
    const sandbox = await sandboxWith(oneConnection());
    expect((await call(sandbox, '/reset', { method: 'POST' })).status).toBe(200);
    const head = await call(sandbox, '/links', { method: 'HEAD' });
    expect([head.status, await head.text()]).toEqual([200, '']);
  });
});
