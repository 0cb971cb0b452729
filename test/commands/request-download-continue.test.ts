import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { folders } from './run.ts';
import { useEnvironment } from './support/environment.ts';
import type { Received } from './support/http.ts';

const environment = useEnvironment();
beforeEach(async () => {
  await rm(folders.cwd, { recursive: true, force: true });
  await mkdir(folders.cwd);
});
const CONTENT = 'abcdefghijklmnopqrstuvwxyz';
const path = (name: string) => join(folders.cwd, name);
const file = (name: string) => readFile(path(name), 'utf8');
const names = async () => (await readdir(folders.cwd)).toSorted();
const argv = ['request', '/file', '-c', 'rest', '-i', 'user_1', '--output', 'report'];
const PATIENT = { timeout: 10_000 };
const KEPT = ['report.part', 'report.part.json'];

/** A provider that knows Range and If-Range, and breaks off after `breakAt` bytes of an answer. */
function serve({
  etag = '"v1"',
  content = CONTENT,
  breakAt,
  headers = {},
}: {
  etag?: string;
  content?: string;
  breakAt?: number;
  headers?: Record<string, string>;
} = {}): void {
  environment.rest.at('/file', (request, response) => {
    const { status, from } = asked(request, etag, content.length);
    if (status === 416) {
      response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
      return;
    }
    const body = content.slice(from);
    response.writeHead(status, {
      etag,
      'content-length': body.length,
      ...(status === 206 ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` } : {}),
      ...headers,
    });
    if (breakAt === undefined) response.end(body);
    else breakOff(response, body.slice(0, breakAt));
  });
}

function asked({ headers }: Received, etag: string, length: number): { status: number; from: number } {
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
  const ifRange = headers['if-range'];
  if (headers.range === undefined || (ifRange !== undefined && ifRange !== etag))
    return { status: 200, from: 0 };
  return from >= length ? { status: 416, from } : { status: 206, from };
}

/** Once the beginning has reached the disk: how much of it a broken connection takes along is not known. */
function breakOff(response: ServerResponse, beginning: string): void {
  const written = async () => {
    const found = await names();
    const texts = await Promise.all(found.map((name) => file(name).catch(() => '')));
    return texts.some((text) => text.endsWith(beginning));
  };
  const end = () => void response.destroy();
  response.write(beginning);
  expect.poll(written, PATIENT).toBe(true).then(end, end);
}

const lastHeaders = () => environment.rest.received.at(-1)?.headers ?? {};

describe('a download that breaks off', () => {
  it('keeps what came, and says how to go on; --continue gets the rest', async () => {
    serve({ breakAt: 10 });
    const broken = await environment.run([...argv, '--json']);
    expect(broken).toMatchObject({ exitCode: 6, stdout: '' });
    expect(broken.error()).toMatchObject({
      code: 'broken_response',
      hint: '10 bytes are kept in report.part: run it again with --continue to get the rest.',
    });
    expect(await names()).toEqual(KEPT);
    expect(await file('report.part')).toBe(CONTENT.slice(0, 10));

    serve({ breakAt: 5 });
    expect(await environment.run([...argv, '--continue'])).toMatchObject({ exitCode: 6 });
    expect(await file('report.part')).toBe(CONTENT.slice(0, 15));

    serve();
    expect(await environment.run([...argv, '--continue'])).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: 'Saved 26 bytes to report\n',
    });
    expect(lastHeaders()).toMatchObject({
      range: 'bytes=15-',
      'if-range': '"v1"',
      'accept-encoding': 'identity',
    });
    expect(await names()).toEqual(['report']);
    expect(await file('report')).toBe(CONTENT);
  });

  it.each([
    ['Ctrl-C', 130, []],
    ['--timeout', 6, ['--timeout', '2']],
  ])('%s keeps it too', async (what, exitCode, flags) => {
    environment.rest.at('/file', (_request, response) => {
      response.writeHead(200, { etag: '"v1"', 'content-length': 26 });
      response.write(CONTENT.slice(0, 10));
    });
    const running = environment.start([...argv, ...flags]);
    await expect.poll(async () => (await readdir(folders.cwd)).length, PATIENT).toBe(1);
    await expect.poll(async () => file((await names())[0] ?? ''), PATIENT).toBe(CONTENT.slice(0, 10));
    if (what === 'Ctrl-C') running.interrupt();
    const result = await running.finished;
    expect(result.exitCode).toBe(exitCode);
    expect(result.stderr).toContain('10 bytes are kept in report.part');
    expect(await file('report.part')).toBe(CONTENT.slice(0, 10));
  });

  it.each([
    ['without a validator', { headers: { etag: 'W/"weak"' } }],
    ['encoded', { headers: { 'content-encoding': 'x-odd' } }],
    ['by who knows no ranges', { headers: { 'accept-ranges': 'none' } }],
  ])('%s leaves nothing', async (_what, given) => {
    serve({ breakAt: 10, ...given });
    const result = await environment.run(argv);
    expect(result.exitCode).toBe(6);
    expect(result.stderr).not.toContain('--continue');
    expect(await names()).toEqual([]);
  });

  it('of a POST leaves nothing', async () => {
    serve({ breakAt: 10 });
    expect(await environment.run([...argv, '-X', 'POST'])).toMatchObject({ exitCode: 6 });
    expect(await names()).toEqual([]);
  });

  it('leaves a file that somebody else called report.part alone', async () => {
    await writeFile(path('report.part'), 'mine');
    serve({ breakAt: 10 });
    expect(await environment.run(argv)).toMatchObject({ exitCode: 6 });
    expect(await names()).toEqual(['report.part']);
    expect(await file('report.part')).toBe('mine');
  });
});

/** As an earlier run leaves it. */
async function leavePart(): Promise<void> {
  serve({ breakAt: 10 });
  await environment.run(argv);
  expect(await names()).toEqual(expect.arrayContaining(KEPT));
}

describe('--continue with what an earlier run left', () => {
  it('another version: from the beginning', async () => {
    await leavePart();
    serve({ etag: '"v2"', content: 'another version' });
    const result = await environment.run([...argv, '--continue']);
    expect(result).toMatchObject({ exitCode: 0, stdout: '' });
    expect(result.stderr).toBe('The provider sends report from its beginning.\nSaved 15 bytes to report\n');
    expect(await names()).toEqual(['report']);
    expect(await file('report')).toBe('another version');
  });

  it('all of it was there: 416', async () => {
    await leavePart();
    serve({ content: CONTENT.slice(0, 10) });
    expect(await environment.run([...argv, '--continue'])).toMatchObject({
      exitCode: 0,
      stderr: 'Saved 10 bytes to report\n',
    });
    expect(await names()).toEqual(['report']);
  });

  it.each([
    ['from elsewhere', { 'content-range': 'bytes 9-25/26' }],
    ['of another version', { etag: '"v2"' }],
    ['encoded', { 'content-encoding': 'gzip' }],
  ])('a 206 %s: an error, and nothing is spoilt', async (_what, headers) => {
    await leavePart();
    serve({ headers });
    const result = await environment.run([...argv, '--continue', '--json']);
    expect(result).toMatchObject({ exitCode: 5, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'wrong_range' });
    expect(await names()).toEqual(KEPT);
    expect(await file('report.part')).toBe(CONTENT.slice(0, 10));
  });

  it('a 206 that is shorter than it says is not taken for complete', async () => {
    await leavePart();
    serve({ headers: { 'content-range': 'bytes 10-30/31' } });
    expect(await environment.run([...argv, '--continue'])).toMatchObject({ exitCode: 6 });
    expect(await names()).toEqual(KEPT);
  });

  it('an error is shown, and what was left stays, whatever is expected', async () => {
    await leavePart();
    environment.rest.at('/file', (_request, response) => response.writeHead(503).end('down'));
    const result = await environment.run([...argv, '--continue', '--no-check-status']);
    expect(result).toMatchObject({ exitCode: 0, stdout: 'down' });
    expect(await names()).toEqual(KEPT);
  });

  it('of another request: from the beginning', async () => {
    await leavePart();
    environment.rest.at('/other', (_request, response) => response.end('other'));
    const other = argv.map((word) => (word === '/file' ? '/other' : word));
    const result = await environment.run([...other, '--continue']);
    expect(result).toMatchObject({ exitCode: 0, stdout: '' });
    expect(result.stderr).toContain('report.part belongs to another request');
    expect(lastHeaders()['range']).toBeUndefined();
    expect(await file('report')).toBe('other');
  });

  it('two at once: one goes on, and the file is right', async () => {
    await leavePart();
    serve();
    const both = await Promise.all([1, 2].map(() => environment.run([...argv, '--continue'])));
    expect(both.map(({ exitCode }) => exitCode)).toContain(0);
    for (const { exitCode, stderr } of both) {
      if (exitCode !== 0) expect(stderr).toContain('another run has taken the 10 bytes of report.part');
    }
    expect(await file('report')).toBe(CONTENT);
    expect(await names()).toEqual(['report']);
  });
});

describe('--continue with a file that another program began', () => {
  it('gets the rest of it; the file is as it was until then', async () => {
    await writeFile(path('report'), CONTENT.slice(0, 4));
    serve({ breakAt: 3 });
    expect(await environment.run([...argv, '--continue'])).toMatchObject({ exitCode: 6 });
    expect(lastHeaders()).toMatchObject({ range: 'bytes=4-' });
    expect(lastHeaders()['if-range']).toBeUndefined();
    expect(await file('report')).toBe(CONTENT.slice(0, 4));
    expect(await file('report.part')).toBe(CONTENT.slice(0, 7));
    serve();
    expect(await environment.run([...argv, '--continue'])).toMatchObject({ exitCode: 0 });
    expect(await file('report')).toBe(CONTENT);
    expect(await names()).toEqual(['report']);
  });

  it('its rest is not taken for the whole answer', async () => {
    const rest = '{"ok":false,"error":"half"}';
    await writeFile(path('report'), 'x');
    serve({ content: `x${rest}`, headers: { 'content-type': 'application/json' } });
    expect(await environment.run([...argv, '--continue'])).toMatchObject({
      exitCode: 0,
      stderr: 'Saved 28 bytes to report\n',
    });
    expect(await file('report')).toBe(`x${rest}`);
  });

  it('that is complete: says so', async () => {
    await writeFile(path('report'), CONTENT);
    serve();
    expect(await environment.run([...argv, '--continue'])).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: 'report is complete already (26 bytes)\n',
    });
    const document = await environment.run([...argv, '--continue', '--json']);
    expect(document).toMatchObject({ exitCode: 0 });
    expect(document.json()).toMatchObject({ status: 416, body: null });
  });

  it('that is longer than what there is: the 416 is told', async () => {
    await writeFile(path('report'), `${CONTENT}!`);
    serve();
    expect(await environment.run([...argv, '--continue'])).toMatchObject({ exitCode: 5 });
    expect(await file('report')).toBe(`${CONTENT}!`);
  });

  it.each([
    ['nothing there', undefined],
    ['an empty file', ''],
  ])('%s: from the beginning', async (_what, content) => {
    if (content !== undefined) await writeFile(path('report'), content);
    serve();
    expect(await environment.run([...argv, '--continue'])).toMatchObject({ exitCode: 0 });
    expect(lastHeaders()['range']).toBeUndefined();
    expect(await file('report')).toBe(CONTENT);
  });
});

it.each([
  ['a POST', ['-X', 'POST']],
  ['a Range of its own', ['-H', 'Range: bytes=1-2']],
  ['what judges the whole body', ['--fail-on', '.error']],
])('--continue and %s contradict each other', async (_what, flags) => {
  serve();
  const before = environment.rest.received.length;
  const result = await environment.run([...argv, '--continue', ...flags, '--json']);
  expect(result.exitCode).toBe(2);
  expect(result.error().code).toBe('cannot_continue');
  expect(environment.rest.received).toHaveLength(before);
});

it('a Range of one’s own is saved as it comes', async () => {
  environment.rest.at('/file', (_request, response) =>
    response.writeHead(206, { 'content-range': 'bytes 1-2/26', etag: '"v1"' }).end('bc'),
  );
  expect(await environment.run([...argv, '-H', 'Range: bytes=1-2'])).toMatchObject({ exitCode: 0 });
  expect(await file('report')).toBe('bc');
});
