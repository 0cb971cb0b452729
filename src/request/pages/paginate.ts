import { Readable } from 'node:stream';
import type { App } from '../../app.ts';
import { closedPipe } from '../../end.ts';
import { SkConnectError, withMessage } from '../../errors.ts';
import type { ProxyResponse } from '../../scalekit/proxy.ts';
import type { Answer } from '../answer/answer.ts';
import { readBody } from '../answer/content.ts';
import { isErrorStatus } from '../answer/error-status.ts';
import { present } from '../answer/present.ts';
import type { TypedCall } from '../call/typed-call.ts';
import type { RequestOptions } from '../options.ts';
import type { Send } from '../send.ts';
import { openJoined } from './joined.ts';
import { startPageProgress } from './progress.ts';
import { type Ending, type Tally, walkPages } from './walk.ts';
import { openWay } from './way.ts';

/**
 * Fetches page after page and prints their items as one JSON document, or with `--stream` a value a line. What was
 * fetched before an error is printed too, and valid. Throws that error; the answer is judged elsewhere.
 */
export async function paginate(
  app: App,
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
  const method = way.first.call.method;
  if (tally.pages === 0) return present(app, { response: firstAnswer(ending), method, sentAt }, options);
  await joined.end();
  tell(app, options, ending, tally);
  const { response, errorBody } = await judged(ending, options);
  const durationMs = performance.now() - sentAt;
  if (errorBody !== undefined) return { response, body: errorBody, isWhole: true, durationMs };
  const text = joined.text();
  const body = Buffer.from(text ?? '');
  return { response, body, isWhole: text !== undefined, isJoined: true, durationMs };
}

/** The answer that ended it, and its own body where that is an error and no page. */
async function judged(ending: Ending, options: RequestOptions) {
  if (ending.kind === 'error') return { response: ending.page.response, errorBody: ending.page.body };
  if (ending.kind !== 'refused') return { response: ending.page.response };
  const { response } = ending;
  const body = await readBody(response);
  return isErrorStatus(response.status, options) ? { response, errorBody: body } : { response };
}

/** An answer that is an error is shown as without `--paginate` where it is the first: unread. */
function firstAnswer(ending: Ending): ProxyResponse {
  if (ending.kind === 'refused') return ending.response;
  const { response, body } = ending.page;
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
