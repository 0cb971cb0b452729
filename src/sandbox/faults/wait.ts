import { setTimeout as sleep } from 'node:timers/promises';
import { linkedSignal } from '../linked-signal.ts';

/** Real time. Rejects as soon as one of the signals aborts: nobody is left to wait for. */
export async function wait(ms: number, signals: readonly AbortSignal[]): Promise<void> {
  if (ms <= 0) return;
  const ending = linkedSignal(signals);
  try {
    await sleep(ms, undefined, { signal: ending.signal });
  } finally {
    ending.release();
  }
}
