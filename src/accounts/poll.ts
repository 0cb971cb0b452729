/** The pauses between checks grow up to this. */
const LONGEST_PAUSE_MS = 5_000;
const FIRST_PAUSE_MS = 500;

export interface PollOptions<T> {
  check: () => Promise<T>;
  isDone: (value: T) => boolean;
  signal: AbortSignal;
  longestPauseMs?: number;
  /** Gives up then and returns the last value. Milliseconds since the epoch. */
  until?: number;
  /** Calls back when it should be checked at once; returns how to stop that. */
  onHurry?: (hurry: () => void) => () => void;
}

/** Checks now and again until it is done, the time is over (the last value is returned) or the signal aborts (its reason is thrown). */
export async function poll<T>(options: PollOptions<T>): Promise<T> {
  const {
    check,
    isDone,
    signal,
    until = Number.POSITIVE_INFINITY,
    longestPauseMs = LONGEST_PAUSE_MS,
  } = options;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 1.5, longestPauseMs)) {
    const value = await check();
    const leftMs = until - Date.now();
    if (isDone(value) || leftMs <= 0) return value;
    await pause(Math.min(pauseMs, leftMs), signal, options.onHurry);
  }
}

function pause(
  durationMs: number,
  signal: AbortSignal,
  onHurry: PollOptions<unknown>['onHurry'],
): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
      stopHurry?.();
    };
    const finish = () => {
      end();
      resolve();
    };
    const abort = () => {
      end();
      reject(signal.reason);
    };
    const timer = setTimeout(finish, durationMs);
    const stopHurry = onHurry?.(finish);
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
  });
}
