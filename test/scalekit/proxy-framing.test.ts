import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { ProxyCall, StreamedBody } from '../../src/scalekit/proxy-input.ts';
import { bytesOf, clientOf, get } from './client.ts';
import { answering, answerOf, rawServer, requestOf } from './raw-server.ts';

async function sent(method: string, body: ProxyCall['body'], headers: ProxyCall['headers'] = []) {
  const server = await rawServer(answering(answerOf('200 OK', method === 'HEAD' ? '' : 'done')));
  const call: ProxyCall = { ...get('/thing', { method, headers }), ...(body === undefined ? {} : { body }) };
  await bytesOf(await clientOf(server.origin).request(call));
  const [connection] = server.connections;
  const request = connection === undefined ? undefined : requestOf(connection);
  if (request === undefined) throw new Error('nothing was sent');
  return request;
}

const FRAMING = /^(content-length|transfer-encoding|content-type):/i;
const framingOf = (headers: readonly string[]) =>
  headers.filter((header) => FRAMING.test(header)).map((header) => header.toLowerCase());

const chunks = (...texts: string[]) => Readable.from(texts.map((text) => Buffer.from(text)));
const streamed = (length?: number, ...texts: string[]): StreamedBody => ({
  open: () => chunks(...texts),
  isRepeatable: true,
  ...(length === undefined ? {} : { length }),
});

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'];

describe('without a body', () => {
  it.each(['POST', 'PUT', 'PATCH', 'PROPFIND', 'QUERY'])(
    'a %s says so, and names no type',
    async (method) => {
      const { headers, body } = await sent(method, undefined);
      expect(framingOf(headers)).toEqual(['content-length: 0']);
      expect(body).toBe('');
    },
  );

  it.each(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE'])('a %s says nothing', async (method) => {
    const { headers, body } = await sent(method, undefined);
    expect(framingOf(headers)).toEqual([]);
    expect(body).toBe('');
  });

  it('a type that was given is sent all the same', async () => {
    const { headers } = await sent('POST', undefined, [['Content-Type', 'application/json']]);
    expect(framingOf(headers)).toEqual(['content-type: application/json', 'content-length: 0']);
  });
});

describe.each(METHODS)('%s with', (method) => {
  it('bytes tells their length once', async () => {
    const { headers, body } = await sent(method, Buffer.from('{"a":1}'), [['content-type', 'text/x']]);
    expect(framingOf(headers)).toEqual(['content-type: text/x', 'content-length: 7']);
    expect(body).toBe('{"a":1}');
  });

  it('no bytes at all tells that', async () => {
    const { headers, body } = await sent(method, new Uint8Array(0));
    expect(framingOf(headers)).toEqual(['content-length: 0']);
    expect(body).toBe('');
  });

  it('a stream of known length tells it once, and is not chunked', async () => {
    const { headers, body } = await sent(method, streamed(9, 'one', 'two', 'six'));
    expect(framingOf(headers)).toEqual(['content-length: 9']);
    expect(body).toBe('onetwosix');
  });

  it('a stream of unknown length is chunked, and tells none', async () => {
    const { headers, body } = await sent(method, streamed(undefined, 'one', 'seven'));
    expect(framingOf(headers)).toEqual(['transfer-encoding: chunked']);
    expect(body).toBe('3\r\none\r\n5\r\nseven\r\n0\r\n\r\n');
  });

  it('a stream that turns out empty is its end alone', async () => {
    const { headers, body } = await sent(method, streamed());
    expect(framingOf(headers)).toEqual(['transfer-encoding: chunked']);
    expect(body).toBe('0\r\n\r\n');
  });
});

it.each(['identity', 'zstd', ''])('an accept-encoding that was given replaces ours: %j', async (value) => {
  const { headers } = await sent('GET', undefined, [['Accept-Encoding', value]]);
  const found = headers.filter((header) => /^accept-encoding:/i.test(header));
  expect(found.map((header) => header.toLowerCase().trim())).toEqual([`accept-encoding: ${value}`.trim()]);
});
