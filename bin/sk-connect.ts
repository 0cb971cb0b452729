#!/usr/bin/env node
import { Console } from 'node:console';
import * as nodeModule from 'node:module';
import { homedir, userInfo } from 'node:os';
import packageJson from '../package.json' with { type: 'json' };
import type { Io } from '../src/terminal/io.ts';

// Without a listener Node ends the process with a stack. A reader that has gone (`| head`) is no error:
// src/app.ts ends a command then.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') process.exitCode = 2;
});

const argv = process.argv.slice(2);

if (argv.length === 1 && (argv[0] === '--version' || argv[0] === '-V')) {
  // Answered here: scripts ask it often, and it needs none of the program.
  process.stdout.write(`${packageJson.version}\n`);
} else {
  void run();
}

async function run(): Promise<void> {
  // `demo` promises to leave no file behind.
  if (argv[0] !== 'demo') keepCompiledCode();
  process.stderr.on('error', () => {});
  // Stdout is for results, or for a protocol: what a module of custom tools logs does not belong there.
  Object.assign(console, new Console(process.stderr));
  const interruption = new AbortController();
  let taker: ((signal: NodeJS.Signals) => void) | undefined;
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (taker !== undefined) {
        taker(signal);
        return;
      }
      if (interruption.signal.aborted) endAtOnce(signal);
      // The listener stays: without one, what restores the cursor takes the signal to be its own to end on.
      interruption.abort();
    });
  }
  const cwd = workingFolder();
  if (cwd === undefined) {
    process.stderr.write('error: the current folder was deleted\n  → Change to one that is there: cd\n');
    process.exitCode = 2;
    return;
  }
  // Not needed for --version.
  const [{ main }, { firstFolder }] = await Promise.all([
    import('../src/main.ts'),
    import('../src/config/first-folder.ts'),
  ]);
  const io: Io = {
    // Opened when it is first asked for: most commands never read it.
    get stdin() {
      return process.stdin;
    },
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd,
    platform: process.platform,
    homeDir: firstFolder([homedir, () => userInfo().homedir]),
    interrupt: interruption.signal,
    pid: process.pid,
    signals: {
      take: (listener) => {
        taker = listener;
        return () => {
          taker = undefined;
        };
      },
      send: sendSignal,
    },
  };
  const exitCode = await main(argv, io);
  process.exitCode = exitCode || process.exitCode;
}

/** Node, and libraries as they load, throw for one that is gone. */
function workingFolder(): string | undefined {
  try {
    return process.cwd();
  } catch {
    return undefined;
  }
}

/** For a second Ctrl-C, when what the first one should have ended hangs. */
function endAtOnce(signal: NodeJS.Signals): void {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

function sendSignal(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

/** Node 22.8 and later keep what they compiled for the next run, in the temporary folder: some 10 ms. */
function keepCompiledCode(): void {
  const enable: unknown = Reflect.get(nodeModule, 'enableCompileCache');
  if (typeof enable === 'function') enable();
}
