import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { folders } from './run.ts';
import { useEnvironment } from './support/environment.ts';
import { ACCOUNT, sendingIn } from './support/sending.ts';

vi.setConfig({ testTimeout: 20_000 });
const environment = useEnvironment();
const { sentTo, refused } = sendingIn(environment);
const sent = (...argv: string[]) => sentTo('/echo', argv);

describe('what is sent', () => {
  it.each([
    [['/echo'], 'GET', '/echo'],
    [['echo'], 'GET', '/echo'],
    [['delete', '/echo'], 'DELETE', '/echo'],
    [['PATCH', '/echo?a=1'], 'PATCH', '/echo?a=1'],
    [['/echo', '-d', '{}'], 'POST', '/echo'],
    [['PUT', '/echo', '-d', '{}'], 'PUT', '/echo'],
    [
      ['/echo', '-q', 'q=is:open author:me', '-q', 'per_page=5'],
      'GET',
      '/echo?q=is%3Aopen%20author%3Ame&per_page=5',
    ],
    [['/echo?a=b%20c', '-q', 'd=e&f=g+h'], 'GET', '/echo?a=b%20c&d=e%26f%3Dg%2Bh'],
    [['/echo', '-q', 'flag', '-q', 'empty=', '-q', 'ü[]=é'], 'GET', '/echo?flag&empty=&%C3%BC%5B%5D=%C3%A9'],
  ])('%j is %s %s', async (argv, method, url) => {
    expect(await sent(...argv)).toMatchObject({ method, url });
  });

  it("the account's credential and the given headers, a repeated one repeated", async () => {
    const { headers } = await sent(
      '/echo',
      '-H',
      'X-One: 1',
      '-H',
      'x-two:  a: b ',
      '-H',
      'Accept: text/csv',
    );
    expect(headers).toMatchObject({
      authorization: `Bearer ${environment.restToken}`,
      'x-one': '1',
      'x-two': 'a: b',
      accept: 'text/csv',
    });
    expect(headers).not.toHaveProperty('connection_name');
    const twice = await sent('/echo', '-H', 'X-Twice: a', '-H', 'X-Twice: b');
    expect(twice.headers['x-twice']).toBe('a, b');
  });

  it.each([
    ['{"a": 9007199254740993 }', 'application/json'],
    ['[1,2]', 'application/json'],
    ['plain text, é', 'text/plain; charset=utf-8'],
    ['', 'text/plain; charset=utf-8'],
  ])('the body %j as it is, as %s', async (body, type) => {
    const received = await sent('POST', '/echo', '-d', body);
    expect(received.body.toString()).toBe(body);
    expect(received.headers['content-type']).toBe(type);
  });

  it('a content-type that is given', async () => {
    const received = await sent(
      '/echo',
      '-d',
      'a=1&b=2',
      '-H',
      'Content-Type: application/x-www-form-urlencoded',
    );
    expect(received.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(received.body.toString()).toBe('a=1&b=2');
  });

  it.each(['-', '@-'])('the body from stdin with -d %s, byte for byte', async (value) => {
    const bytes = Buffer.from([0xff, 0x00, 0xfe, 0x0a, 0x7b]);
    const { rest } = environment;
    rest.at('/echo', (_request, response) => response.end());
    rest.received.length = 0;
    const result = await environment.run(['request', '/echo', '-d', value, ...ACCOUNT], { stdin: bytes });
    expect(result.exitCode).toBe(0);
    expect(rest.received[0]?.body.equals(bytes)).toBe(true);
  });

  it('the body from a file, relative to the working folder', async () => {
    await writeFile(join(folders.cwd, 'note.json'), '{"title":"Hello"}\n');
    const received = await sent('/echo', '-d', '@note.json');
    expect(received.body.toString()).toBe('{"title":"Hello"}\n');
    expect(received.headers['content-type']).toBe('application/json');
  });
});

describe('what is refused before anything is sent', () => {
  it.each([
    [['/a/../b'], '“.” or “..” segment'],
    [['/a/%2e%2E/b'], '“.” or “..” segment'],
    [['/a\\b'], 'a backslash'],
    [['/a#b'], '“#”'],
    [['https://example.com/a'], 'is a whole URL'],
    [['/a\u0007'], 'the control character U+0007'],
    [['/a', '-H', 'Host: example.com'], 'the header Host cannot be set'],
    [['/a', '-H', 'authorization: Bearer mine'], 'the header authorization cannot be set'],
    [['/a', '-H', 'Connection_Name: other'], 'the header Connection_Name cannot be set'],
    [['/a', '-H', 'identifier: other'], 'the header identifier cannot be set'],
    [['/a', '-H', 'no colon'], 'has no name and value'],
    [['/a', '-H', 'X-A: b\r\nX-C: d'], 'the control character U+000D'],
    [['/a', '-d', '@missing.json'], '-d/--data: missing.json cannot be read'],
    [['G E T', '/a'], '"G E T" is no HTTP method'],
    [['GET', '/a', '/b'], 'too many arguments'],
    [[], 'the path is missing'],
  ])('%j: %s', async (argv, message) => {
    const error = await refused(...argv);
    expect(error.message).toContain(message);
    expect(error.hint).not.toBeNull();
    expect(error.exitCode).toBe(2);
  });

  it.each([
    ['-i', '日本'],
    ['-i', ' user_1'],
    ['-c', 'rést'],
  ])('%s %s, which a header cannot carry', async (flag, value) => {
    const argv = ['request', '/echo', ...ACCOUNT, flag, value, '--no-preflight'];
    const result = await environment.run(argv);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toContain(JSON.stringify(value));
  });
});

describe('the preflight', () => {
  it.each([
    [
      'an account that is not ACTIVE',
      ['-c', 'rest', '-i', 'expired'],
      4,
      "expired's account on rest is EXPIRED",
      '-i expired',
    ],
    [
      'a missing account',
      ['-c', 'rest', '-i', 'nobody'],
      4,
      'nobody has no connected account on rest',
      '-i nobody',
    ],
    [
      'an unknown connection',
      ['-c', 'rst', '-i', 'user_1'],
      2,
      'no connection named "rst"',
      'Did you mean rest',
    ],
  ])('%s', async (_what, account, exitCode, message, hint) => {
    environment.rest.received.length = 0;
    for (const argv of [account, [...account, '--no-preflight']]) {
      const result = await environment.run(['request', '/echo', ...argv]);
      expect(result).toMatchObject({ exitCode });
      expect(result.stderr).toContain(`error: `);
      expect(result.stderr).toContain(message);
      expect(result.stderr).toContain(hint);
    }
    expect(environment.rest.received).toEqual([]);
    expect(environment.statusOf('rest', 'nobody')).toBeUndefined();
  });

  it('--no-preflight asks for no listing', async () => {
    environment.rest.at('/echo', (_request, response) => response.end());
    const calls = async (...flags: string[]) => {
      const { stderr } = await environment.run(['request', '/echo', ...ACCOUNT, '-v', ...flags]);
      return stderr.includes('ListConnectedAccounts');
    };
    expect(await calls()).toBe(true);
    expect(await calls('--no-preflight')).toBe(false);
  });

  it('a proxy that is off is told from the provider', async () => {
    const result = await environment.run(['request', '/echo', '-c', 'off', '-i', 'user_1', '--json']);
    expect(result.exitCode).toBe(5);
    expect(result.error()).toMatchObject({ code: 'proxy_refused', httpStatus: 400 });
    expect(result.error().hint).toContain('proxy_enabled');
  });
});

describe('errors of the provider', () => {
  it.each([
    [400, 'Bad Request', {}, '--dry-run'],
    [401, 'Unauthorized', {}, 'sk-connect authorize -c rest -i user_1 --force'],
    [403, 'Forbidden', {}, 'scopes'],
    [404, 'Not Found', {}, 'base URL'],
    [418, "I'm a Teapot", {}, '--dry-run'],
    [429, 'Too Many Requests', { 'retry-after': '17' }, 'Retry-After: 17'],
    [500, 'Internal Server Error', {}, '--retry 3'],
    [503, 'Service Unavailable', {}, '--retry 3'],
    [599, '', {}, '--retry 3'],
  ])(
    '%i: the body on stdout, one line and a hint on stderr, exit 5',
    async (status, reason, headers, hint) => {
      environment.rest.at('/fails', (_request, response) => {
        response.writeHead(status, reason, {
          'content-type': 'application/json',
          'x-request-id': 'req_7',
          ...headers,
        });
        response.end('{"reason": 1.0}');
      });
      const result = await environment.run(['request', '/fails', ...ACCOUNT]);
      expect(result).toMatchObject({ exitCode: 5, stdout: '{"reason": 1.0}' });
      const [line, next, ...rest] = result.stderr.split('\n');
      expect(line).toBe(`error: the provider answered ${`${status} ${reason}`.trim()} [request id req_7]`);
      expect(next).toContain(hint);
      expect(rest).toEqual(['']);
    },
  );

  it('--json: the answer on stdout, the error as one line on stderr', async () => {
    environment.rest.at('/fails', (_request, response) => response.writeHead(422).end('no'));
    const result = await environment.run(['request', '/fails', ...ACCOUNT, '--json']);
    expect(result.exitCode).toBe(5);
    expect(result.json()).toMatchObject({ status: 422, body: 'no' });
    expect(result.stderr.trimEnd().split('\n')).toHaveLength(1);
    expect(result.error()).toMatchObject({ code: 'provider_error', exitCode: 5, httpStatus: 422 });
  });

  it('--output does not save what is no answer', async () => {
    environment.rest.at('/fails', (_request, response) => response.writeHead(404).end('nothing here'));
    const result = await environment.run(['request', '/fails', '--output', 'saved.txt', ...ACCOUNT]);
    expect(result).toMatchObject({ exitCode: 5, stdout: 'nothing here' });
    expect(result.stderr).not.toContain('Saved');
  });

  it('a provider that is down, and one that breaks off', async () => {
    environment.rest.at('/breaks', (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('begun');
      setImmediate(() => response.destroy());
    });
    const result = await environment.run(['request', '/breaks', ...ACCOUNT]);
    expect(result).toMatchObject({ exitCode: 6, stdout: 'begun' });
    expect(result.stderr).toContain('error: the answer broke off');
  });

  it('a redirect is an answer, and not followed', async () => {
    environment.rest.at('/moved', (_request, response) =>
      response.writeHead(302, { location: '/elsewhere?page=2&token=abcdef' }).end('moved'),
    );
    environment.rest.received.length = 0;
    const result = await environment.run(['request', '/moved', '--include', ...ACCOUNT]);
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toContain('location: /elsewhere?page=2&token=abcdef\n');
    expect(result.stderr).toBe(
      'The provider redirects (302) to /elsewhere?page=2&token=***; redirects are not followed.\n',
    );
    expect(environment.rest.received.map(({ url }) => url)).toEqual(['/moved']);
  });

  it('a method without a path is a slip, not a path', async () => {
    environment.rest.received.length = 0;
    const result = await environment.run(['request', 'POST', ...ACCOUNT]);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toContain('POST is a method: the path is missing');
    expect(environment.rest.received).toEqual([]);
  });
});
