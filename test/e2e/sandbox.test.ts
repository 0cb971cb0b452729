import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { folders, launch, onTerminal, type Process, shell } from './support/program.ts';

vi.setConfig({ testTimeout: 40_000 });

const registrations = () => readdir(join(folders.state, 'sandboxes'));

async function startSandbox(): Promise<Process & { url: string }> {
  const sandbox = launch(['sandbox', 'start'], { printsSecrets: true });
  const [, url = ''] = await sandbox.says(/SCALEKIT_ENV_URL=(\S+)\n/, 'stdout');
  await sandbox.says(/Ctrl-C stops it/);
  return { ...sandbox, url };
}

function isOpen(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.once('connect', () => resolve(true) ?? socket.destroy());
    socket.once('error', () => resolve(false));
  });
}

describe('sandbox start', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'is used with --sandbox by another process, and stops on %s',
    async (signal) => {
      const { child, ended, url } = await startSandbox();
      const authorized = await shell('sk-connect authorize --sandbox -c docs-demo -i u1');
      expect(authorized).toMatchObject({ code: 0, stderr: '' });
      const tool = await shell(
        'sk-connect tools exec c-docs-demo_add --sandbox -c docs-demo -i u1 -p a=2 -p b=3 --jq .data.structuredContent.sum',
      );
      expect(tool).toMatchObject({ code: 0, stdout: '5\n' });
      child.kill(signal);
      const result = await ended;
      expect(result).toMatchObject({ code: 0, signal: null });
      expect(await registrations()).toEqual([]);
      expect(await isOpen(url)).toBe(false);
      const none = await shell('sk-connect status --sandbox');
      expect(none.code).toBe(2);
      expect(none.stderr).toContain('sk-connect sandbox start');
    },
  );

  it('its output is what a shell can evaluate', async () => {
    const { child, ended, says } = await startSandbox();
    const [exports] = await says(/(?:export .*\n)+/, 'stdout');
    const result = await shell(`${exports} sk-connect connections | cut -f1`);
    expect(result).toMatchObject({ code: 0, stdout: 'notes-demo\nweather-demo\ndocs-demo\n', stderr: '' });
    child.kill('SIGINT');
    await ended;
  });

  it('a killed one leaves a registration, which is passed over', async () => {
    const killed = await startSandbox();
    killed.child.kill('SIGKILL');
    await killed.ended;
    expect(await registrations()).toHaveLength(1);
    expect((await shell('sk-connect status --sandbox')).code).toBe(2);
    const alive = await startSandbox();
    expect(await registrations()).toHaveLength(2);
    expect(await shell('sk-connect status --sandbox')).toMatchObject({ code: 0 });
    alive.child.kill('SIGINT');
    expect(await alive.ended).toMatchObject({ code: 0 });
  });
});

describe('demo', () => {
  it('ends well within 15 s and leaves no process, no port and no file', async () => {
    // What the tests above have left there: on Node 22 and later the code they compiled.
    const before = await readdir(folders.temporary, { recursive: true });
    const startedAt = performance.now();
    const { child, ended } = launch(['demo']);
    const result = await ended;
    expect(result).toMatchObject({ code: 0, signal: null });
    expect(performance.now() - startedAt).toBeLessThan(15_000);
    const origins = [...result.stderr.matchAll(/^A sandbox runs at (\S+),|^ {2}\w+ +(http:\S+)$/gm)];
    expect(origins).toHaveLength(5);
    for (const [, sandbox, provider] of origins) expect(await isOpen(sandbox ?? provider ?? '')).toBe(false);
    expect(await childrenOf(child.pid ?? 0)).toEqual([]);
    expect(await readdir(folders.temporary, { recursive: true })).toEqual(before);
    expect(await readdir(folders.cwd)).toEqual([]);
    expect((await readdir(folders.home)).toSorted()).toEqual(
      ['state', 'tmp', 'work', ...(await cacheIfAny())].toSorted(),
    );
  });

  it('on a terminal, where the commands print for a person', async () => {
    const terminal = onTerminal(['demo'], { columns: 120 });
    expect(await terminal.exited).toBe(0);
    expect(terminal.text()).toContain('12 commands, all as they should be');
  });

  it('the same without a home to write to', async () => {
    const result = await shell(
      'HOME=/nonexistent SK_CONNECT_CACHE_DIR= SK_CONNECT_STATE_DIR= sk-connect demo --json',
    );
    expect(result.code).toBe(0);
  });
});

/** The sandbox tests above keep a token. */
async function cacheIfAny(): Promise<string[]> {
  return (await readdir(folders.home)).filter((name) => name === 'cache');
}

/** Processes that name it as their parent. */
async function childrenOf(pid: number): Promise<string[]> {
  const { stdout } = await shell(`pgrep -P ${pid} || true`);
  return stdout.split('\n').filter(Boolean);
}
