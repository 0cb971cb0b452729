import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';
import { type IPty, spawn as spawnTerminal } from '@lydell/node-pty';
import { afterAll, onTestFinished } from 'vitest';
import { expectNoSecrets } from '../../commands/secrets.ts';

/** The built program; another copy of it where SK_CONNECT_PROGRAM names one. */
export const PROGRAM =
  process.env['SK_CONNECT_PROGRAM'] ??
  fileURLToPath(new URL('../../../dist/sk-connect.cjs', import.meta.url));

const home = mkdtempSync(join(tmpdir(), 'sk-connect-e2e-'));
/** The folders of this test file's processes, gone when it is done. */
export const folders = {
  home,
  cwd: join(home, 'work'),
  temporary: join(home, 'tmp'),
  cache: join(home, 'cache'),
  state: join(home, 'state'),
};
mkdirSync(folders.cwd);
mkdirSync(folders.temporary);
afterAll(() => rmSync(home, { recursive: true, force: true }));

/** All that a process gets: what this one has set for a real environment stays out. */
export function childEnv(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: home,
    TMPDIR: folders.temporary,
    LANG: 'C.UTF-8',
    SK_CONNECT_CACHE_DIR: folders.cache,
    SK_CONNECT_STATE_DIR: folders.state,
    ...more,
  };
}

export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface Process {
  child: ChildProcess;
  ended: Promise<Ended>;
  says: (pattern: RegExp, stream?: 'stderr' | 'stdout') => Promise<RegExpMatchArray>;
}

export interface Options {
  env?: Readonly<Record<string, string>>;
  cwd?: string;
  /** For `sandbox start`, whose job is to print its client secret. */
  printsSecrets?: boolean;
}

/** Runs the program; stdin is a pipe that stays open. */
export function launch(argv: readonly string[], options: Options = {}): Process {
  return launchCommand(process.execPath, [PROGRAM, ...argv], options);
}

/** Runs a line in bash, where `sk-connect` is the program; fails with the first part of a pipe that fails. */
export function shell(line: string, options: Options = {}): Promise<Ended> {
  const quoted = [process.execPath, PROGRAM].map((word) => `'${word}'`).join(' ');
  const script = `set -o pipefail; sk-connect() { ${quoted} "$@"; }; ${line}`;
  const { child, ended } = launchCommand('bash', ['-c', script], options);
  child.stdin?.end();
  return ended;
}

function launchCommand(command: string, args: readonly string[], options: Options): Process {
  const child = spawn(command, args, { env: childEnv(options.env), cwd: options.cwd ?? folders.cwd });
  onTestFinished(() => void child.kill('SIGKILL'));
  child.stdin.on('error', () => {});
  const text = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  const told = () => {
    for (const watcher of watchers) watcher();
  };
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (chunk: string) => {
      text[name] += chunk;
      told();
    });
  }
  let isOver = false;
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code, signal) => {
      isOver = true;
      told();
      try {
        if (!options.printsSecrets) expectNoSecrets(args, [text.stdout, text.stderr]);
        resolve({ code, signal, ...text });
      } catch (error) {
        reject(error);
      }
    });
  });
  ended.catch(() => {});
  const says = (pattern: RegExp, stream: 'stderr' | 'stdout' = 'stderr') =>
    whenMatching(
      () => text[stream],
      pattern,
      () => isOver,
      watchers,
    );
  return { child, ended, says };
}

function whenMatching(
  text: () => string,
  pattern: RegExp,
  isOver: () => boolean,
  watchers: Set<() => void>,
): Promise<RegExpMatchArray> {
  return new Promise((resolve, reject) => {
    const look = () => {
      const match = text().match(pattern);
      if (match) resolve(match);
      else if (isOver()) reject(new Error(`it ended without ${String(pattern)}:\n${text()}`));
      else return;
      watchers.delete(look);
    };
    watchers.add(look);
    look();
  });
}

export interface Terminal {
  pty: IPty;
  /** Everything that was drawn so far, without its control sequences. */
  text(): string;
  raw(): string;
  /** Looks from here on only, once it has matched. */
  says(pattern: RegExp): Promise<RegExpMatchArray>;
  exited: Promise<number>;
}

/** Runs the program on a pseudo-terminal. */
export function onTerminal(argv: readonly string[], options: Options & { columns?: number } = {}): Terminal {
  const pty = spawnTerminal(process.execPath, [PROGRAM, ...argv], {
    cols: options.columns ?? 100,
    rows: 30,
    name: 'xterm-256color',
    cwd: options.cwd ?? folders.cwd,
    env: childEnv(options.env),
  });
  let raw = '';
  let seen = 0;
  let isOver = false;
  const watchers = new Set<() => void>();
  const told = () => {
    for (const watcher of watchers) watcher();
  };
  pty.onData((chunk) => {
    raw += chunk;
    told();
  });
  const exited = new Promise<number>((resolve, reject) => {
    pty.onExit(({ exitCode }) => {
      isOver = true;
      told();
      try {
        if (!options.printsSecrets) expectNoSecrets(argv, [raw]);
        resolve(exitCode);
      } catch (error) {
        reject(error);
      }
    });
  });
  exited.catch(() => {});
  onTestFinished(() => {
    if (!isOver) pty.kill('SIGKILL');
  });
  const text = () => stripVTControlCharacters(raw);
  const says = async (pattern: RegExp) => {
    const match = await whenMatching(
      () => text().slice(seen),
      pattern,
      () => isOver,
      watchers,
    );
    seen += (match.index ?? 0) + match[0].length;
    return match;
  };
  return { pty, text, raw: () => raw, says, exited };
}
