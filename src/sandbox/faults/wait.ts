import { setTimeout as sleep } from 'node:timers/promises';

/** Real time. Rejects as soon as one of the signals aborts: nobody is left to wait for. */
export async function wait(ms: number, signals: readonly AbortSignal[]): Promise<void> {
  if (ms <= 0) return;
  await sleep(ms, undefined, { signal: AbortSignal.any([...signals]) });
}
