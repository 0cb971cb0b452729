import { describe, expect, it } from 'vitest';
import type { ProxyCall } from '../../src/scalekit/proxy-input.ts';
import { bytesOf, clientOf, failureOf, get } from './client.ts';
import { scriptedServer } from './scripted-server.ts';

/** Refused before anything at all is sent: not even a sign-in. */
async function expectRefusal(call: ProxyCall, error: object): Promise<void> {
  const server = await scriptedServer();
  const failure = await failureOf(clientOf(server.origin).request(call));
  expect(failure).toMatchObject({ kind: 'usage', exitCode: 2, ...error });
  expect(server.attempts).toEqual([]);
}

async function sent(call: ProxyCall) {
  const server = await scriptedServer();
  await bytesOf(await clientOf(server.origin).request(call));
  const attempt = server.attempts.at(-1);
  if (attempt === undefined) throw new Error('nothing was sent');
  return attempt;
}

describe.each(['identifier', 'connectionName'] as const)('an %s', (field) => {
  it.each([
    '日本',
    'user_日本',
    'caf\u00e9',
    '\u00ff',
    'a\u2026',
    '😀',
    'line\nbreak',
    'a\r\nx-evil: 1',
    'tab\there',
    'nul\0',
    'del\u007f',
    '\u0085',
    '\u200b',
    '',
    ' ',
    ' leading',
    'trailing ',
    '\u00a0user',
  ])('that a header cannot carry is refused: %j', async (value) => {
    await expectRefusal(get('/me', { [field]: value }), {});
  });

  it.each(['user_1', 'ada@example.com', 'a b', '"quoted", {json}', '~!#$%^&*()_+', '0', '%0a'])(
    'that it can carry arrives as it is: %j',
    async (value) => {
      const { headers } = await sent(get('/me', { [field]: value }));
      expect(headers[field === 'identifier' ? 'identifier' : 'connection_name']).toBe(value);
    },
  );
});

describe('a path', () => {
  it.each([
    '..',
    '.',
    '/..',
    '/.',
    '/../oauth/token',
    '../../oauth/token',
    '/a/../../oauth/token',
    '/a/..',
    '/a/.',
    '/a/./b',
    '/%2e%2e/oauth/token',
    '/%2E%2E/x',
    '/.%2e/x',
    '/%2e./x',
    '/%2e/x',
    '/a/%2E',
    '/a%2f..%2fb',
    '/a%2F%2e%2e%2Fb',
    '/a%5c..%5cb',
    '/a%5C%2e%2e',
    '%2e%2e/x',
    '/a/..?q=1',
    '/a/%2e%2e?q=1',
    '\\..\\x',
    '/a\\b',
    '/a?q=\\',
    '/#',
    '/a#b',
    '/a?q=1#b',
    '/a\nb',
    '/a\r\nHost: evil',
    '/a\tb',
    '/.\t./x',
    '/.\n./x',
    '/a\0',
    '/a\u007f',
    '/a?q=\u0001',
    'https://evil.example/x',
    'http://evil.example',
    'HTTPS://evil.example/x',
    'ftp://evil.example/x',
    'x+y.z-1://evil',
  ])('that would not arrive as typed is refused: %j', async (path) => {
    await expectRefusal(get(path), { code: 'bad_path', hint: expect.any(String) as unknown });
  });

  it.each([
    ['/v1/me', '/proxy/v1/me'],
    ['v1/me', '/proxy/v1/me'],
    ['/', '/proxy/'],
    ['', '/proxy/'],
    ['?q=1', '/proxy/?q=1'],
    ['//evil.example/x', '/proxy//evil.example/x'],
    ['/a//b/', '/proxy/a//b/'],
    ['/a%2Fb%20c%zz', '/proxy/a%2Fb%20c%zz'],
    ["/a;b=1,c:d@e!$&'()*+=~", "/proxy/a;b=1,c:d@e!$&'()*+=~"],
    ['/...', '/proxy/...'],
    ['/..a/.b/c..', '/proxy/..a/.b/c..'],
    ['/a?to=../b&x=/./&u=https://a/', '/proxy/a?to=../b&x=/./&u=https://a/'],
    ['/a?q=1&q=2&&=&e=%e9+%20', '/proxy/a?q=1&q=2&&=&e=%e9+%20'],
    ['/go/https://a.example/x', '/proxy/go/https://a.example/x'],
    ['/caf\u00e9', '/proxy/caf%C3%A9'],
    ['/a b', '/proxy/a%20b'],
    ['/a ', '/proxy/a%20'],
    ['/a?q=b ', '/proxy/a?q=b%20'],
    [' /a', '/proxy/%20/a'],
    ['/%252e%252e/x', '/proxy/%252e%252e/x'],
  ])('%j arrives as %s', async (path, url) => {
    expect((await sent(get(path))).url).toBe(url);
  });
});

describe('a header', () => {
  const refused = ['host', 'authorization', 'connection_name', 'identifier', 'user-agent', 'connection'];
  const derived = ['content-length', 'transfer-encoding', 'x-sdk-version', 'x-api-version'];
  const spellings = [...refused, ...derived].flatMap((name) => [
    name,
    name.toUpperCase(),
    name.replace(/^./, (letter) => letter.toUpperCase()),
  ]);

  it.each(spellings)('named %s is refused', async (name) => {
    await expectRefusal(
      get('/me', {
        headers: [
          ['Accept', '*/*'],
          [name, 'x'],
        ],
      }),
      {
        code: 'refused_header',
        message: expect.stringContaining(name) as unknown,
        hint: expect.any(String) as unknown,
      },
    );
  });

  it.each(['', 'a b', 'a:', 'a\n', 'n\u00e4me', '(a)', 'a"', 'Host '])(
    'name is refused: %j',
    async (name) => {
      await expectRefusal(get('/me', { headers: [[name, 'x']] }), {});
    },
  );

  it.each(['a\nb', 'a\r\nauthorization: Bearer x', '\0', '\u007f', 'caf\u00e9', '日本', '😀'])(
    'value is refused: %j',
    async (value) => {
      await expectRefusal(get('/me', { headers: [['X-Value', value]] }), {});
    },
  );

  it('arrives as given, repeated ones too', async () => {
    const { rawHeaders, headers } = await sent(
      get('/me', {
        headers: [
          ['X-Trace', '1'],
          ['Accept', 'text/csv'],
          ['x-trace', '2'],
          ['Accept-Encoding', 'identity'],
          ['X-Empty', ''],
          ['Cookie', 'a=1; b=2'],
        ],
      }),
    );
    const values = (wanted: string) =>
      rawHeaders.filter((_, index) => index % 2 === 1 && rawHeaders[index - 1]?.toLowerCase() === wanted);
    expect(values('x-trace')).toEqual(['1', '2']);
    expect(values('x-empty')).toEqual(['']);
    expect(headers).toMatchObject({ accept: 'text/csv', 'accept-encoding': 'identity', cookie: 'a=1; b=2' });
  });
});

describe('a method', () => {
  it.each(['', 'GE T', 'GET\r\n', 'GÉT', 'GET /x HTTP/1.1'])('is refused: %j', async (method) => {
    await expectRefusal(get('/me', { method }), {});
  });
});
