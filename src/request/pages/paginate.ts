import { Readable } from 'node:stream';
import type { App } from '../../app.ts';
import { closedPipe } from '../../end.ts';
import { SkConnectError, withMessage } from '../../errors.ts';
import type { AccountKey } from '../../scalekit/accounts.ts';
import type { Answer } from '../answer/answer.ts';
import { readBody } from '../answer/content.ts';
import { present } from '../answer/present.ts';
import type { TypedCall } from '../call/typed-call.ts';
import { judge } from '../judge.ts';
import type { RequestOptions } from '../options.ts';
import type { Send } from '../send.ts';
import { openJoined } from './joined.ts';
import type { Page } from './page.ts';
import { startPageProgress } from './progress.ts';
import { type Ending, type Tally, walkPages } from './walk.ts';
import { openWay } from './way.ts';

/**
 * Fetches page after page and prints their items as one JSON document, or with `--stream` a value a line. What was
 * fetched before an error is printed too, and valid. Throws that error; the answer is judged elsewhere.
 */
export async function paginate(
  app: App,
  key: AccountKey,
  typed: TypedCall,
  send: Send,
  options: RequestOptions,
): Promise<Answer> {
  const way = await openWay(typed, options);
  const sentAt = performance.now();
  const tally: Tally = { pages: 0, items: 0, withoutList: 0 };
  const joined = openJoined(app, options, tally, sentAt);
  const progress = await startPageProgress(app, options, tally);
  const ending = await walkPages(way, send, options, tally, async (items, page) => {
    await joined.write(items, page);
    progress.say();
  })
    .catch(async (error: unknown) => {
      // Nobody reads what would be printed.
      if (app.signal.reason !== closedPipe) await joined.end().catch(() => {});
      throw onPage(app, tally.pages + 1, error);
    })
    .finally(() => progress.stop());
  const isFailure = ending.kind === 'refused' || ending.kind === 'error';
  if (isFailure && tally.pages === 0) {
    const response = ending.kind === 'refused' ? ending.response : unread(ending.page);
    return present(app, { response, method: way.first.call.method, sentAt }, options);
  }
  await joined.end();
  tell(app, options, ending, tally);
  const response = ending.kind === 'refused' ? ending.response : ending.page.response;
  const answer = { response, isWhole: true, durationMs: performance.now() - sentAt };
  if (isFailure) {
    const number = ending.kind === 'refused' ? ending.number : ending.page.number;
    const body = ending.kind === 'refused' ? await readBody(response) : ending.page.body;
    // What is expected is expected of all the pages.
    await judge(app, key, { ...answer, body }, options, { all: [] }).catch((error: unknown) => {
      throw onPage(app, number, error);
    });
  }
  const text = joined.text();
  return { ...answer, body: Buffer.from(text ?? ''), isWhole: text !== undefined, isJoined: true };
}

/** The answer as if nobody had read it. */
function unread({ response, body }: Page): Page['response'] {
  const headers = response.headers.filter(([name]) => name.toLowerCase() !== 'content-encoding');
  return { ...response, headers, body: Readable.from([body], { objectMode: false }) };
}

/** Says which page an error was met on, where there is more than one. */
function onPage({ signal }: App, number: number, error: unknown): unknown {
  const isOfPage = error instanceof SkConnectError && ['unreachable', 'upstream'].includes(error.kind);
  if (!isOfPage || signal.aborted || number === 1 || /^page \d/.test(error.message)) return error;
  return withMessage(error, `page ${number}: ${error.message}`);
}

function tell({ terminal }: App, { items }: RequestOptions, ending: Ending, tally: Tally): void {
  if (ending.kind === 'limit') {
    terminal.notice(`Stopped at ${ending.flag}: there ${ending.isSure ? 'are' : 'may be'} more.`);
  }
  if (items !== undefined && tally.withoutList === tally.pages) {
    terminal.notice(`--items ${items} found nothing on any page.`);
  }
}
