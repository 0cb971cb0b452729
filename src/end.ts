import type { GlobalOptions } from './config/options.ts';
import { interrupted, SkConnectError } from './errors.ts';
import type { Io } from './terminal/io.ts';

/** stdout's reader has gone (`| head`): there is nobody to do the rest for, and that is no error. */
export const closedPipe = Symbol('closed pipe');

/** The invocation ends with the exit code of the command that it ran, and has nothing to add. */
export class EndedAs {
  readonly exitCode: number;

  constructor(exitCode: number) {
    this.exitCode = exitCode;
  }
}

/**
 * What ends an invocation before its work is done: Ctrl-C, `--timeout`, a stdout that takes no more. The signal's
 * reason is what it then ends with; `timeLeftMs` is how long until `--timeout` does that; `release` stops listening.
 */
export function endOf(
  io: Io,
  options: GlobalOptions,
): { signal: AbortSignal; timeLeftMs: () => number; release: () => void } {
  const end = new AbortController();
  const endsAt =
    options.timeout === undefined ? Number.POSITIVE_INFINITY : performance.now() + options.timeout * 1000;
  const onInterrupt = () => end.abort(interrupted());
  if (io.interrupt.aborted) onInterrupt();
  io.interrupt.addEventListener('abort', onInterrupt);
  const onOutputError = (error: NodeJS.ErrnoException) =>
    end.abort(error.code === 'EPIPE' ? closedPipe : outputFailed(error));
  io.stdout.on('error', onOutputError);
  const timer =
    options.timeout === undefined
      ? undefined
      : setTimeout(() => end.abort(timedOut(options)), options.timeout * 1000);
  timer?.unref();
  return {
    signal: end.signal,
    timeLeftMs: () => Math.max(0, endsAt - performance.now()),
    release: () => {
      clearTimeout(timer);
      io.interrupt.removeEventListener('abort', onInterrupt);
      io.stdout.off('error', onOutputError);
    },
  };
}

function timedOut({ timeout }: GlobalOptions): SkConnectError {
  return new SkConnectError('unreachable', `not done after ${timeout} s (--timeout)`, {
    code: 'timeout',
    hint: 'Allow more time with a larger --timeout; -v shows where it goes.',
  });
}

function outputFailed(error: NodeJS.ErrnoException): SkConnectError {
  return new SkConnectError('usage', `stdout cannot be written: ${error.message}`, {
    code: 'output_failed',
    cause: error,
  });
}
