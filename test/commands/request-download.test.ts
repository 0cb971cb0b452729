import { chmod, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { folders } from './run.ts';
import { answered, streaming } from './support/answers.ts';
import { useEnvironment } from './support/environment.ts';

const environment = useEnvironment();
beforeEach(async () => {
  await rm(folders.cwd, { recursive: true, force: true });
  await mkdir(folders.cwd);
});
const file = (name: string) => readFile(join(folders.cwd, name), 'utf8');
const names = () => readdir(folders.cwd);
const PATIENT = { timeout: 10_000 };
const output = ['--output', 'report'];

describe('what is asked for', () => {
  const acceptEncoding = () => environment.rest.received.at(-1)?.headers['accept-encoding'];

  it('the body as it is, so that its size is known', async () => {
    await answered(environment, { body: 'x' }, output);
    expect(acceptEncoding()).toBe('identity');
  });

  it('but what -H says', async () => {
    await answered(environment, { body: 'x' }, [...output, '-H', 'Accept-Encoding: gzip']);
    expect(acceptEncoding()).toBe('gzip');
  });

  it('and without a file what can be decoded', async () => {
    await answered(environment, { body: 'x' }, ['--output', '-']);
    expect(acceptEncoding()).toContain('gzip');
  });
});

describe('a status that is not what was wanted', () => {
  const failure = { body: '{"message":"no such report"}', type: 'application/json', status: 404 };

  it('shows what the provider says, and saves nothing', async () => {
    const result = await answered(environment, failure, output);
    expect(result).toMatchObject({ exitCode: 5, stdout: failure.body });
    expect(await names()).toEqual([]);
  });

  it.each([[['--no-check-status']], [['--expect-status', '404']]])('%j saves it', async (flags) => {
    expect(await answered(environment, failure, [...output, ...flags])).toMatchObject({
      exitCode: 0,
      stdout: '',
    });
    expect(await file('report')).toBe(failure.body);
  });

  it('an expectation that does not hold is told of what was saved', async () => {
    const result = await answered(environment, failure, [...output, '--expect-status', '2xx']);
    expect(result.exitCode).toBe(1);
    expect(await file('report')).toBe(failure.body);
  });

  it('a redirect leaves no empty file, and says where it leads', async () => {
    const redirect = {
      status: 302,
      headers: { location: 'https://files.example.com/report?sig=1&token=abcdef' },
    };
    const result = await answered(environment, redirect, output);
    expect(result).toMatchObject({ exitCode: 5, stdout: '' });
    expect(result.stderr).toContain('https://files.example.com/report');
    expect(await names()).toEqual([]);
    const document = await answered(environment, redirect, [...output, '--json']);
    expect(document.error()).toMatchObject({ code: 'redirected', httpStatus: 302 });
    expect(document.error().hint).toContain('report?sig=1&token=***');
  });

  it('304 leaves the file as it is', async () => {
    await writeFile(join(folders.cwd, 'report'), 'cached');
    const result = await answered(environment, { status: 304 }, [...output, '-H', 'If-None-Match: "v1"']);
    expect(result).toMatchObject({ exitCode: 0, stdout: '' });
    expect(await file('report')).toBe('cached');
  });
});

describe('together with', () => {
  const given = { body: '{"ok":true}', type: 'application/json' };

  it('--include: the head on stdout, the body in the file', async () => {
    const result = await answered(environment, given, [...output, '--include']);
    expect(result.stdout).toMatch(/^HTTP\/1\.1 200 OK\n(.+: .+\n)+\n$/);
    expect(await file('report')).toBe(given.body);
  });

  it('--fail-on: it is saved, then judged', async () => {
    const result = await answered(environment, given, [...output, '--fail-on', '.ok']);
    expect(result.exitCode).toBe(5);
    expect(await file('report')).toBe(given.body);
  });

  it('--jq: a contradiction', async () => {
    expect(await answered(environment, given, [...output, '--jq', '.ok'])).toMatchObject({ exitCode: 2 });
  });

  it('HEAD: the head on stdout, and no file', async () => {
    const result = await answered(environment, {}, [...output, '-X', 'HEAD']);
    expect(result.stdout).toMatch(/^HTTP\/1\.1 200 OK\n/);
    expect(await names()).toEqual([]);
  });
});

describe('the file', () => {
  it.each([
    ['a folder', '.', 'it is a folder'],
    ['in a folder that is missing', 'missing/report', 'ENOENT'],
    ['in a file', 'report/report', 'ENOTDIR'],
  ])('%s: nothing is sent', async (_what, name, reason) => {
    await writeFile(join(folders.cwd, 'report'), 'old');
    const before = environment.rest.received.length;
    const result = await answered(environment, {}, ['--output', name, '-X', 'POST', '--json']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'output_failed', message: expect.stringContaining(reason) });
    expect(environment.rest.received).toHaveLength(before);
    expect(await names()).toEqual(['report']);
  });

  it('keeps its permissions', async () => {
    const path = join(folders.cwd, 'report');
    await writeFile(path, 'old');
    await chmod(path, 0o600);
    await answered(environment, { body: 'new' }, output);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect(await file('report')).toBe('new');
  });

  it('is not there before it is complete', async () => {
    const stream = await streaming(environment, { 'content-length': '6' }, output);
    stream.send('abc');
    await expect.poll(async () => (await names()).length, PATIENT).toBe(1);
    expect(await names()).not.toContain('report');
    stream.send('def');
    stream.end();
    expect(await stream.finished).toMatchObject({ exitCode: 0 });
    expect(await names()).toEqual(['report']);
    expect(await file('report')).toBe('abcdef');
  });

  it.each([
    ['Ctrl-C', 130, (stream: Awaited<ReturnType<typeof streaming>>) => stream.interrupt()],
    ['a broken connection', 6, (stream: Awaited<ReturnType<typeof streaming>>) => stream.breakOff()],
    [
      'a body that is shorter than it says',
      6,
      (stream: Awaited<ReturnType<typeof streaming>>) => stream.end(),
    ],
  ])('after %s there is none', async (_what, exitCode, end) => {
    const stream = await streaming(environment, { 'content-length': '6' }, output);
    stream.send('abc');
    await expect.poll(async () => (await names()).length, PATIENT).toBe(1);
    end(stream);
    expect(await stream.finished).toMatchObject({ exitCode, stdout: '' });
    expect(await names()).toEqual([]);
  });

  it('what says nothing of its size may end anywhere', async () => {
    const stream = await streaming(environment, {}, output);
    stream.send('abc');
    stream.end();
    expect(await stream.finished).toMatchObject({ exitCode: 0 });
    expect(await file('report')).toBe('abc');
  });

  it('/dev/full: a usage error', async () => {
    const result = await answered(environment, { body: 'x' }, ['--output', '/dev/full', '--json']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'output_failed' });
  });
});
