import { constants } from 'node:os';
import { execa } from 'execa';
import type { App } from '../app.ts';
import { messageOf, type SkConnectError, usageError } from '../errors.ts';
import { endLeftovers } from './leftovers.ts';

/** How long a command that was told to end may take, as it may have servers of its own to stop. */
const GRACE_MS = 10_000;

/**
 * Runs a command with this process's stdin, stdout and stderr, hands on the signals that come, and ends what it left
 * behind. Resolves to its exit code, 128 + n where signal n ended it.
 * @param mark a value of its environment that no other process has
 */
export async function runChild(
  app: App,
  [command = '', ...args]: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  mark: string,
): Promise<number> {
  const { io } = app;
  // At a terminal it stays in the terminal's foreground, to be asked and to be interrupted; anywhere else it leads a
  // group of its own, which can be ended as one.
  const isInteractive = [io.stdin, io.stdout, io.stderr].some(({ isTTY }) => isTTY === true);
  const leads = !isInteractive && io.platform !== 'win32';
  const child = execa(command, args, {
    cwd: io.cwd,
    env,
    extendEnv: false,
    stdio: 'inherit',
    detached: leads,
    cleanup: false,
    reject: false,
  });
  const release = handOnSignals(app, child, { leads, isInteractive });
  try {
    const result = await child;
    if (result.exitCode !== undefined) return result.exitCode;
    if (result.signal !== undefined) return 128 + (constants.signals[result.signal] ?? 0);
    throw notStarted(command, result);
  } finally {
    release();
    if (child.pid !== undefined) await endLeftovers(io, { leader: leads ? child.pid : undefined, mark });
  }
}

function handOnSignals(
  app: App,
  child: { pid?: number | undefined },
  { leads, isInteractive }: { leads: boolean; isInteractive: boolean },
): () => void {
  const { io } = app;
  let grace: NodeJS.Timeout | undefined;
  const send = (signal: NodeJS.Signals) => {
    if (child.pid !== undefined) io.signals.send(leads ? -child.pid : child.pid, signal);
  };
  const end = (signal: NodeJS.Signals) => {
    send(signal);
    grace ??= setTimeout(() => send('SIGKILL'), GRACE_MS);
  };
  const releaseSignals = io.signals.take((signal) => {
    // Ctrl-C at a terminal reaches the command without us, and is not always meant to end it.
    if (signal !== 'SIGINT') end(signal);
    else if (!isInteractive) send(signal);
  });
  const onDeadline = () => end('SIGTERM');
  app.signal.addEventListener('abort', onDeadline);
  if (app.signal.aborted) onDeadline();
  return () => {
    clearTimeout(grace);
    releaseSignals();
    app.signal.removeEventListener('abort', onDeadline);
  };
}

function notStarted(command: string, failure: unknown): SkConnectError {
  const code: unknown = failure instanceof Error ? Reflect.get(failure, 'code') : undefined;
  if (code === 'ENOENT')
    return usageError(
      `${command}: there is no such command`,
      'Name a program of the PATH, or a path to one.',
      {
        code: 'command_not_found',
      },
    );
  if (code === 'EACCES')
    return usageError(`${command} cannot be executed`, `Is it a program? chmod +x ${command}`, {
      code: 'command_not_executable',
    });
  return usageError(`${command} cannot be started: ${messageOf(failure)}`, undefined, {
    code: 'command_not_started',
  });
}
