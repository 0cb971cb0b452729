import { STATUS_CODES } from 'node:http';
import { describe, expect, it } from 'vitest';
import { bytesOf, clientOf, get, post, textOf } from './client.ts';
import { type HttpAnswer, scriptedServer } from './scripted-server.ts';

/** The very bytes of an answer; its connection ends with it. */
function raw(head: string, body: Uint8Array | string = ''): HttpAnswer {
  return (response) => {
    response.socket?.write(Buffer.from(`${head}\r\n\r\n`, 'latin1'));
    response.socket?.end(body);
  };
}

const hasNoBody = (status: number) => status === 204 || status === 304;

describe('the status', () => {
  it('arrives as it was sent, from 200 to 599, with reason, headers and bytes', async () => {
    const server = await scriptedServer({
      proxy: (response, { url }) => {
        const status = Number(url.split('/').at(-1));
        response.writeHead(status, `Reason ${status}`, ['X-Status', String(status)]);
        response.end(hasNoBody(status) ? undefined : Buffer.from([status & 0xff, 0, 0xff]));
      },
    });
    const client = clientOf(server.origin);
    const seen: unknown[] = [];
    const sent: unknown[] = [];
    for (let status = 200; status <= 599; status++) {
      const response = await client.request(get(`/status/${status}`));
      const body = [...(await bytesOf(response))];
      const header = response.headers.find(([name]) => name === 'X-Status')?.[1];
      seen.push({ status: response.status, reason: response.statusText, header, body });
      const sentBody = hasNoBody(status) ? [] : [status & 0xff, 0, 0xff];
      sent.push({ status, reason: `Reason ${status}`, header: String(status), body: sentBody });
    }
    expect(seen).toEqual(sent);
    expect(server.count('proxy')).toBe(400);
    expect(server.count('oauth/token')).toBe(1);
  });

  it.each(['', 'OK', "I'm a teapot", 'Pas trouvé', '\u00ff \u0080', 'a  b', 'x'.repeat(2000)])(
    'keeps its reason: %j',
    async (reason) => {
      const server = await scriptedServer({ proxy: raw(`HTTP/1.1 418 ${reason}\r\nContent-Length: 0`) });
      const response = await clientOf(server.origin).request(get('/tea'));
      expect(response).toMatchObject({ status: 418, statusText: reason, answeredBy: 'provider' });
    },
  );

  it('may come without a space for its reason', async () => {
    const server = await scriptedServer({ proxy: raw('HTTP/1.1 200\r\nContent-Length: 2', 'ok') });
    const response = await clientOf(server.origin).request(get('/'));
    expect(response).toMatchObject({ status: 200, statusText: '' });
    expect(await textOf(response)).toBe('ok');
  });

  it.each([200, 404, 500])('%i to HEAD comes without a body, and does not wait for one', async (status) => {
    const server = await scriptedServer({
      proxy: (response) =>
        response.writeHead(status, { 'content-type': 'application/json', 'content-length': 1000 }).end(),
    });
    const response = await clientOf(server.origin).request(get('/', { method: 'HEAD' }));
    expect(response.status).toBe(status);
    expect(response.headers).toContainEqual(['content-length', '1000']);
    expect(await bytesOf(response)).toHaveLength(0);
  });

  it('after interim answers is the final one', async () => {
    const interim = 'HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n';
    const server = await scriptedServer({
      proxy: raw(`${interim}HTTP/1.1 201 Created\r\nContent-Length: 0`),
    });
    expect(await clientOf(server.origin).request(get('/'))).toMatchObject({ status: 201 });
  });
});

describe('headers', () => {
  it('keep order, spelling, repetition and bytes', async () => {
    const headers: [string, string][] = [
      ['Set-Cookie', 'a=1; Path=/'],
      ['X-Zebra', 'first'],
      ['set-cookie', 'b=2'],
      ['x-zebra', 'second, third'],
      ['SET-COOKIE', 'a=1; Path=/'],
      ['Retry-After', '120'],
      ['Retry-After', '240'],
      ['X-Latin', 'caf\u00e9'],
      ['X-Empty', ''],
      ['Content-Type', 'text/plain'],
      ['Content-Type', 'text/html'],
      ['Via', '1.1 a'],
      ['__proto__', 'x'],
      ['Content-Length', '0'],
    ];
    const lines = headers.map(([name, value]) => `${name}: ${value}`);
    const server = await scriptedServer({ proxy: raw(['HTTP/1.1 503 Busy', ...lines].join('\r\n')) });
    const response = await clientOf(server.origin).request(get('/'));
    expect(response.headers).toEqual(headers);
  });
});

describe('a redirect', () => {
  const redirects = [300, 301, 302, 303, 305, 307, 308];

  it.each(redirects)('(%i) to another origin is an answer: nobody else is called', async (status) => {
    const elsewhere = await scriptedServer();
    const location = `${elsewhere.origin}/landing?token=x`;
    const server = await scriptedServer({
      proxy: (response) => response.writeHead(status, { location }).end('moved'),
    });
    for (const call of [get('/me'), post('/pay', '{"a":1}')]) {
      const response = await clientOf(server.origin).request(call);
      expect(response.status).toBe(status);
      expect(response.headers).toContainEqual(['location', location]);
      expect(await textOf(response)).toBe('moved');
    }
    expect(elsewhere.attempts).toEqual([]);
    const calls = server.attempts.filter(({ kind }) => kind === 'proxy');
    expect(calls.map(({ method, body }) => `${method} ${body.toString()}`)).toEqual(['GET ', 'POST {"a":1}']);
  });

  it.each(redirects)('(%i) within the environment is an answer too', async (status) => {
    const headers = { location: '/proxy/elsewhere' };
    const server = await scriptedServer({ proxy: (response) => response.writeHead(status, headers).end() });
    expect((await clientOf(server.origin).request(post('/pay', '{}'))).status).toBe(status);
    expect(server.count('proxy')).toBe(1);
  });
});

it('a reason phrase that the status does not usually have is not corrected', async () => {
  const server = await scriptedServer({ proxy: raw('HTTP/1.1 200 Not OK\r\nContent-Length: 0') });
  const { statusText } = await clientOf(server.origin).request(get('/'));
  expect(statusText).toBe('Not OK');
  expect(statusText).not.toBe(STATUS_CODES[200]);
});
