import { describe, expect, it, vi } from 'vitest';
import { createProgram } from '../../commands/program.ts';
import packageJson from '../../package.json' with { type: 'json' };
import { run as runInProcess } from '../commands/run.ts';
import { launch, shell } from './support/program.ts';

vi.setConfig({ testTimeout: 30_000 });

/** `[]`, `['authorize']`, `['tools']`, `['tools', 'exec']`, … */
function commandPaths(): string[][] {
  const program = createProgram({
    io: {} as never,
    run: () => Promise.reject(new Error('unused')),
    openApp: () => Promise.reject(new Error('unused')),
  });
  const below = (command: typeof program, path: string[]): string[][] => [
    path,
    ...command.commands.flatMap((child) => below(child, [...path, child.name()])),
  ];
  return below(program, []);
}

/** As it is understood, to end for want of settings, files or time. What stands behind a `--` is a program that is not to be run. */
function tried(argv: string[]) {
  const end = argv.indexOf('--');
  if (end === -1) return runInProcess([...argv, '--timeout', '0.3', '--json'], { printsSecrets: true });
  const words = [...argv.slice(0, end), '--json', ...argv.slice(end)];
  return runInProcess(words, { printsSecrets: true, io: { interrupt: AbortSignal.abort() } });
}

async function helpOf(path: string[]): Promise<string> {
  const { child, ended } = launch([...path, '--help']);
  child.stdin?.end();
  const result = await ended;
  expect(result).toMatchObject({ code: 0, stderr: '' });
  return result.stdout;
}

function examplesOf(help: string): string[] {
  const [, examples = ''] = /\nExamples:\n((?:  [#$] .*\n?)+)$/.exec(help) ?? [];
  return [...examples.matchAll(/^  \$ (.*)$/gm)].map(([, line = '']) => line);
}

describe('the built program', () => {
  it('--version', async () => {
    expect(await shell('sk-connect --version')).toEqual({
      code: 0,
      signal: null,
      stdout: `${packageJson.version}\n`,
      stderr: '',
    });
  });

  it('in a folder that was deleted: a usage error, no stack', async () => {
    const result = await shell('mkdir gone && cd gone && rmdir ../gone && sk-connect sandbox start');
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toBe(
      'error: the current folder was deleted\n  → Change to one that is there: cd\n',
    );
  });

  it('knows every command of the design that is built', () => {
    const names = commandPaths().map((path) => path.join(' '));
    for (const name of [
      'authorize',
      'status',
      'request',
      'tools list',
      'tools exec',
      'connections',
      'sandbox start',
      'demo',
    ])
      expect(names).toContain(name);
  });

  it.each(commandPaths().map((path) => ({ path, name: ['sk-connect', ...path].join(' ') })))(
    '$name --help ends with examples, and each of them parses',
    async ({ path }) => {
      const examples = examplesOf(await helpOf(path));
      expect(examples.length).toBeGreaterThan(0);
      for (const line of examples) {
        const words = await shell(`sk-connect() { printf '%s\\0' "$@"; }; ${line.replace(/ >.*$/, '')}`);
        expect(words).toMatchObject({ code: 0, stderr: '' });
        const argv = words.stdout.split('\0').slice(0, -1);
        const result = await tried(argv);
        expect(result.exitCode, line).toBeGreaterThan(0);
        expect(result.error().message, line).not.toMatch(/unknown (option|command)|argument|It takes/);
      }
    },
  );
});
