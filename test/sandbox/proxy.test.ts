import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage, type ServerResponse } from 'node:http';
import { ScalekitServerException } from '@scalekit-sdk/node';
import { describe, expect, it } from 'vitest';
import type { SandboxConfig } from '../../src/sandbox/config/types.ts';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/start.ts';
import { rawExchange } from './support/raw.ts';
import { accessToken, connector, sandboxWith, signedInSdk } from './support/sandbox.ts';
import { signal } from './support/signal.ts';
import { bodyText, recorder, upstream } from './support/upstream.ts';

function configOf(proxyUrl: string): SandboxConfig {
  const patterns = { auth_patterns: [{ type: 'API_KEY' as const, auth_header_key_override: 'X-Key' }] };
  return {
    connectors: [
      connector({ proxy_url: proxyUrl, ...patterns }),
      connector({ display_name: 'Off', proxy_url: proxyUrl, proxy_enabled: false, ...patterns }),
    ],
    connections: [
      { name: 'demo', connector: 'demo' },
      { name: 'off', connector: 'off' },
    ],
    accounts: [
      { connection: 'demo', identifier: 'user_1', credentials: { api_key: 'k' } },
      { connection: 'demo', identifier: 'pending' },
      { connection: 'demo', identifier: 'gone', status: 'DISCONNECTED', credentials: { api_key: 'k' } },
      { connection: 'off', identifier: 'user_1', credentials: { api_key: 'k' } },
    ],
  };
}

interface Setting {
  sandbox: Sandbox;
  headers: Record<string, string>;
}

async function settingOf(proxyUrl: string, options: Omit<SandboxOptions, 'config'> = {}): Promise<Setting> {
  const sandbox = await sandboxWith(configOf(proxyUrl), options);
  const authorization = `Bearer ${await accessToken(sandbox)}`;
  return { sandbox, headers: { authorization, connection_name: 'demo', identifier: 'user_1' } };
}

/** A raw request through the proxy, and what comes back. */
async function raw({ sandbox, headers }: Setting, requestLine: string, rest = ''): Promise<string> {
  const lines = Object.entries({ host: '127.0.0.1', connection: 'close', ...headers });
  const head = lines.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return rawExchange(sandbox.port, `${requestLine} HTTP/1.1\r\n${head}${rest || '\r\n'}`);
}

describe('the way there', () => {
  it.each([
    '/a%2Fb//c?q=%7e+~&x=[1]&q=%zz',

    '/',
    '',
    '?only=query',
    '/a/...b/.c/d..?x=/../',
    '/!$&\'()*+,;=:@|{}^`"<>',
  ])('keeps every byte of %j', async (target) => {
    const { origin, received } = await recorderOf();
    const answer = await raw(await settingOf(origin), `GET /proxy${target}`);
    expect(answer).toContain('204 No Content');
    const path = target === '' || target.startsWith('?') ? `/${target}` : target;
    expect(received().split('\r\n')[0]).toBe(`GET ${path} HTTP/1.1`);
  });

  it.each([
    '/../admin',
    '/a/..',
    '/a/%2e%2E/b',
    '/a/.%2e/b',
    '/./a',
    '/a/..%2fb',
    '/a\\..\\b',
    '/a%5c..%5cb',
    '/a#b',
    '/caf\u00e9',
  ])('refuses %s before anything is sent', async (target) => {
    const { origin, connections } = await recorderOf();
    const answer = await raw(await settingOf(origin), `GET /proxy${target}`);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(connections()).toBe(0);
  });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD', 'PROPFIND'])(
    'passes %s on',
    async (method) => {
      const { origin, received } = await recorderOf();
      await raw(await settingOf(origin), `${method} /proxy/x`);
      expect(received()).toMatch(new RegExp(`^${method} /x HTTP/1.1\r\n`));
    },
  );

  it('drops the headers that Connection names, keeps repeated ones and their order', async () => {
    const { origin, received } = await recorderOf();
    const setting = await settingOf(origin);
    setting.headers['connection'] = 'close, X-Hop';
    await raw(
      setting,
      'GET /proxy/x',
      'X-Hop: 1\r\nX-Two: a\r\nx-two: b\r\nKeep-Alive: 5\r\nX-\u00c4: \u00e4\r\n\r\n'.replace(
        'X-\u00c4',
        'X-A',
      ),
    );
    const lines = received().split('\r\n');
    expect(lines).toContain('X-Two: a');
    expect(lines.indexOf('x-two: b')).toBe(lines.indexOf('X-Two: a') + 1);
    expect(lines).toContain('X-A: \u00e4');
    expect(received()).not.toMatch(/x-hop|keep-alive: 5|x-key: forged/i);
  });

  it('passes bodies on with their length, or in chunks', async () => {
    const { origin, received } = await recorderOf();
    const setting = await settingOf(origin);
    await raw(setting, 'POST /proxy/x', 'content-length: 4\r\nContent-Type: a/b\r\n\r\n\x00\xff\r\n');
    expect(received()).toMatch(/\r\ncontent-length: 4\r\n/i);
    expect(received().split('\r\n\r\n')[1]).toBe('\x00\xff\r\n');
    await raw(setting, 'POST /proxy/x', 'transfer-encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n');
    expect(received()).toMatch(/\r\ntransfer-encoding: chunked\r\n/i);
    expect(received()).toContain('abc');
    await raw(setting, 'POST /proxy/x');
    expect(received()).toMatch(/\r\ncontent-length: 0\r\n/i);
  });

  it('an upload reaches the provider while it is still being sent', async () => {
    const arrived = signal<string>();
    const origin = await upstream((request, response) => {
      request.once('data', (chunk: Buffer) => arrived.resolve(chunk.toString()));
      void bodyText(request).then((text) => response.end(String(text.length)));
    });
    const { sandbox, headers } = await settingOf(origin);
    const call = httpRequest(`${sandbox.url}/proxy/up`, { method: 'POST', headers });
    call.write('first');
    expect(await arrived.promise).toBe('first');
    call.end('second');
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    expect(await bodyText(response)).toBe('11');
  });
});

async function recorderOf(answer = 'HTTP/1.1 204 No Content\r\n\r\n') {
  const recorded = await recorder(answer);
  return { ...recorded, connections: () => recorded.connections };
}

describe('the way back', () => {
  it('passes status, reason, headers and bytes on as they came', async () => {
    const body = '\x1f\x8b\x00not really gzip\xff';
    const { origin } = await recorderOf(
      `HTTP/1.1 299 Odd Reason\r\nX-Mixed-CASE: 1\r\nSet-Cookie: a=1; Path=/\r\nset-cookie: b=2\r\nContent-Encoding: gzip\r\nX-Latin: \xe9\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: timeout=9\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    );
    const answer = await raw(await settingOf(origin), 'GET /proxy/x');
    expect(answer).toBe(
      `HTTP/1.1 299 Odd Reason\r\nX-Mixed-CASE: 1\r\nSet-Cookie: a=1; Path=/\r\nset-cookie: b=2\r\nContent-Encoding: gzip\r\nX-Latin: \xe9\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
  });

  it.each([
    200, 201, 204, 205, 206, 301, 302, 304, 307, 308, 400, 401, 403, 404, 418, 429, 451, 500, 502, 503, 504,
    599,
  ])('status %i, its reason left empty, redirects not followed', async (status) => {
    const length = [204, 304].includes(status) ? '' : 'Content-Length: 0\r\n';
    const { origin, connections } = await recorderOf(
      `HTTP/1.1 ${status} \r\nLocation: /elsewhere\r\n${length}\r\n`,
    );
    const answer = await raw(await settingOf(origin), 'GET /proxy/x');
    expect(answer).toBe(`HTTP/1.1 ${status} \r\nLocation: /elsewhere\r\n${length}Connection: close\r\n\r\n`);
    expect(connections()).toBe(1);
  });

  it('the answer to HEAD keeps the length of a body that does not come', async () => {
    const { origin } = await recorderOf('HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n');
    const answer = await raw(await settingOf(origin), 'HEAD /proxy/x');
    expect(answer).toBe('HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\n');
  });

  it('waits for the answer behind 100 and 103', async () => {
    const { origin } = await recorderOf(
      'HTTP/1.1 103 Early Hints\r\nLink: <x>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok',
    );
    expect(await raw(await settingOf(origin), 'GET /proxy/x')).toMatch(
      /^HTTP\/1\.1 200 OK\r\nContent-Length: 2\r\n/,
    );
  });

  it('the head arrives while the provider has nothing else to say yet', async () => {
    const origin = await upstream((_request, response) => response.writeHead(202).flushHeaders());
    const { sandbox, headers } = await settingOf(origin);
    const abort = new AbortController();
    const answer = await fetch(`${sandbox.url}/proxy/x`, { headers, signal: abort.signal });
    expect(answer.status).toBe(202);
    abort.abort();
  });

  it('a chunk arrives while the provider is still answering', async () => {
    const opened = signal<ServerResponse>();
    const origin = await upstream((_request, response) => {
      response.write('data: 1\n\n');
      opened.resolve(response);
    });
    const { sandbox, headers } = await settingOf(origin);
    const answer = await fetch(`${sandbox.url}/proxy/events`, { headers });
    const reader = answer.body?.getReader();
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('data: 1\n\n');
    (await opened.promise).end('data: 2\n\n');
    expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toBe('data: 2\n\n');
    expect((await reader?.read())?.done).toBe(true);
  });

  it('does not read ahead of a client that does not read', async () => {
    let written = 0;
    const origin = await upstream((_request, response) => {
      const chunk = Buffer.alloc(64 * 1024);
      const fill = () => {
        while (written < 256 * 1024 * 1024) {
          written += chunk.length;
          if (!response.write(chunk)) return response.once('drain', fill);
        }
        return response.end();
      };
      fill();
    });
    const { sandbox, headers } = await settingOf(origin);
    const call = httpRequest(`${sandbox.url}/proxy/big`, { headers }).end();
    const [response] = (await once(call, 'response')) as [IncomingMessage];
    response.pause();
    // Until nothing moves any more: what is written then is what the buffers on the way can hold.
    for (let before = -1; before !== written; ) {
      before = written;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    expect(written).toBeLessThan(32 * 1024 * 1024);
    response.destroy();
  });

  it("a client that goes away ends the provider's call", async () => {
    const closed = signal();
    const origin = await upstream((request, response) => {
      request.socket.once('close', () => closed.resolve());
      response.write('begun');
    });
    const { sandbox, headers } = await settingOf(origin);
    const abort = new AbortController();
    const answer = await fetch(`${sandbox.url}/proxy/slow`, { headers, signal: abort.signal });
    expect(answer.status).toBe(200);
    abort.abort();
    await closed.promise;
  });

  it('an answer that breaks off breaks off for the client too', async () => {
    const { origin } = await recorderOf('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
    const { sandbox, headers } = await settingOf(origin);
    const answer = await fetch(`${sandbox.url}/proxy/x`, { headers });
    await expect(answer.text()).rejects.toThrow('terminated');
  });
});

describe('refusals', () => {
  const nowhere = 'http://127.0.0.1:1';

  it.each([
    [
      'no connection_name',
      { connection_name: '' },
      400,
      3,
      'VALIDATION_ERROR',
      'connection_name: the header is required',
    ],
    ['no identifier', { identifier: '' }, 400, 3, 'VALIDATION_ERROR', 'identifier: the header is required'],
    [
      'an unknown connection',
      { connection_name: 'nope' },
      404,
      5,
      'CONNECTION_NOT_FOUND',
      'connection not found: nope',
    ],
    [
      'a proxy that is off',
      { connection_name: 'off' },
      400,
      9,
      'PROXY_NOT_ENABLED',
      'proxy not enabled for provider',
    ],
    [
      'a missing account',
      { identifier: 'no' },
      404,
      5,
      'CONNECTED_ACCOUNT_NOT_FOUND',
      'connected account not found for no on demo',
    ],
    [
      'a pending account',
      { identifier: 'pending' },
      400,
      9,
      'CONNECTED_ACCOUNT_NOT_ACTIVE',
      'connected account is not active: pending on demo is PENDING_AUTH',
    ],
    [
      'a disconnected account',
      { identifier: 'gone' },
      400,
      9,
      'CONNECTED_ACCOUNT_NOT_ACTIVE',
      'connected account is not active: gone on demo is DISCONNECTED',
    ],
    [
      'an unreachable provider',
      {},
      502,
      14,
      'UPSTREAM_UNREACHABLE',
      'the provider could not be reached (ECONNREFUSED)',
    ],
  ])('%s', async (_what, changed, status, code, error_code, message) => {
    const { sandbox, headers } = await settingOf(nowhere);
    const answer = await fetch(`${sandbox.url}/proxy/x`, { headers: { ...headers, ...changed } });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/json');
    const details = [{ '@type': 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo', error_code }];
    const refusal: unknown = await answer.json();
    expect(refusal).toMatchObject({ code, message, details });
  });

  it('the token is looked at before everything else', async () => {
    const { sandbox } = await settingOf(nowhere);
    expect((await fetch(`${sandbox.url}/proxy/../x`)).status).toBe(404);
    expect((await fetch(`${sandbox.url}/proxy/x`)).status).toBe(401);
    expect((await fetch(`${sandbox.url}/proxy`)).status).toBe(401);
    expect((await fetch(`${sandbox.url}/proxyx`)).status).toBe(404);
  });

  it('a provider that does not begin to answer: 504', async () => {
    const origin = await upstream(() => {});
    const { sandbox, headers } = await settingOf(origin, { upstreamTimeoutMs: 50 });
    const answer = await fetch(`${sandbox.url}/proxy/x`, { headers });
    expect(answer.status).toBe(504);
    expect(await answer.json()).toMatchObject({ code: 4, message: 'the provider did not answer in time' });
  });

  it.each([
    ['closes without an answer', ''],
    ['does not speak HTTP', 'SSH-2.0-OpenSSH_9.2\r\n\r\n'],
    ['switches protocols', 'HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'],
  ])('a provider that %s: 502', async (_what, bytes) => {
    const { origin } = await recorderOf(bytes);
    const { sandbox, headers } = await settingOf(origin);
    expect((await fetch(`${sandbox.url}/proxy/x`, { headers })).status).toBe(502);
  });

  it('an upload to an unreachable provider is refused, not cut off', async () => {
    const { sandbox, headers } = await settingOf(nowhere);
    const body = Buffer.alloc(1024 * 1024);
    const answer = await fetch(`${sandbox.url}/proxy/x`, { method: 'POST', headers, body });
    expect(answer.status).toBe(502);
  });

  it("the provider's own 401 stays the provider's", async () => {
    const origin = await upstream((_request, response) => {
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":"bad key"}');
    });
    const sdk = await signedInSdk((await settingOf(origin)).sandbox);
    const call = sdk.actions.request({ connectionName: 'demo', identifier: 'user_1', path: '/x' });
    await expect(call).rejects.toBeInstanceOf(ScalekitServerException);
    await expect(call).rejects.toMatchObject({ errDetails: { error: 'bad key' } });
  });
});
