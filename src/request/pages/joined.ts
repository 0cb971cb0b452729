import type { App } from '../../app.ts';
import { answerDocument } from '../answer/document.ts';
import type { RequestOptions } from '../options.ts';
import type { Page } from './page.ts';
import { createPageFile } from './page-file.ts';
import { openPageOutput } from './page-output.ts';
import { tallyText } from './progress.ts';
import type { Tally } from './walk.ts';

/** The document that the pages become. */
export interface Joined {
  write(items: readonly string[], page: Page): Promise<void>;
  /** Completes the document and what is said about it; nothing where there was no page. */
  end(): Promise<void>;
  /** All of it on one line, where something needs it; undefined where it was not kept. */
  text(): string | undefined;
}

/** Prints the items as they come, or saves them; keeps them where `--json` or an expectation needs them at the end. */
export function openJoined(app: App, options: RequestOptions, tally: Tally, sentAt: number): Joined {
  const { terminal } = app;
  const name = options.output === '-' ? undefined : options.output;
  const file = name === undefined ? undefined : createPageFile(app, name);
  const isDescribed = app.options.json === true;
  const print = (text: string) => (file ?? terminal).print(text);
  const output = isDescribed && file === undefined ? undefined : openPageOutput(app, options, print);
  const isJudged = options.expect !== undefined || options.expectSchema !== undefined;
  const kept: string[] | undefined = isJudged || output === undefined ? [] : undefined;
  const text = () => (kept === undefined ? undefined : `[${kept.join(',')}]`);
  let last: Page | undefined;

  const describe = async ({ response }: Page) => {
    const shown = file === undefined ? (text() ?? null) : null;
    const durationMs = performance.now() - sentAt;
    const { pages, items } = tally;
    await terminal.printJson(answerDocument(response, shown, durationMs, { pages, items }));
  };

  return {
    text,
    write: async (items, page) => {
      last = page;
      for (const item of kept === undefined ? [] : items) kept?.push(item);
      await output?.write(items);
    },
    end: async () => {
      if (last === undefined) return;
      await output?.end();
      await file?.close();
      if (isDescribed) await describe(last);
      if (name !== undefined) terminal.notice(`Saved ${tallyText(tally)} to ${name}`);
      else if (!isDescribed) terminal.notice(tallyText(tally));
    },
  };
}
