import { mkdir, readdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { folders, run, start } from './run.ts';

vi.setConfig({ testTimeout: 30_000 });

describe('demo', () => {
  it('shows each command line with its output, and leaves nothing', async () => {
    const env = {
      SCALEKIT_ENV_URL: 'https://never-asked.example',
      SCALEKIT_CLIENT_SECRET: 'not-for-the-demo',
    };
    const result = await run(['demo'], { env });
    expect(result.exitCode).toBe(0);
    for (const line of [
      '$ sk-connect connections\n',
      '$ sk-connect authorize -c notes-demo -i user_123 --wait',
      '$ sk-connect status -c notes-demo -i user_123\n',
      '$ sk-connect request POST /v1/notes',
      '$ sk-connect tools list -c docs-demo',
      '$ sk-connect tools exec c-docs-demo_search_docs',
      'all as they should be',
    ]) {
      expect(result.stderr).toContain(line);
    }
    expect(result.stdout).toContain('"title":"From the demo"');
    expect(result.stdout).toContain('c-docs-demo_search_docs\tmcp\tquery\t');
    expect(await readdir(folders.cwd)).toEqual([]);
    expect(await readdir(folders.home)).toEqual(['work']);
  });

  it('--json: what was run and how it ended', async () => {
    const result = await run(['demo', '--json']);
    expect(result.exitCode).toBe(0);
    const { steps, durationMs, ...rest } = result.json() as {
      steps: Record<string, unknown>[];
      durationMs: number;
    };
    expect(rest).toEqual({});
    expect(durationMs).toBeGreaterThan(0);
    expect(steps.length).toBeGreaterThanOrEqual(8);
    for (const step of steps) {
      expect(step).toEqual({
        command: expect.stringMatching(/sk-connect /),
        exitCode: step['expectedExitCode'],
        expectedExitCode: expect.any(Number),
        isAsExpected: true,
        durationMs: expect.any(Number),
      });
    }
    expect(steps.some(({ exitCode }) => exitCode === 4)).toBe(true);
    expect(steps.some(({ exitCode }) => exitCode === 5)).toBe(true);
  });

  it('a step that is not as it should be ends it with 1', async () => {
    // A .env that cannot be read makes every command a usage error.
    const cwd = join(folders.home, 'looped');
    await mkdir(cwd);
    await symlink('.env', join(cwd, '.env'));
    const result = await run(['demo', '--json'], { cwd });
    expect(result.exitCode).toBe(1);
    expect(result.error()).toMatchObject({ code: 'demo_failed', exitCode: 1 });
    expect(result.json()).toMatchObject({
      steps: expect.arrayContaining([expect.objectContaining({ exitCode: 2 })]),
    });
  });

  it('Ctrl-C in the middle', async () => {
    const running = start(['demo']);
    await running.says(/Waiting for user_123 to authorize/);
    running.interrupt();
    expect((await running.finished).exitCode).toBe(130);
  });
});
