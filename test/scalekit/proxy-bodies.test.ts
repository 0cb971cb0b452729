import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bytesOf, clientOf, failureOf, get, post } from './client.ts';
import { type HttpAnswer, scriptedServer } from './scripted-server.ts';

const everyByte = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
const MiB = 1024 * 1024;

function body(bytes: Uint8Array | string, headers: Record<string, string>, status = 200): HttpAnswer {
  return (response) => response.writeHead(status, headers).end(bytes);
}

describe('a response body', () => {
  const json = 'application/json';
  const kinds: [what: string, bytes: Buffer, contentType: string, headers?: Record<string, string>][] = [
    ['random binary', randomBytes(70_001), 'application/octet-stream'],
    ['every byte as text', everyByte, 'text/plain'],
    ['every byte as JSON', everyByte, json],
    ['a gzip file', gzipSync('report'), 'application/gzip'],
    ['gzip as a content encoding', gzipSync('report'), 'text/plain', { 'content-encoding': 'gzip' }],
    ['no gzip at all', Buffer.from('plain'), 'text/plain', { 'content-encoding': 'gzip' }],
    ['Latin-1 text', Buffer.from('caf\u00e9 \u00ff', 'latin1'), 'text/plain; charset=iso-8859-1'],
    ['a byte order mark', Buffer.from('\uFEFF{"a":1}'), json],
    ['an integer beyond 2^53', Buffer.from('{"id":9007199254740993}'), json],
    ['a number beyond all', Buffer.from('[1e400,-0,1.10]'), json],
    ['repeated keys', Buffer.from('{ "a":1,  "a":2 }\n'), json],
    ['text that reads `true`', Buffer.from('true'), 'text/plain'],
    ['text that reads like a number', Buffer.from('0123'), 'text/plain'],
    ['one line of NDJSON', Buffer.from('{"a":1}\n'), 'application/x-ndjson'],
    ['broken JSON', Buffer.from('{"a":'), json],
    ['white space', Buffer.from(' \r\n\t '), json],
    ['nothing', Buffer.alloc(0), json],
  ];
  // Below and above 400: what may be a refusal of Scalekit's is looked at before it is passed on.
  const cases = kinds.flatMap((kind) => [200, 401, 422].map((status) => ({ kind, status })));

  it.each(cases)('arrives byte for byte: $kind.0 ($status)', async ({ kind, status }) => {
    const [, bytes, contentType, headers] = kind;
    const proxy = body(bytes, { 'content-type': contentType, ...headers }, status);
    const server = await scriptedServer({ proxy });
    const response = await clientOf(server.origin).request(get('/file'));
    expect(response).toMatchObject({ status, answeredBy: 'provider' });
    expect((await bytesOf(response)).equals(bytes)).toBe(true);
  });

  it.each([65_535, 65_536, 65_537, 300_000])(
    'of an error, %i bytes of JSON, arrives whole',
    async (length) => {
      const bytes = Buffer.from(JSON.stringify({ message: 'x'.repeat(length - 14) }));
      expect(bytes).toHaveLength(length);
      const server = await scriptedServer({
        proxy: body(bytes, { 'content-type': 'application/json' }, 500),
      });
      const received = await bytesOf(await clientOf(server.origin).request(get('/file')));
      expect(received.equals(bytes)).toBe(true);
    },
  );

  it.each([200, 429])('of events arrives event by event, before its end (%i)', async (status) => {
    let stream: ServerResponse | undefined;
    const server = await scriptedServer({
      proxy: (response) => {
        stream = response;
        response.writeHead(status, { 'content-type': 'text/event-stream' }).write('data: 0\n\n');
      },
    });
    const { body } = await clientOf(server.origin).request(get('/events'));
    const events = body[Symbol.asyncIterator]();
    for (let index = 0; index < 5; index++) {
      // Only what was received makes the server send the next.
      expect(String((await events.next()).value)).toBe(`data: ${index}\n\n`);
      stream?.write(`data: ${index + 1}\n\n`);
    }
    stream?.end();
    expect(String((await events.next()).value)).toBe('data: 5\n\n');
    expect((await events.next()).done).toBe(true);
  });

  it.each([
    [200, 'application/octet-stream'],
    [500, 'application/octet-stream'],
    [500, 'application/json'],
  ])('of 64 MiB is passed on as it arrives, and not gathered (%i, %s)', async (status, contentType) => {
    const chunk = Buffer.alloc(MiB, 'x');
    let sent = 0;
    const server = await scriptedServer({
      proxy: async (response) => {
        response.writeHead(status, { 'content-type': contentType });
        for (let i = 0; i < 64; i++) {
          sent += chunk.length;
          if (!response.write(chunk)) await once(response, 'drain');
        }
        response.end();
      },
    });
    const response = await clientOf(server.origin).request(get('/big'));
    let received = 0;
    let mostHeld = 0;
    for await (const bytes of response.body) {
      received += (bytes as Buffer).length;
      mostHeld = Math.max(mostHeld, sent - received);
    }
    expect(received).toBe(64 * MiB);
    // What the sockets of the system hold, and no more; a client that gathers would hold all of it.
    expect(mostHeld).toBeLessThan(24 * MiB);
  });

  it('that breaks off ends with an error, not as if it were whole', async () => {
    const server = await scriptedServer({
      proxy: (response) => {
        response.writeHead(200, { 'content-type': 'text/plain', 'content-length': 100 });
        response.write('half', () => response.destroy());
      },
    });
    const response = await clientOf(server.origin).request(get('/file'));
    expect(await failureOf(bytesOf(response))).toMatchObject({ code: 'ECONNRESET' });
  });

  it('of an error that breaks off is told as a broken connection', async () => {
    const server = await scriptedServer({
      proxy: (response) => {
        response.writeHead(500, { 'content-type': 'application/json', 'content-length': 100 });
        response.write('{"half":', () => response.destroy());
      },
    });
    expect(await failureOf(clientOf(server.origin).request(get('/file')))).toMatchObject({
      kind: 'unreachable',
      code: 'unreachable',
    });
  });
});

describe('a request body', () => {
  const bodies: [what: string, bytes: Uint8Array, contentType: string][] = [
    ['a JSON object', Buffer.from('{"a": 1,  "a":2}\n'), 'application/json'],
    ['a JSON list', Buffer.from('[1,[2]]'), 'application/json'],
    ['a JSON number', Buffer.from('9007199254740993'), 'application/json'],
    ['a JSON string', Buffer.from('"text"'), 'application/json'],
    ['JSON null', Buffer.from('null'), 'application/json'],
    ['what is no JSON', Buffer.from('{"a":'), 'application/json'],
    ['a form', Buffer.from('a=1&b=%20+&a=2'), 'application/x-www-form-urlencoded'],
    ['multipart', Buffer.from('--x\r\n\r\nhi\r\n--x--\r\n'), 'multipart/form-data; boundary=x'],
    ['text', Buffer.from('true'), 'text/plain; charset=utf-8'],
    ['Latin-1 text', Buffer.from('caf\u00e9', 'latin1'), 'text/plain; charset=iso-8859-1'],
    ['a byte order mark', Buffer.from('\uFEFF{}'), 'application/json'],
    ['every byte', everyByte, 'application/octet-stream'],
    ['bytes that are no Buffer', new Uint8Array([0, 1, 254, 255]), 'application/octet-stream'],
    [
      'a part of a larger buffer',
      new Uint8Array(everyByte.buffer, everyByte.byteOffset + 3, 5),
      'text/plain',
    ],
    ['nothing', new Uint8Array(0), 'application/json'],
    ['20 MiB', randomBytes(20 * MiB), 'application/octet-stream'],
  ];

  it.each(bodies)('is sent byte for byte: %s', async (_, bytes, contentType) => {
    const server = await scriptedServer();
    await bytesOf(await clientOf(server.origin).request(post('/upload', bytes, contentType)));
    const sent = server.attempts.at(-1);
    expect(sent?.body.equals(bytes)).toBe(true);
    expect(sent?.headers['content-type']).toBe(contentType);
    expect(sent?.headers['content-length']).toBe(String(bytes.length));
  });

  it.each(['GET', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'])('goes with %s too', async (method) => {
    const server = await scriptedServer();
    const call = { ...post('/thing', '{"a":1}'), method };
    await bytesOf(await clientOf(server.origin).request(call));
    const { method: sentMethod, body: sentBody } = server.attempts.at(-1) ?? {};
    expect(`${sentMethod} ${sentBody?.toString()}`).toBe(`${method} {"a":1}`);
  });

  it('that is not there is none', async () => {
    const server = await scriptedServer();
    await bytesOf(await clientOf(server.origin).request(get('/thing')));
    const { headers, body } = server.attempts.at(-1) ?? {};
    expect(body).toHaveLength(0);
    expect(headers).not.toHaveProperty('content-type');
    expect(headers).not.toHaveProperty('content-length');
    expect(headers).not.toHaveProperty('transfer-encoding');
  });
});
