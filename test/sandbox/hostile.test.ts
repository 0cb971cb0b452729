import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { type ClientHttp2Session, connect as connectHttp2, constants } from 'node:http2';
import { connect } from 'node:net';
import { ScalekitBadRequestException } from '@scalekit-sdk/node';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/start.ts';
import { rawExchange } from './support/raw.ts';
import { accessToken, oneConnection, sdkOf } from './support/sandbox.ts';

let sandbox: Sandbox;
let headers: Record<string, string>;
const rejections: unknown[] = [];
const keepRejection = (reason: unknown) => void rejections.push(reason);

beforeAll(async () => {
  process.on('unhandledRejection', keepRejection);
  const accounts = [{ connection: 'demo', identifier: 'u', credentials: { token: 'secret-token' } }];
  sandbox = await startSandbox({ config: oneConnection({ proxy_url: 'http://127.0.0.1:1' }, { accounts }) });
  headers = {
    authorization: `Bearer ${await accessToken(sandbox)}`,
    connection_name: 'demo',
    identifier: 'u',
  };
});

afterAll(async () => {
  await sandbox.close();
  process.off('unhandledRejection', keepRejection);
  expect(rejections).toEqual([]);
});

/** As a browser and as the SDK. */
async function stillAnswers(): Promise<void> {
  expect((await fetch(`${sandbox.url}/keys`)).status).toBe(200);
  expect(await sdkOf(sandbox).actions.listConnections()).toMatchObject({ totalSize: 1 });
}

const STACK = /\bat .+:\d+:\d+|node:internal|node_modules|\.ts:\d/;

async function statusOf(text: string): Promise<number> {
  const answer = await rawExchange(sandbox.port, text);
  expect(answer).not.toMatch(STACK);
  return Number(/^HTTP\/1\.1 (\d{3}) /.exec(answer)?.[1]);
}

describe('the Host header', () => {
  it.each([
    '127.0.0.1',
    '127.0.0.1:8787',
    '127.8.8.8:1',
    'localhost',
    'LocalHost:9000',
    'sandbox.localhost:80',
    '[::1]:8787',
  ])('%s is a loopback name, whatever the port', async (host) => {
    expect(await statusOf(`GET /keys HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`)).toBe(200);
  });

  it.each([
    'evil.example',
    'evil.example:8787',
    'localhost.evil.example',
    '127.0.0.1.evil.example',
    'evil.example#localhost',
    'a@127.0.0.1',
    '127.0.0.1:80:80',
    '127.0.0.1/x',
    '2130706433',
    '0.0.0.0',
    '[::]',
    '192.168.1.5:8787',
    '',
  ])('%j is refused: a page of another site may have made its name resolve to this machine', async (host) => {
    for (const path of ['/keys', '/proxy/x', '/', '/sandbox/v1', '/magicLink/x']) {
      const answer = await rawExchange(
        sandbox.port,
        `GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 40[03] /);
      if (host !== '') expect(answer).toContain('loopback names only');
    }
  });

  it.each([
    ['none', 'GET /keys HTTP/1.1\r\nConnection: close\r\n\r\n'],
    ['none with HTTP/1.0', 'GET /keys HTTP/1.0\r\n\r\n'],
    ['two', 'GET /keys HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n'],
    [
      'two that agree',
      'GET /keys HTTP/1.1\r\nHost: 127.0.0.1\r\nhost: 127.0.0.1\r\nConnection: close\r\n\r\n',
    ],
  ])('%s: 400', async (_what, text) => expect(await statusOf(text)).toBe(400));

  it('and :authority of HTTP/2 likewise', async () => {
    const answer = await http2({ ':path': '/keys', ':authority': 'evil.example' });
    expect(answer[':status']).toBe(403);
    const both = await http2({ ':path': '/keys', ':authority': '127.0.0.1', host: 'evil.example' });
    expect(both[':status']).toBe(403);
    const grpc = await http2({
      ':method': 'POST',
      ':path': '/scalekit.v1.connections.ConnectionService/ListAppConnections',
      ':authority': 'evil.example:1',
      'content-type': 'application/grpc',
    });
    expect(grpc).toMatchObject({ ':status': 200, 'grpc-status': '7' });
    expect(decodeURIComponent(String(grpc['grpc-message']))).toContain('loopback names only');
  });
});

/** The head of one answer over HTTP/2. */
async function http2(fields: Record<string, string>, body = ''): Promise<Record<string, unknown>> {
  const session = connectHttp2(sandbox.url).on('error', () => {});
  const stream = session.request(fields, { endStream: false });
  try {
    stream.end(body);
    const [answer] = (await once(stream, 'response')) as [Record<string, unknown>];
    return answer;
  } finally {
    session.destroy();
  }
}

const HOST = 'Host: 127.0.0.1\r\n';

it('the proxy over HTTP/2 is a refusal that says why', async () => {
  expect(await http2({ ...headers, ':path': '/proxy/x' })).toMatchObject({ ':status': 400 });
});

describe('a request that is none', () => {
  const auth = () =>
    Object.entries(headers)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('');

  it.each([
    ['absolute form', 'GET http://evil.example/keys HTTP/1.1\r\n', 400],
    ['absolute form, its own host', 'GET http://127.0.0.1/proxy/x HTTP/1.1\r\n', 400],
    ['asterisk form', 'OPTIONS * HTTP/1.1\r\n', 400],
    ['CONNECT', 'CONNECT 169.254.169.254:80 HTTP/1.1\r\n', 405],
    ['TRACE', 'TRACE /keys HTTP/1.1\r\n', 400],
    ['TRACE through the proxy', 'TRACE /proxy/x HTTP/1.1\r\n', 400],
    ['an unknown method', 'FROBNICATE /keys HTTP/1.1\r\n', 400],
    ['no method', ' /keys HTTP/1.1\r\n', 400],
    ['no path', 'GET  HTTP/1.1\r\n', 400],
    ['control characters in the path', 'GET /a\x01b HTTP/1.1\r\n', 400],
    ['a header without a name', 'GET /keys HTTP/1.1\r\n: x\r\n', 400],
    ['a space before the colon', 'GET /keys HTTP/1.1\r\nX-A : b\r\n', 400],
    ['a folded header', 'GET /keys HTTP/1.1\r\nX-A: b\r\n folded\r\n', 400],
    ['a NUL in a header', 'GET /keys HTTP/1.1\r\nX-A: \x00\r\n', 400],
    ['HTTP/3.0', 'GET /keys HTTP/3.0\r\n', 400],
  ])('%s: %i', async (_what, line, status) => {
    const [first = '', ...rest] = line.split('\r\n');
    const text = `${first}\r\n${HOST}Connection: close\r\n${auth()}${rest.join('\r\n')}\r\n`;
    expect(await statusOf(text)).toBe(status);
    await stillAnswers();
  });

  it.each([
    [
      'a length and chunks',
      'Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /keys HTTP/1.1\r\n\r\n',
    ],
    [
      'chunks and a length',
      'Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\nGET /keys HTTP/1.1\r\n\r\n',
    ],
    ['two lengths', 'Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcde'],
    ['a negative length', 'Content-Length: -1\r\n\r\n'],
    ['a length with a sign', 'Content-Length: +4\r\n\r\nabcd'],
    ['a length beyond numbers', 'Content-Length: 99999999999999999999999\r\n\r\nabcd'],
    ['chunks that are not the last coding', 'Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n'],
    ['an unknown coding', 'Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n'],
    ['a chunk size that is none', 'Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n0\r\n\r\n'],
    ['a bare line feed for the end of a line', 'X-A: b\nContent-Length: 4\r\n\r\nabcd'],
  ])('smuggling, with %s: one answer, a refusal, and the connection is closed', async (_what, rest) => {
    const answer = await rawExchange(sandbox.port, `POST /proxy/x HTTP/1.1\r\n${HOST}${auth()}${rest}`);
    expect(answer).not.toMatch(STACK);
    expect(answer.match(/HTTP\/1\.1 \d{3} /g)).toEqual(['HTTP/1.1 400 ']);
  });

  it('Upgrade is passed over, as RFC 9110 section 7.8 has it', async () => {
    const upgrade = 'Connection: upgrade, close\r\nUpgrade: websocket\r\n';
    expect(await statusOf(`GET /keys HTTP/1.1\r\n${HOST}${upgrade}\r\n`)).toBe(200);
  });

  it('TLS is hung up on', async () => {
    expect(await rawExchange(sandbox.port, '\x16\x03\x01\x02\x00\x01\x00')).toBe('');
    await stillAnswers();
  });

  it.each([
    '../../etc/passwd',
    '%00',
    '%',
    '%zz',
    '\\..\\',
    '//evil.example//',
    '?'.repeat(500),
    '%2e%2e/'.repeat(50),
  ])('a path like %j is a 4xx', async (path) => {
    for (const prefix of ['/', '/magicLink/', '/api/v1/', '/sandbox/v1/', '/sso/v1/oauth/', '/proxy/../']) {
      const text = `GET ${prefix}${path} HTTP/1.1\r\n${HOST}Connection: close\r\n\r\n`;
      const status = await statusOf(text);
      expect(status, prefix + path).toBeGreaterThanOrEqual(200);
      expect(status, prefix + path).toBeLessThan(500);
    }
  });
});

describe('fuzzing', () => {
  const bytes = (most: number) =>
    fc.uint8Array({ maxLength: most }).map((array) => Buffer.from(array).toString('latin1'));
  const line = fc.stringMatching(/^[ -~\t\r\n\x80-\xff]{0,200}$/);
  const method = fc.constantFrom('GET', 'POST', 'OPTIONS', 'PUT', 'PRI', 'HEAD', 'get', '');
  const path = fc.oneof(
    fc.constantFrom('/', '/proxy', '/proxy/x', '/oauth/token', '/keys', '/magicLink/x', '/sandbox/v1/links'),
    line,
  );
  const header = fc.oneof(
    fc.constantFrom(
      'Content-Length: 5',
      'Transfer-Encoding: chunked',
      'Host: 127.0.0.1',
      'Expect: 100-continue',
      'Expect: x',
    ),
    fc.constantFrom(
      'Content-Type: application/grpc',
      'Content-Type: application/grpc+json',
      'Upgrade: h2c',
      'Connection: close',
    ),
    fc.constantFrom(
      'connection_name: demo',
      'identifier: u',
      'Cookie: a=b',
      'Origin: null',
      'Authorization: Bearer x',
    ),
    line,
  );
  const request = fc
    .tuple(
      method,
      path,
      fc.constantFrom(' HTTP/1.1', ' HTTP/1.0', ' HTTP/2.0', ''),
      fc.array(header, { maxLength: 8 }),
      bytes(300),
    )
    .map(([m, p, version, all, body]) => `${m} ${p}${version}\r\n${HOST}${all.join('\r\n')}\r\n\r\n${body}`);

  /** Whatever comes back within a moment, the client having said all that it has to say. */
  function sent(data: Buffer): Promise<string> {
    return new Promise((resolve) => {
      const socket = connect(sandbox.port, '127.0.0.1', () => socket.end(data));
      const chunks: Buffer[] = [];
      const giveUp = setTimeout(() => socket.destroy(), 1_000);
      socket.on('data', (chunk: Buffer) => chunks.push(chunk));
      socket.on('error', () => {});
      socket.on('close', () => {
        clearTimeout(giveUp);
        resolve(Buffer.concat(chunks).toString('latin1'));
      });
    });
  }

  async function expectHarmless(data: Buffer): Promise<void> {
    const answer = await sent(data);
    expect(answer).not.toMatch(STACK);
    expect(answer).not.toContain('secret-token');
    // 502: nothing listens where the connector leads.
    expect(answer).not.toMatch(/^HTTP\/1\.1 5(?!02)\d\d /m);
  }

  it('with requests that are nearly ones', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(request, bytes(600), line), (text) =>
        expectHarmless(Buffer.from(text, 'latin1')),
      ),
      { numRuns: 300 },
    );
    await stillAnswers();
  });

  it('with frames of HTTP/2 that are nearly ones', { timeout: 120_000 }, async () => {
    const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');
    const frame = fc
      .record({
        type: fc.integer({ min: 0, max: 12 }),
        flags: fc.integer({ min: 0, max: 255 }),
        stream: fc.constantFrom(0, 1, 2, 3, 0x7fffffff),
        payload: fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constant(Buffer.from([0x82, 0x86, 0x84]))),
        lie: fc.constantFrom(0, 0, 0, 1, 100, 0xffffff),
      })
      .map(({ type, flags, stream, payload, lie }) => {
        const head = Buffer.alloc(9);
        head.writeUIntBE(Math.min(payload.length + lie, 0xffffff), 0, 3);
        head[3] = type;
        head[4] = flags;
        head.writeUInt32BE(stream, 5);
        return Buffer.concat([head, payload]);
      });
    const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
    await fc.assert(
      fc.asyncProperty(fc.array(frame, { maxLength: 12 }), fc.boolean(), async (frames, proper) => {
        await expectHarmless(Buffer.concat([preface, ...(proper ? [settings] : []), ...frames]));
      }),
      { numRuns: 200 },
    );
    await stillAnswers();
  });

  it('with streams of HTTP/2 in a well-formed connection', { timeout: 120_000 }, async () => {
    const name = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
    const fields = fc.record({
      ':method': fc.constantFrom('GET', 'POST', 'TRACE', 'PUT', 'BREW', 'HEAD'),
      ':path': fc.oneof(
        fc.constantFrom('/proxy/x', '/keys', '*', '/oauth/token'),
        fc.stringMatching(/^\/[!-~]{0,60}$/),
      ),
      'content-type': fc.constantFrom(
        'application/grpc',
        'application/grpc+proto',
        'text/plain',
        'application/grpc-web',
      ),
      'grpc-encoding': fc.constantFrom('gzip', 'identity', 'br', ''),
      'grpc-timeout': fc.constantFrom('1S', '0n', 'x', '99999999999H', ''),
    });
    let session: ClientHttp2Session = connectHttp2(sandbox.url).on('error', () => {});
    await fc.assert(
      fc.asyncProperty(
        fields,
        fc.dictionary(name, name, { maxKeys: 3 }),
        fc.uint8Array({ maxLength: 60 }),
        async (all, more, body) => {
          if (session.destroyed || session.closed) session = connectHttp2(sandbox.url).on('error', () => {});
          const forbidden = new Set([
            'connection',
            'upgrade',
            'te',
            'host',
            'keep-alive',
            'transfer-encoding',
          ]);
          const extra = Object.entries(more).filter(([key]) => !forbidden.has(key));
          const stream = session.request({ ...Object.fromEntries(extra), ...all }, { endStream: false });
          const chunks: Buffer[] = [];
          stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => {});
          stream.end(Buffer.from(body));
          await new Promise((resolve) => stream.once('close', resolve));
          expect(Buffer.concat(chunks).toString()).not.toMatch(STACK);
        },
      ),
      { numRuns: 300 },
    );
    session.destroy();
    await stillAnswers();
  });
});

describe('page tokens', () => {
  const tokens = fc.oneof(fc.string({ maxLength: 40 }), fc.stringMatching(/^[A-Za-z0-9_-]{1,32}$/));

  it('that nobody gave out are the caller’s mistake, over gRPC and REST', async () => {
    const sdk = sdkOf(sandbox);
    const isMistake = (error: unknown) => error instanceof ScalekitBadRequestException;
    await fc.assert(
      fc.asyncProperty(tokens, async (pageToken) => {
        fc.pre(pageToken !== '');
        const lists = [
          sdk.connectedAccounts.listConnectedAccounts({ pageToken }),
          sdk.tools.listScopedTools('u', { filter: {}, pageToken }),
          sdk.tools.listAvailableTools('u', { pageToken }),
        ];
        expect(await Promise.all(lists.map((list) => list.catch(isMistake)))).toEqual([true, true, true]);
        const query = String(new URLSearchParams({ page_token: pageToken }));
        const answer = await fetch(`${sandbox.url}/api/v1/connected_accounts?${query}`, { headers });
        expect(answer.status).toBe(400);
      }),
      { numRuns: 60 },
    );
  });
});

describe('floods', () => {
  it('streams that are opened and reset at once', async () => {
    const session = connectHttp2(sandbox.url).on('error', () => {});
    await once(session, 'connect');
    for (let count = 0; count < 5_000 && !session.destroyed; count += 1) {
      const stream = session.request({ ':path': '/keys' }).on('error', () => {});
      stream.close(constants.NGHTTP2_CANCEL);
      if (count % 250 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await stillAnswers();
    session.destroy();
  });

  it('500 connections that are opened and dropped', async () => {
    const dropped = Array.from({ length: 500 }, (_, index) => {
      const socket = connect(sandbox.port, '127.0.0.1', () => {
        if (index % 3 === 0) socket.write('GET /proxy/x HTTP/1.1\r\nHo');
        if (index % 3 === 1) socket.write('PRI * HTTP');
        setImmediate(() => socket.resetAndDestroy());
      });
      return new Promise<void>((resolve) => socket.on('error', () => {}).on('close', () => resolve()));
    });
    await Promise.all(dropped);
    await stillAnswers();
  });

  it('an upload that is broken off', async () => {
    const call = httpRequest(`${sandbox.url}/oauth/token`, {
      method: 'POST',
      headers: { 'content-length': 1000 },
    });
    call.on('error', () => {}).write('grant_type');
    await new Promise((resolve) => setTimeout(resolve, 20));
    call.destroy();
    await stillAnswers();
  });
});
