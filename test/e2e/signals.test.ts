import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it, vi } from 'vitest';
import { useEnvironment } from '../commands/support/environment.ts';
import { folders, launch } from './support/program.ts';

vi.setConfig({ testTimeout: 30_000 });
const environment = useEnvironment();
const USER = ['-c', 'rest', '-i', 'user_1'];
const start = (...argv: string[]) => launch(argv, { env: environment.sandbox.env });

/** Answers a byte now and then, without an end. */
function trickle(path: string): void {
  environment.rest.at(path, (_request, response) => {
    const timer = setInterval(() => response.write('.'), 20);
    response.on('close', () => clearInterval(timer));
  });
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  it.each([
    ['authorize --wait', ['authorize', '-c', 'notes-demo', '-i', signal, '--wait'], /Waiting for/],
    ['status --wait-for', ['status', '-c', 'rest', '-i', 'nobody', '--wait-for', 'ACTIVE'], /Waiting for/],
    ['a request that hangs', ['request', '/silent', ...USER, '-v'], /→ http GET \S+\/silent/],
    ['a request that waits for stdin', ['request', '/silent', ...USER, '-d', '-', '-v'], undefined],
    [
      'a download',
      ['request', '/trickle', ...USER, '--output', 'half.bin', '-v'],
      /← http GET \S+\/trickle: 200/,
    ],
  ])('%s: 130, and nothing half-written', async (_what, argv, waiting) => {
    environment.rest.at('/silent', () => {});
    trickle('/trickle');
    const { child, ended, says } = start(...argv);
    if (waiting === undefined) await isUp(child.pid ?? 0);
    else await says(waiting);
    child.kill(signal);
    const result = await ended;
    expect(result).toMatchObject({ code: 130, signal: null, stdout: '' });
    expect(result.stderr).toMatch(/error: interrupted\n/);
    expect(result.stderr).not.toContain('    at ');
    expect(await readdir(folders.cwd)).toEqual([]);
  });
});

/** Resolves when the program's own signal handlers are there: Node itself catches no SIGHUP (SigCgt in /proc, signal 1). */
async function isUp(pid: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const status = await readFile(`/proc/${pid}/status`, 'utf8');
      const caught = BigInt(`0x${/^SigCgt:\s*([0-9a-f]+)$/m.exec(status)?.[1] ?? '0'}`);
      expect(caught & 1n).toBe(1n);
    },
    { timeout: 10_000, interval: 10 },
  );
}

describe('--timeout', () => {
  it.each([
    ['a trickle', '/trickle', []],
    ['a trickle into a file', '/trickle', ['--output', 'half.bin']],
    ['silence', '/silent', []],
  ])('%s: 6', async (_what, path, flags) => {
    environment.rest.at('/silent', () => {});
    trickle('/trickle');
    const startedAt = performance.now();
    const result = await start('request', path, ...USER, ...flags, '--timeout', '1').ended;
    expect(result).toMatchObject({ code: 6, signal: null });
    expect(result.stderr).toContain('not done after 1 s (--timeout)');
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(await readdir(folders.cwd)).toEqual([]);
  });
});

describe('an expression of --jq that does not end', () => {
  const argv = ['connections', '--jq', 'def f: f; f'];

  it('ends with Ctrl-C: 130', async () => {
    const { child, ended, says } = start(...argv, '-v');
    await says(/← grpc \S+\/ListAppConnections: /);
    await isBusy(child.pid ?? 0);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, signal: null, stdout: '' });
  });

  it('ends with a Ctrl-C of its first moment: 130', async () => {
    const { child, ended, says } = start(...argv, '-v');
    await says(/← grpc \S+\/ListAppConnections: /);
    await isBusy(child.pid ?? 0, 5);
    child.kill('SIGINT');
    expect(await ended).toMatchObject({ code: 130, signal: null, stdout: '' });
  });

  it('ends with --timeout: 6', async () => {
    const result = await start(...argv, '--timeout', '1').ended;
    expect(result).toMatchObject({ code: 6, signal: null, stdout: '' });
    expect(result.stderr).toContain('not done after 1 s (--timeout)');
  });
});

describe('pages without an end, jq run over each', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])('end with Ctrl-C whatever they are at: 130 (%i)', async (round) => {
    environment.rest.at('/pages', ({ url }, response) => {
      const page = Number(new URL(url, 'http://localhost').searchParams.get('page') ?? '1');
      response.setHeader('link', `</pages?page=${page + 1}>; rel="next"`);
      response.end(JSON.stringify([page]));
    });
    const argv = ['request', '/pages', ...USER, '--paginate', '--stream', '--items', '.[]'];
    const { child, ended, says } = start(...argv);
    await says(new RegExp(`^${round * 10 + 7}$`, 'm'), 'stdout');
    child.kill('SIGINT');
    const result = await ended;
    expect(result).toMatchObject({ code: 130, signal: null });
    expect(result.stderr).toMatch(/ pages, \d+ items\nerror: interrupted\n$/);
  });
});

/** Resolves when the program has computed for so much longer (utime in /proc, in hundredths of a second). */
async function isBusy(pid: number, hundredths = 50): Promise<void> {
  const computed = async () => {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.replace(/^.*\) /, '').split(' ')[11]);
  };
  const before = await computed();
  await vi.waitFor(async () => expect(await computed()).toBeGreaterThan(before + hundredths), {
    timeout: 10_000,
    interval: 50,
  });
}
