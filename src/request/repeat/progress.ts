import type { App } from '../../app.ts';
import type { RepeatTally } from './tally.ts';

const REDRAW_MS = 100;

/** Shows on a terminal how many calls are over. */
export async function startRepeatProgress(
  { io, terminal }: App,
  total: number,
  tally: RepeatTally,
): Promise<{ stop(): void }> {
  if (!terminal.canAnimate) return { stop: () => {} };
  const { startWaiting } = await import('../../terminal/spinner.ts');
  const waiting = await startWaiting(io, terminal);
  const say = () =>
    waiting.say(`${tally.count().toLocaleString('en')} of ${total.toLocaleString('en')} calls`);
  say();
  const timer = setInterval(say, REDRAW_MS);
  return {
    stop: () => {
      clearInterval(timer);
      waiting.stop();
    },
  };
}
