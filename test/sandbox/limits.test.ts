import { once } from 'node:events';
import { request as httpRequest, type IncomingMessage } from 'node:http';
import { connect as connectHttp2 } from 'node:http2';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { Code } from '@connectrpc/connect';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Sandbox, SandboxOptions } from '../../src/sandbox/start.ts';
import { rawExchange } from './support/raw.ts';
import { accessToken, oneConnection, sandboxWith, sdkOf, signedInSdk } from './support/sandbox.ts';
import { signal } from './support/signal.ts';
import { bodyText, recorder, upstream } from './support/upstream.ts';

const LIST = '/scalekit.v1.connections.ConnectionService/ListAppConnections';
const HOST = 'Host: 127.0.0.1\r\n';

async function proxying(proxyUrl: string, options: Omit<SandboxOptions, 'config'> = {}) {
  const accounts = [{ connection: 'demo', identifier: 'u', credentials: { token: 't' } }];
  const sandbox = await sandboxWith(oneConnection({ proxy_url: proxyUrl }, { accounts }), options);
  const authorization = `Bearer ${await accessToken(sandbox)}`;
  return { sandbox, headers: { authorization, connection_name: 'demo', identifier: 'u' } };
}

/** One gRPC message, as it goes over the wire. */
function framed(message: Buffer, compressed: boolean): Buffer {
  const head = Buffer.alloc(5);
  head[0] = compressed ? 1 : 0;
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

async function grpcStatus(
  sandbox: Sandbox,
  body: Buffer,
  more: Record<string, string> = {},
): Promise<number> {
  const session = connectHttp2(sandbox.url).on('error', () => {});
  onTestFinished(() => session.destroy());
  const fields = {
    ':method': 'POST',
    ':path': LIST,
    'content-type': 'application/grpc',
    authorization: `Bearer ${await accessToken(sandbox)}`,
    ...more,
  };
  const stream = session.request(fields).on('error', () => {});
  const status = new Promise<number>((resolve) => {
    const see = (all: Record<string, unknown>) => {
      if (all['grpc-status'] !== undefined) resolve(Number(all['grpc-status']));
    };
    stream.on('response', see).on('trailers', see);
  });
  stream.resume().end(body);
  return status;
}

describe('how much', () => {
  it('64 KiB of headers are enough, 431 answers more', async () => {
    const { sandbox } = await proxying('http://127.0.0.1:1');
    const exchange = (length: number) =>
      rawExchange(
        sandbox.port,
        `GET /keys HTTP/1.1\r\n${HOST}Connection: close\r\nX-A: ${'a'.repeat(length)}\r\n\r\n`,
      );
    expect(await exchange(60_000)).toMatch(/^HTTP\/1\.1 200 /);
    expect(await exchange(70_000)).toMatch(/^HTTP\/1\.1 431 /);
    const path = await rawExchange(sandbox.port, `GET /${'a'.repeat(70_000)} HTTP/1.1\r\n${HOST}\r\n`);
    expect(path).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('the headers of a provider may be as large, and larger ones are told of', async () => {
    const { origin } = await recorder(
      `HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(60_000)}\r\nContent-Length: 2\r\n\r\nok`,
    );
    const { origin: other } = await recorder(`HTTP/1.1 200 OK\r\nX-A: ${'a'.repeat(70_000)}\r\n\r\n`);
    const exchange = async (proxyUrl: string) => {
      const { sandbox, headers } = await proxying(proxyUrl);
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
      return rawExchange(
        sandbox.port,
        `GET /proxy/x HTTP/1.1\r\n${HOST}Connection: close\r\n${lines.join('')}\r\n`,
      );
    };
    expect(await exchange(origin)).toMatch(/^HTTP\/1\.1 200 OK\r\nX-A: a{60000}\r\n/);
    expect(await exchange(other)).toMatch(
      /^HTTP\/1\.1 502 [^]*the provider's headers are larger than 64 KiB/,
    );
  });

  it('headers of HTTP/2 as well', async () => {
    const { sandbox } = await proxying('http://127.0.0.1:1');
    const session = connectHttp2(sandbox.url, { maxSendHeaderBlockLength: 1e6 }).on('error', () => {});
    onTestFinished(() => session.destroy());
    const stream = session.request({ ':path': '/keys', 'x-a': 'a'.repeat(200_000) }).on('error', () => {});
    const status = await new Promise((resolve) => {
      stream.on('response', (all) => resolve(all[':status'])).on('close', () => resolve(undefined));
    });
    expect(status).not.toBe(200);
    expect((await fetch(`${sandbox.url}/keys`)).status).toBe(200);
  });

  it.each([
    ['with its length', undefined],
    ['in chunks', 'half' as const],
  ])('a form of 64 KiB is read, a larger one is 413: %s', async (_what, duplex) => {
    const { sandbox } = await proxying('http://127.0.0.1:1');
    const post = (text: string) => {
      const sent = duplex ? { body: new Blob([text]).stream(), duplex } : { body: text };
      return fetch(`${sandbox.url}/oauth/token`, { method: 'POST', ...sent });
    };
    const fields = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: sandbox.env.SCALEKIT_CLIENT_ID,
      client_secret: sandbox.env.SCALEKIT_CLIENT_SECRET,
    });
    const form = String(fields);
    expect((await post(form)).status).toBe(200);
    expect((await post(`${form}&x=${'a'.repeat(60_000)}`)).status).toBe(200);
    expect((await post(`${form}&x=${'a'.repeat(70_000)}`)).status).toBe(413);
  });

  it('a gRPC message of 4 MiB is read, a larger one is RESOURCE_EXHAUSTED, what it unpacks to included', async () => {
    const { sandbox } = await proxying('http://127.0.0.1:1');
    // Field 15, which no message has, of so many bytes.
    const message = (length: number) => {
      const size = [];
      for (let rest = length; ; rest >>>= 7) {
        if (rest < 128) {
          size.push(rest);
          break;
        }
        size.push((rest & 127) | 128);
      }
      return Buffer.concat([Buffer.from([0x7a, ...size]), Buffer.alloc(length)]);
    };
    expect(await grpcStatus(sandbox, framed(message(4_000_000), false))).toBe(0);
    expect(await grpcStatus(sandbox, framed(message(5_000_000), false))).toBe(Code.ResourceExhausted);
    const bomb = framed(gzipSync(message(300_000_000)), true);
    expect(await grpcStatus(sandbox, bomb, { 'grpc-encoding': 'gzip' })).toBe(Code.ResourceExhausted);
  });

  it('a proxied body has no limit', async () => {
    const origin = await upstream((request, response) => {
      void bodyText(request).then((text) => response.end(String(text.length)));
    });
    const { sandbox, headers } = await proxying(origin);
    const body = 'a'.repeat(8_000_000);
    const answer = await fetch(`${sandbox.url}/proxy/x`, { method: 'POST', headers, body });
    expect(await answer.text()).toBe('8000000');
  });
});

describe('how many at once', () => {
  it('503 and RESOURCE_EXHAUSTED beyond the limit, and none when there is room again', async () => {
    const { promise: open, resolve: letGo } = signal();
    const waiting: unknown[] = [];
    const origin = await upstream((request, response) => {
      waiting.push(request);
      void open.then(() => response.end('done'));
    });
    const { sandbox, headers } = await proxying(origin, { maxConcurrentRequests: 3 });
    const sdk = await signedInSdk(sandbox);
    const held = [1, 2, 3].map(async () => (await fetch(`${sandbox.url}/proxy/x`, { headers })).text());
    while (waiting.length < 3) await sleep(5);

    const refused = await fetch(`${sandbox.url}/proxy/x`, { headers });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1']);
    expect(await refused.json()).toMatchObject({
      message: 'the sandbox answers 3 requests at once: try again when some are done',
      details: [{ error_code: 'TOO_MANY_REQUESTS_AT_ONCE' }],
    });
    const listing = sdk.connectedAccounts.listConnectedAccounts({});
    await expect(listing).rejects.toThrow('the sandbox answers 3 requests at once');

    letGo();
    expect(await Promise.all(held)).toEqual(['done', 'done', 'done']);
    expect((await fetch(`${sandbox.url}/keys`)).status).toBe(200);
  });

  it('a thousand calls on one HTTP/2 connection wait for their turn and are all answered', async () => {
    const { sandbox } = await proxying('http://127.0.0.1:1');
    const sdk = await signedInSdk(sandbox);
    const all = await Promise.all(Array.from({ length: 1_000 }, () => sdk.actions.listConnections()));
    expect(all.every(({ totalSize }) => totalSize === 1)).toBe(true);
  });
});

describe('how long a client may take', () => {
  const clientTimeoutMs = 300;

  /** Bytes in turns, one each while the connection is open; what came back. */
  async function trickle(port: number, text: string, everyMs = 20): Promise<string> {
    const socket: Socket = connect(port, '127.0.0.1');
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', () => {});
    const closed = new Promise((resolve) => socket.once('close', resolve));
    for (const byte of text) {
      if (socket.destroyed || socket.readableEnded) break;
      socket.write(byte);
      await sleep(everyMs);
    }
    await closed;
    return Buffer.concat(chunks).toString();
  }

  it.each([
    [
      'a head that comes byte by byte',
      `GET /keys HTTP/1.1\r\n${HOST}X-A: ${'a'.repeat(500)}`,
      /^HTTP\/1\.1 408 /,
    ],
    ['a head that stops', 'GET /keys HTTP/1.1\r\nHo', /^HTTP\/1\.1 408 /],
    ['a connection that says nothing', '', /^(HTTP\/1\.1 408 |$)/],
    ['half a preface', 'PRI * HTTP/2.0\r\n', /^(HTTP\/1\.1 408 |$)/],
    [
      'a form that stops',
      `POST /oauth/token HTTP/1.1\r\n${HOST}Content-Length: 99\r\n\r\ngrant`,
      /^HTTP\/1\.1 408 /,
    ],
    [
      'a chunk that stops',
      `POST /oauth/token HTTP/1.1\r\n${HOST}Transfer-Encoding: chunked\r\n\r\n5\r\ngr`,
      /^HTTP\/1\.1 408 /,
    ],
    [
      'the second head of a connection',
      `GET /keys HTTP/1.1\r\n${HOST}\r\nGET /ke`,
      /^HTTP\/1\.1 200 [^]*HTTP\/1\.1 408 /,
    ],
  ])('%s', async (_what, text, expected) => {
    const { sandbox } = await proxying('http://127.0.0.1:1', { clientTimeoutMs });
    expect(await trickle(sandbox.port, text, text.length > 200 ? 20 : 0)).toMatch(expected);
  });

  it('a gRPC message that stops ends its stream, not its connection', async () => {
    const { sandbox } = await proxying('http://127.0.0.1:1', { clientTimeoutMs });
    const session = connectHttp2(sandbox.url);
    onTestFinished(() => session.destroy());
    const stream = session.request({ ':method': 'POST', ':path': LIST, 'content-type': 'application/grpc' });
    stream.on('error', () => {}).write(Buffer.from([0, 0, 0]));
    await new Promise((resolve) => stream.once('close', resolve));
    expect(session.destroyed).toBe(false);
    const next = session.request({ ':path': '/keys' });
    const [answer] = (await once(next, 'response')) as [Record<string, unknown>];
    expect(answer[':status']).toBe(200);
  });

  it('but an upload to the provider, an answer of the provider and a connection of the SDK take as long as they like', async () => {
    const origin = await upstream((request, response) => {
      response.writeHead(200);
      void bodyText(request).then(async (text) => {
        response.write(text);
        await sleep(3 * clientTimeoutMs);
        response.end('end');
      });
    });
    const { sandbox, headers } = await proxying(origin, { clientTimeoutMs });
    const sdk = sdkOf(sandbox);
    await sdk.actions.listConnections();
    const call = httpRequest(`${sandbox.url}/proxy/x`, { method: 'POST', headers });
    call.write('one ');
    await sleep(3 * clientTimeoutMs);
    call.end('two ');
    const [answer] = (await once(call, 'response')) as [IncomingMessage];
    expect(await bodyText(answer)).toBe('one two end');
    expect(await sdk.actions.listConnections()).toMatchObject({ totalSize: 1 });
  });
});
