import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it, vi } from 'vitest';
import { folders, type RunOptions, run } from './run.ts';
import { useEnvironment } from './support/environment.ts';

vi.setConfig({ testTimeout: 20_000 });
const environment = useEnvironment();
const ACCOUNT = ['-c', 'rest', '-i', 'user_1'];

async function dryRun(argv: readonly string[], options: RunOptions = {}) {
  environment.rest.received.length = 0;
  const result = await environment.run(['request', ...argv, '--dry-run', ...ACCOUNT], options);
  expect(environment.rest.received).toEqual([]);
  return result;
}

/** The lines of what was printed: the request's head, and its body. */
async function shown(argv: readonly string[], options: RunOptions = {}) {
  const { exitCode, stdout, stderr } = await dryRun(argv, options);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: 'Nothing was sent (--dry-run).\n' });
  const [head = '', ...body] = stdout.split('\n\n');
  const [line, ...headers] = head.split('\n');
  return {
    line,
    headers: headers.map((header) => header.replace(/^[^:]+/, (name) => name.toLowerCase())),
    body: body.join('\n\n'),
  };
}

const file = (name: string) => join(folders.cwd, name);

it('shows the request line, the headers and the body', async () => {
  const { line, headers, body } = await shown(['/v1/notes', '-q', 'x=1', '-d', '{"a": 1}', '-H', 'X-One: 1']);
  expect(line).toBe('POST /proxy/v1/notes?x=1 HTTP/1.1');
  expect(headers).toEqual(
    expect.arrayContaining([
      'accept: */*',
      'content-type: application/json',
      'content-length: 8',
      'x-one: 1',
      'connection_name: rest',
      'identifier: user_1',
      expect.stringMatching(/^user-agent: Scalekit-Node\/2/),
      'authorization: Bearer ***',
      `host: ${new URL(environment.sandbox.env.SCALEKIT_ENV_URL).host}`,
    ]),
  );
  expect(body).toBe('{"a": 1}\n');
});

it('needs no network: the environment may be out of reach, the account not be there', async () => {
  const env = {
    SCALEKIT_ENV_URL: 'https://nowhere.invalid',
    SCALEKIT_CLIENT_ID: 'skc_nobody',
    SCALEKIT_CLIENT_SECRET: 'nothing-that-is-known',
  };
  const result = await run(['request', '/x', '--dry-run', '-c', 'nothing', '-i', 'nobody'], { env });
  expect(result.exitCode).toBe(0);
  expect(result.stdout).toMatch(/^GET \/proxy\/x HTTP\/1.1\n/);
  expect(result.stdout).toMatch(/^host: nowhere\.invalid$/im);
});

it('names the variables that are missing', async () => {
  const result = await run(['request', '/x', '--dry-run', ...ACCOUNT]);
  expect(result).toMatchObject({ exitCode: 2, stdout: '' });
  expect(result.stderr).toContain('SCALEKIT_ENV_URL');
});

it.each([
  [['/../x'], 'segment'],
  [['/x', '-H', 'Host: a'], 'Host'],
])('refuses what would be refused: %j', async (argv, words) => {
  const { exitCode, stdout, stderr } = await dryRun(argv);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(words);
});

describe('secrets', () => {
  const secret = 'hunter2-hunter2';

  it('are masked in the query, in headers and in cookies', async () => {
    const { line, headers } = await shown([
      `/x?page=2&api_key=${secret}`,
      '-q',
      `access_token=${secret}`,
      '-H',
      `X-Api-Key: ${secret}`,
      '-H',
      `Cookie: sid=${secret}; theme=dark`,
    ]);
    expect(line).toBe('GET /proxy/x?page=2&api_key=***&access_token=*** HTTP/1.1');
    expect(headers).toEqual(expect.arrayContaining(['x-api-key: ***', 'cookie: sid=***; theme=***']));
    expect(JSON.stringify(headers)).not.toContain(secret);
  });

  it.each([
    [
      ['-d', `{"user":"ada","password":"${secret}","n":1e400}`],
      '{"user":"ada","password":"***","n":1e400}\n',
    ],
    [['-f', `login[secret]=${secret}`], '"secret":"***"'],
    [['--urlencoded', 'user=ada', '--urlencoded', `password=${secret}`], 'user=ada&password=***\n'],
    [['--form', 'user=ada', '--form', `token=${secret}`], 'user=ada\ntoken=***\n'],
  ])('are masked in the body: %j', async (argv, expected) => {
    const { body } = await shown(['/x', ...argv]);
    expect(body.replaceAll(/(?<=[{,:])\s+|\s+(?=})/g, '')).toContain(expected);
    expect(body).not.toContain(secret);
  });

  it('that the environment has are masked wherever they stand', async () => {
    const clientSecret = environment.sandbox.env.SCALEKIT_CLIENT_SECRET;
    const { body } = await shown(['/x', '-d', `a text with ${clientSecret} in it`]);
    expect(body).toBe('a text with *** in it\n');
  });

  it('are masked under --json too', async () => {
    const result = await dryRun([
      `/x?token=${secret}`,
      '-d',
      `{"token":"${secret}"}`,
      '-H',
      `X-Secret: ${secret}`,
      '--json',
    ]);
    expect(result.stdout).not.toContain(secret);
    expect(result.json()).toMatchObject({ body: { token: '***' }, headers: { 'x-secret': '***' } });
  });
});

describe('a body', () => {
  it('that is in a file is named, not read: 5 GB of it take no time', async () => {
    await writeFile(file('big.bin'), '');
    await truncate(file('big.bin'), 5_000_000_000);
    const { headers, body } = await shown(['/x', '-d', '@big.bin', '-H', 'content-type: application/zip']);
    expect(headers).toContain('content-length: 5000000000');
    expect(body).toBe('(5,000,000,000 bytes from big.bin)\n');
  });

  it('of a small file is named too, with the type that it has', async () => {
    await writeFile(file('small.json'), '{"token":"in-a-file"}');
    const { headers, body } = await shown(['/x', '-d', '@small.json']);
    expect(headers).toEqual(expect.arrayContaining(['content-type: application/json', 'content-length: 21']));
    expect(body).toBe('(21 bytes from small.json)\n');
  });

  it('of stdin is shown where it had to be read to tell its type', async () => {
    const { headers, body } = await shown(['/x', '-d', '-'], { stdin: '{"a":1}' });
    expect(headers).toContain('content-type: application/json');
    expect(body).toBe('{"a":1}\n');
  });

  it('of stdin is left unread where -H tells its type', async () => {
    const { headers, body } = await shown(['/x', '-d', '-', '-H', 'Content-Type: text/csv']);
    expect(headers).toContain('transfer-encoding: chunked');
    expect(body).toBe('(stdin, as it comes)\n');
  });

  it('of several parts is shown part by part, files by their names', async () => {
    await writeFile(file('a b.pdf'), 'twelve bytes');
    const { headers, body } = await shown([
      '/x',
      '--form',
      'title=R\u00e9sum\u00e9',
      '--form',
      'file=@a b.pdf',
    ]);
    expect(headers).toContainEqual(expect.stringMatching(/^content-type: multipart\/form-data; boundary=/));
    expect(body).toBe(
      'title=R\u00e9sum\u00e9\nfile=@a b.pdf;type=application/pdf;filename=a b.pdf (12 bytes from a b.pdf)\n',
    );
  });

  it('that is none is nothing', async () => {
    expect((await shown(['/x'])).body).toBe('');
    expect((await shown(['POST', '/x'])).body).toBe('');
  });
});

describe('on a terminal', () => {
  it('JSON is laid out, and control characters are visible', async () => {
    const { stdout } = await dryRun(['/x', '-d', '{"a":[1],"b":"\\u001b"}'], { terminal: true });
    expect(stripVTControlCharacters(stdout)).toContain('\n\n{\n  "a": [\n    1\n  ],\n');
    const text = await dryRun(['/x', '-d', 'a\u001b[31mb'], { terminal: true });
    expect(text.stdout).toContain('a\u241b[31mb\n');
  });

  it('--quiet leaves the notice out', async () => {
    expect((await dryRun(['/x', '--quiet'])).stderr).toBe('');
  });
});

describe('--json', () => {
  it.each<[argv: string[], expected: object]>([
    [['/x?a=1'], { method: 'GET', body: null, bodyEncoding: null }],
    [['PUT', '/x?a=1', '-d', '{"n":1}'], { method: 'PUT', body: { n: 1 }, bodyEncoding: 'json' }],
    [['/x?a=1', '-d', 'text'], { method: 'POST', body: 'text', bodyEncoding: 'utf8' }],
    [
      ['/x?a=1', '-d', '@empty.bin'],
      { body: null, bodyEncoding: null, bodySource: { kind: 'file', name: 'empty.bin', length: 0 } },
    ],
    [
      ['/x?a=1', '--form', 'k=v'],
      { body: null, bodySource: { kind: 'multipart', parts: [{ name: 'k', value: 'v' }] } },
    ],
  ])('is one document: %j', async (argv, expected) => {
    await writeFile(file('empty.bin'), '');
    const result = await dryRun([...argv, '--json']);
    expect(result.exitCode).toBe(0);
    expect(result.json()).toMatchObject({
      url: `${environment.sandbox.env.SCALEKIT_ENV_URL}/proxy/x?a=1`,
      headers: {
        identifier: 'user_1',
        authorization: 'Bearer ***',
        'user-agent': expect.stringContaining('Scalekit') as unknown,
      },
      ...expected,
    });
  });

  it('keeps number literals, and repeated headers as a list', async () => {
    const result = await dryRun([
      '/x',
      '-d',
      '{"id":9007199254740993}',
      '-H',
      'X-A: 1',
      '-H',
      'X-A: 2',
      '--json',
    ]);
    expect(result.stdout).toContain('"body":{"id":9007199254740993}');
    expect(result.json()).toMatchObject({ headers: { 'x-a': ['1', '2'] } });
  });

  it('is filtered by --jq', async () => {
    expect((await dryRun(['/x', '--json', '--jq', '.method'])).stdout).toBe('"GET"\n');
  });

  it('of bytes is base64', async () => {
    const result = await dryRun(['/x', '-d', '-', '--json'], { stdin: Buffer.from([0xff, 0, 1]) });
    expect(result.json()).toMatchObject({ body: '/wAB', bodyEncoding: 'base64' });
    expect((await shown(['/x', '-d', '-'], { stdin: Buffer.from([0xff, 0, 1]) })).body).toBe(
      '(3 bytes that are no text)\n',
    );
  });
});
