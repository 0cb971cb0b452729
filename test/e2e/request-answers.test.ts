import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, rm } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { useEnvironment } from '../commands/support/environment.ts';
import { folders, launch, onTerminal, shell } from './support/program.ts';

vi.setConfig({ testTimeout: 60_000 });
const environment = useEnvironment();
const USER = ['-c', 'rest', '-i', 'user_1'];
const REQUEST = 'sk-connect request -c rest -i user_1';
const inShell = (line: string) => shell(line, { env: environment.sandbox.env });
const open = (argv: string[]) => onTerminal(['request', ...argv, ...USER], { env: environment.sandbox.env });
afterEach(async () => {
  for (const name of await readdir(folders.cwd)) await rm(join(folders.cwd, name));
});

/** The head of an answer; the test sends the rest. */
function begun(path: string, headers: Record<string, string | number>): Promise<ServerResponse> {
  return new Promise((resolve) => {
    environment.rest.at(path, (_request, response) => {
      response.writeHead(200, headers);
      response.flushHeaders();
      resolve(response);
    });
  });
}

describe('events', () => {
  it.each([
    ['text/event-stream', [], 'data: 1\n\n', 'data: 2\n\n', /^data: 1\n\n$/],
    ['application/x-ndjson', ['--jq', '.n'], '{"n":1}\n', '{"n":2}\n', /^1\n$/],
  ])(
    '%s %j: each is there before the next is sent; Ctrl-C ends it with 130',
    async (type, flags, first, second, shown) => {
      const response = begun('/events', { 'content-type': type });
      const { child, ended, says } = launch(['request', '/events', ...USER, ...flags], {
        env: environment.sandbox.env,
      });
      (await response).write(first);
      await says(shown, 'stdout');
      (await response).write(second);
      await says(/2\n/, 'stdout');
      child.kill('SIGINT');
      const result = await ended;
      expect(result.code).toBe(130);
      expect(result.stdout).toMatch(/1[\s\S]*2/);
    },
  );

  it('| head ends quietly, and stops the download', async () => {
    const response = begun('/events', { 'content-type': 'text/event-stream' });
    const closed = response.then((each) => new Promise((resolve) => each.once('close', resolve)));
    void response.then((each) => {
      const timer = setInterval(() => each.write('data: more\n\n'), 10);
      each.once('close', () => clearInterval(timer));
    });
    expect(await inShell(`${REQUEST} /events | head -1`)).toMatchObject({
      code: 0,
      stdout: 'data: more\n',
      stderr: '',
    });
    await closed;
  });
});

describe('on a terminal', () => {
  it('JSON is laid out in colour', async () => {
    environment.rest.at('/json', (_request, response) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"a":[1,"b"]}'),
    );
    const terminal = open(['/json']);
    expect(await terminal.exited).toBe(0);
    expect(terminal.text().replaceAll('\r\n', '\n')).toBe('{\n  "a": [\n    1,\n    "b"\n  ]\n}\n');
    expect(terminal.raw()).toContain('\u001b[33m1\u001b[39m');
  });

  it('a download shows how far it is, and leaves one line', async () => {
    const response = begun('/file', { 'content-length': 4_000_000 });
    const terminal = open(['/file', '--output', 'file.bin']);
    (await response).write(Buffer.alloc(1_000_000));
    await terminal.says(/1\.00 MB of 4\.00 MB \(25%\), \S+ [kM]?B\/s/);
    (await response).end(Buffer.alloc(3_000_000));
    await terminal.says(/Saved 4,000,000 bytes to file\.bin/);
    expect(await terminal.exited).toBe(0);
    // The cursor is back, and the line of the progress was taken away.
    expect(terminal.raw().lastIndexOf('\u001b[?25h')).toBeGreaterThan(
      terminal.raw().lastIndexOf('\u001b[?25l'),
    );
    const afterwards = terminal.raw().slice(terminal.raw().lastIndexOf('%'));
    expect(afterwards.slice(0, afterwards.indexOf('Saved'))).toContain('\u001b[0K');
  });

  it('--quiet shows nothing of it', async () => {
    const response = begun('/file', { 'content-length': 10 });
    const terminal = open(['/file', '--output', 'file.bin', '--quiet']);
    (await response).write('12345');
    await new Promise((resolve) => setTimeout(resolve, 800));
    (await response).end('67890');
    expect(await terminal.exited).toBe(0);
    expect(terminal.raw()).toBe('');
  });
});

describe('a file', () => {
  it('that grows too large for its place is not left behind', async () => {
    environment.rest.at('/big', (_request, response) =>
      response.writeHead(200, { etag: '"v1"' }).end(Buffer.alloc(3_000_000)),
    );
    // 1 MB is what the shell allows a file.
    const result = await inShell(`ulimit -f 1000; ${REQUEST} /big --output big.bin`);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain('--output big.bin cannot be written');
    expect(await readdir(folders.cwd)).toEqual([]);
  });

  it('that Ctrl-C cut off is completed by --continue', async () => {
    const content = randomBytes(3_000_000);
    const response = begun('/file', { 'content-length': content.length, etag: '"v1"' });
    const { child, ended } = launch(['request', '/file', ...USER, '--output', 'file.bin'], {
      env: environment.sandbox.env,
    });
    (await response).write(content.subarray(0, 2_000_000));
    const written = async () => {
      const [name = ''] = await readdir(folders.cwd);
      return (await readFile(join(folders.cwd, name))).length;
    };
    await vi.waitFor(async () => expect(await written()).toBe(2_000_000), { timeout: 10_000 });
    child.kill('SIGINT');
    const broken = await ended;
    expect(broken.code).toBe(130);
    expect(broken.stderr).toContain('2,000,000 bytes are kept in file.bin.part');

    environment.rest.at('/file', ({ headers }, response) => {
      const from = Number(headers.range?.replace(/\D/g, ''));
      response.writeHead(206, {
        etag: '"v1"',
        'content-range': `bytes ${from}-${content.length - 1}/${content.length}`,
      });
      response.end(content.subarray(from));
    });
    expect(await inShell(`${REQUEST} /file --output file.bin --continue`)).toMatchObject({ code: 0 });
    expect((await readFile(join(folders.cwd, 'file.bin'))).equals(content)).toBe(true);
    expect(await readdir(folders.cwd)).toEqual(['file.bin']);
  });
});

describe('JSON of 10 MB', () => {
  it('--pretty lays it out through a pipe', async () => {
    const item = { id: 1, name: 'é', list: [1, 2.5, null, true], empty: {}, none: [] };
    const all = Array.from({ length: 150_000 }, () => item);
    environment.rest.at('/big', (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(all));
    });
    const { code, stdout } = await inShell(`${REQUEST} /big --pretty | sha256sum`);
    const expected = createHash('sha256').update(`${JSON.stringify(all, null, 2)}\n`);
    expect([code, stdout.split(' ')[0]]).toEqual([0, expected.digest('hex')]);
  });
});
