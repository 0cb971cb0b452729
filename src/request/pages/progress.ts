import type { App } from '../../app.ts';
import type { AnswerOptions, PageOptions } from '../options.ts';
import type { Tally } from './walk.ts';

/** `3 pages, 250 items`. */
export function tallyText({ pages, items }: Tally): string {
  return `${counted(pages, 'page')}, ${counted(items, 'item')}`;
}

function counted(number: number, noun: string): string {
  return `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`;
}

export interface PageProgress {
  say(): void;
  stop(): void;
}

/** Shows how far the pages are, where stdout does not show them itself. */
export async function startPageProgress(
  app: App,
  options: PageOptions & AnswerOptions,
  tally: Tally,
): Promise<PageProgress> {
  const isShown = app.io.stdout.isTTY === true && options.output === undefined;
  if (!app.terminal.canAnimate || isShown) return { say: () => {}, stop: () => {} };
  const { startWaiting } = await import('../../terminal/spinner.ts');
  const waiting = await startWaiting(app.io, app.terminal);
  const soFar = () => (tally.pages === 0 ? '' : ` (${tallyText(tally)} so far)`);
  const say = () => waiting.say(`Fetching page ${tally.pages + 1}${soFar()}`);
  say();
  return { say, stop: () => waiting.stop() };
}
