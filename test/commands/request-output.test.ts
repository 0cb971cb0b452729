import { execFileSync } from 'node:child_process';
import { readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { folders, type RunOptions } from './run.ts';
import { addSecret } from './secrets.ts';
import { useEnvironment } from './support/environment.ts';

vi.setConfig({ testTimeout: 20_000 });
const environment = useEnvironment();

interface Given {
  body?: string | Uint8Array;
  type?: string;
  headers?: Record<string, string | string[]>;
  status?: number;
}

/** Answers with these bytes and gives what the command made of them. */
function answered(
  { body = '', type, headers = {}, status = 200 }: Given,
  argv: string[] = [],
  options?: RunOptions,
) {
  environment.rest.at('/thing', (_request, response) => {
    response.writeHead(status, { ...(type === undefined ? {} : { 'content-type': type }), ...headers });
    response.end(body);
  });
  return environment.run(['request', '/thing', '-c', 'rest', '-i', 'user_1', ...argv], options);
}

const onTerminal: RunOptions = { terminal: ['stdout', 'stderr'] };
const everyByte = Uint8Array.from({ length: 256 }, (_, index) => index);
const odd = '{"b": 9007199254740993,"a":1e400, "b" : -0.0,\r\n "u":"\\u00e9\\/"}';

const kinds: [string, Given][] = [
  ['JSON', { body: odd, type: 'application/json' }],
  ['binary', { body: everyByte, type: 'application/octet-stream' }],
  ['binary that says it is JSON', { body: everyByte, type: 'application/json' }],
  ['Latin-1', { body: Buffer.from('caf\xe9', 'latin1'), type: 'text/plain; charset=iso-8859-1' }],
  ['a BOM', { body: '\uFEFF{"a":1}', type: 'application/json' }],
  ['a gzip file', { body: gzipSync('inside'), type: 'application/gzip' }],
  ['NDJSON', { body: '{"a":1}\n{"a":2}\n', type: 'application/x-ndjson' }],
  ['text without a newline', { body: 'true', type: 'text/plain' }],
  ['terminal controls', { body: '\x1b[2Jhi\x07', type: 'text/plain' }],
  ['nothing', {}],
  ['nothing, with 204', { status: 204 }],
  ['3 MB', { body: Buffer.alloc(3_000_000, 'x\r\n') }],
];

/** One frame of one raw block (RFC 8878 section 3.1.1). */
function zstd(content: string | Uint8Array): Buffer {
  const bytes = Buffer.from(content);
  const frame = [0x28, 0xb5, 0x2f, 0xfd, 0x20, bytes.length];
  return Buffer.concat([Buffer.from([...frame, (bytes.length << 3) | 1, bytes.length >> 5, 0]), bytes]);
}

describe('in a pipe', () => {
  it.each(kinds)('%s: byte for byte, and nothing on stderr', async (_kind, given) => {
    const result = await answered(given);
    expect(result.bytes.equals(Buffer.from(given.body ?? ''))).toBe(true);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it.each([
    ['gzip', gzipSync('payload')],
    ['x-gzip', gzipSync('payload')],
    ['deflate', deflateSync('payload')],
    ['deflate', deflateRawSync('payload')],
    ['br', brotliCompressSync('payload')],
    ['identity', Buffer.from('payload')],
    ['gzip, br', brotliCompressSync(gzipSync('payload'))],
    ['zstd', zstd('payload')],
    ['gzip, zstd', zstd(gzipSync('payload'))],
    ['compress', Buffer.from('payload')],
    ['gzip, compress', Buffer.from('payload')],
  ])('Content-Encoding %s', async (encoding, body) => {
    const result = await answered({ body, headers: { 'content-encoding': encoding } });
    expect(result).toMatchObject({ exitCode: 0, stdout: 'payload' });
  });

  it.each([
    ['no bytes', '', 200],
    ['204', '', 204],
    ['304', '', 304],
  ])('Content-Encoding gzip and nothing behind it: %s', async (_what, body, status) => {
    const result = await answered({ body, status, headers: { 'content-encoding': 'gzip' } });
    expect(result).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
  });

  it('HEAD of something encoded', async () => {
    environment.rest.at('/head', (_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': '20' }).end(),
    );
    const argv = ['request', 'HEAD', '/head', '-c', 'rest', '-i', 'user_1', '--include'];
    const result = await environment.run(argv);
    expect(result.stdout).toMatch(/^HTTP\/1\.1 200 OK\n(.+: .+\n)+\n$/);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('what is not what its Content-Encoding says', async () => {
    const result = await answered({ body: 'no gzip', headers: { 'content-encoding': 'gzip' } }, ['--json']);
    expect(result.exitCode).toBe(6);
    expect(result.error()).toMatchObject({ code: 'broken_response' });
  });
});

describe('on a terminal', () => {
  it('JSON is laid out; literals, key order and repeated keys stay', async () => {
    const result = await answered({ body: odd, type: 'application/json' }, [], onTerminal);
    const painted = result.stdout;
    expect(painted).toContain('\u001b[');
    const plain = await answered({ body: odd, type: 'application/json' }, ['--no-color'], onTerminal);
    expect(plain.stdout).toBe(
      '{\n  "b": 9007199254740993,\n  "a": 1e400,\n  "b": -0.0,\n  "u": "\\u00e9\\/"\n}\n',
    );
    // oxlint-disable-next-line no-control-regex -- the colours are what is taken away
    expect(painted.replace(/\u001b\[\d+m/g, '')).toBe(plain.stdout);
  });

  it.each([
    ['text', 'plain', 'text/plain', 'plain\n'],
    ['text with a newline', 'plain\n', 'text/plain', 'plain\n'],
    ['no declared type', 'plain', undefined, 'plain\n'],
    ['Latin-1', Buffer.from('caf\xe9', 'latin1'), 'text/plain; charset=ISO-8859-1', 'café\n'],
    ['a BOM before JSON', '\uFEFF[1]', 'application/json', '[\n  1\n]\n'],
    ['empty containers', '{"a":[],"b":{}}', 'application/json', '{\n  "a": [],\n  "b": {}\n}\n'],
    ['JSON that is none', '{"a":', 'application/json', '{"a":\n'],
    ['controls in text', 'a\x1b[2Jb\x07\tc\r\n\x9bd', 'text/plain', 'a␛[2Jb␇\tc\r\n\\u009bd\n'],
    ['controls in JSON', '{"a\u202e":"\x7f\u2066"}', 'application/json', '{\n  "a\\u202e": "␡\\u2066"\n}\n'],
    ['nothing', '', 'text/plain', ''],
  ])('%s', async (_what, body, type, shown) => {
    const result = await answered(
      { body, ...(type === undefined ? {} : { type }) },
      ['--no-color'],
      onTerminal,
    );
    expect(result).toMatchObject({ exitCode: 0, stdout: shown, stderr: '' });
  });

  it('binary is refused, with the way to have it', async () => {
    const result = await answered({ body: everyByte, type: 'image/png' }, [], onTerminal);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toContain('256 bytes (image/png)');
    expect(result.stderr).toContain('--output FILE');
    const passed = await answered({ body: everyByte }, ['--output', '-'], onTerminal);
    expect(passed.exitCode).toBe(0);
    expect(passed.bytes.equals(Buffer.from(everyByte))).toBe(true);
  });

  it('a header cannot move the cursor', async () => {
    const given = { body: 'x', headers: { 'x-evil': 'a\u009bb' } };
    const result = await answered(given, ['--include', '--no-color'], onTerminal);
    expect(result.stdout).toContain('x-evil: a\\u009bb\n');
  });
});

describe('--include', () => {
  it('the status line and the headers as they came, cookies masked, then the body', async () => {
    addSecret('a session cookie', 'sess_0123456789abcdef');
    const result = await answered(
      {
        body: '{"a":1}',
        headers: {
          'X-Spelled': 'So',
          'set-cookie': ['sid=sess_0123456789abcdef; Path=/; HttpOnly', 'b=sess_0123456789abcdef'],
        },
      },
      ['--include'],
    );
    expect(result.stdout).toMatch(/^HTTP\/1\.1 200 OK\nX-Spelled: So\n/);
    expect(result.stdout).toContain('\nset-cookie: sid=***; Path=/; HttpOnly\nset-cookie: b=***\n');
    expect(result.stdout.endsWith('\n\n{"a":1}')).toBe(true);
  });
});

describe('--json', () => {
  it('the shape', async () => {
    const result = await answered(
      {
        body: odd,
        type: 'application/json',
        status: 201,
        headers: { 'X-Twice': ['a', 'b'], 'set-cookie': 'sid=sess_0123456789abcdef; Path=/' },
      },
      ['--json'],
    );
    expect(result.exitCode).toBe(0);
    expect(result.stdout.trimEnd()).not.toContain('\n');
    const document = result.json() as Record<string, unknown>;
    expect(Object.keys(document)).toEqual([
      'status',
      'statusText',
      'headers',
      'body',
      'bodyEncoding',
      'durationMs',
    ]);
    expect(document).toMatchObject({
      status: 201,
      statusText: 'Created',
      bodyEncoding: 'json',
      durationMs: expect.any(Number),
      headers: { 'content-type': 'application/json', 'x-twice': ['a', 'b'], 'set-cookie': 'sid=***; Path=/' },
    });
    expect(result.stdout).toContain('"body":{"b":9007199254740993,"a":1e400,"b":-0.0,"u":"\\u00e9\\/"}');
  });

  it.each([
    ['text', 'a\tb', 'text/plain', 'utf8', 'a\tb'],
    ['text that looks like JSON', 'true', 'text/plain', 'utf8', 'true'],
    ['JSON of no declared type', 'true', undefined, 'json', true],
    ['JSON with a suffix', '{}', 'application/problem+json; charset=utf-8', 'json', {}],
    ['JSON behind a byte order mark', '\uFEFF{}', 'application/json', 'json', {}],
    ['JSON in UTF-16', Buffer.from('\uFEFF[1]', 'utf16le'), 'application/json', 'json', [1]],
    ['JSON that is none', '{', 'application/json', 'utf8', '{'],
    ['Latin-1', Buffer.from('\xe9', 'latin1'), 'text/plain; charset=latin1', 'utf8', 'é'],
    ['binary', everyByte, 'image/png', 'base64', Buffer.from(everyByte).toString('base64')],
    ['nothing', '', 'application/json', 'utf8', ''],
  ])('the body: %s', async (_what, body, type, bodyEncoding, expected) => {
    const result = await answered({ body, ...(type === undefined ? {} : { type }) }, ['--json']);
    expect(result.json()).toMatchObject({ body: expected, bodyEncoding });
  });

  it('--jq filters the body; with --json the document about it', async () => {
    const given = { body: '{"id":9007199254740993}', type: 'application/json' };
    expect(await answered(given, ['--jq', '.id'])).toMatchObject({
      exitCode: 0,
      stdout: '9007199254740993\n',
    });
    expect(await answered(given, ['--json', '--jq', '.body.id, .status'])).toMatchObject({
      exitCode: 0,
      stdout: '9007199254740993\n200\n',
    });
  });

  it('--jq leaves an error as it came, and refuses what is no JSON', async () => {
    const failed = await answered({ body: '{"why":1.10}', type: 'application/json', status: 404 }, [
      '--jq',
      '.id',
    ]);
    expect(failed).toMatchObject({ exitCode: 5, stdout: '{"why":1.10}' });
    const html = await answered({ body: '<p>', type: 'text/html' }, ['--jq', '.id']);
    expect(html).toMatchObject({ exitCode: 2, stdout: '' });
    expect(html.error().code).toBe('not_json');
    const empty = await answered({ body: '', type: 'application/json' }, ['--jq', '.id']);
    expect(empty.error()).toMatchObject({
      code: 'not_json',
      message: expect.stringContaining('an empty body'),
    });
  });

  it('a wrong --jq is found before anything is sent', async () => {
    const wrong = await answered({ body: '{}', type: 'application/json' }, ['--jq', '.body |']);
    expect(wrong).toMatchObject({ exitCode: 2, stdout: '' });
    expect(wrong.error().code).toBe('bad_jq');
  });

  it('with --output the body goes to the file, and the document says so', async () => {
    const given = { body: '{"id":1}', type: 'application/json' };
    const result = await answered(given, ['--json', '--output', 'described.json']);
    expect(result.json()).toMatchObject({ status: 200, body: null, bodyEncoding: null });
    expect(await readFile(join(folders.cwd, 'described.json'), 'utf8')).toBe('{"id":1}');
  });
});

describe('--output', () => {
  const files = async () => (await readdir(folders.cwd)).filter((name) => name.startsWith('saved'));

  it.each(kinds)('%s: byte for byte, even on a terminal', async (_kind, given) => {
    const result = await answered(given, ['--output', 'saved.bin'], onTerminal);
    expect(result).toMatchObject({ exitCode: 0, stdout: '' });
    expect(result.stderr).toMatch(/^Saved [\d,]+ bytes to saved\.bin\n$/);
    const saved = await readFile(join(folders.cwd, 'saved.bin'));
    expect(saved.equals(Buffer.from(given.body ?? ''))).toBe(true);
    expect(await files()).toEqual(['saved.bin']);
  });

  it('a transfer that breaks off leaves the old file, and nothing half-written', async () => {
    await writeFile(join(folders.cwd, 'saved.bin'), 'old');
    environment.rest.at('/breaks', (_request, response) => {
      response.writeHead(200, { 'content-length': '1000' });
      response.write('new');
      setImmediate(() => response.destroy());
    });
    const argv = ['request', '/breaks', '--output', 'saved.bin', '-c', 'rest', '-i', 'user_1'];
    expect(await environment.run(argv)).toMatchObject({ exitCode: 6, stdout: '' });
    expect(await readFile(join(folders.cwd, 'saved.bin'), 'utf8')).toBe('old');
    expect(await files()).toEqual(['saved.bin']);
  });

  it('a link to a file is written through', async () => {
    await writeFile(join(folders.cwd, 'saved.target'), 'old');
    await symlink('saved.target', join(folders.cwd, 'saved.link'));
    expect(await answered({ body: 'new' }, ['--output', 'saved.link'])).toMatchObject({ exitCode: 0 });
    expect(await readFile(join(folders.cwd, 'saved.target'), 'utf8')).toBe('new');
  });

  it('a named pipe is written to, and stays one', async () => {
    const pipe = join(folders.home, 'pipe');
    execFileSync('mkfifo', [pipe]);
    const [result, read] = await Promise.all([
      answered({ body: 'into the pipe' }, ['--output', pipe]),
      readFile(pipe, 'utf8'),
    ]);
    expect(result).toMatchObject({ exitCode: 0, stdout: '' });
    expect(read).toBe('into the pipe');
    expect((await stat(pipe)).isFIFO()).toBe(true);
  });

  it.each([
    ['a folder that is missing', 'missing/saved.bin'],
    ['a folder', '.'],
  ])('%s is a usage error', async (_what, name) => {
    const result = await answered({ body: 'x' }, ['--output', name, '--json']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error().message).toContain(`--output ${name} cannot be written`);
  });

  it('--quiet says nothing', async () => {
    expect(await answered({ body: 'x' }, ['--output', 'saved.bin', '--quiet'])).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: '',
    });
  });
});
