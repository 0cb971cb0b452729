import { createHash } from 'node:crypto';
import { SkConnectError, usageError } from '../../errors.ts';
import { jqIsTruthy } from '../../json/jq.ts';
import type { RequestOptions } from '../options.ts';
import type { Send, SentResponse } from '../send.ts';
import { type Contents, contentsOf, type Page, readPage } from './page.ts';
import type { Step, Way } from './way.ts';

/** What the walk over the pages ended with. */
export type Ending =
  /** There was no further page. */
  | { kind: 'end'; page: Page }
  /** There are more, or with counted pages may be. */
  | { kind: 'limit'; page: Page; flag: '--max-pages' | '--max-items'; isSure: boolean }
  /** A status of 400 and above; its body is still to be read. */
  | { kind: 'refused'; number: number; response: SentResponse }
  /** A page that is an error itself, by `--fail-on` or GraphQL's `errors`. */
  | { kind: 'error'; page: Page };

export interface Tally {
  pages: number;
  items: number;
  /** Pages where `--items` found nothing, not even an empty list. */
  withoutList: number;
}

/** Takes the items of a page, as soon as they are there. */
export type Take = (items: readonly string[], page: Page) => Promise<void>;

/**
 * Fetches page after page, and holds one at a time. Throws what ends it otherwise: a page that is not JSON or of
 * another kind, a circle, a link that cannot be followed, a lost connection. What was taken before stays valid.
 */
export async function walkPages(
  way: Way,
  send: Send,
  options: RequestOptions,
  tally: Tally,
  take: Take,
): Promise<Ending> {
  const isRepeated = createRepeatCheck(way);
  let kind: Contents['kind'];
  let step: Step | undefined = way.first;
  for (let number = 1; ; number++) {
    isRepeated.target(step, number);
    const response = await send(step.call, { isHeld: true });
    if (response.status >= 400) return { kind: 'refused', number, response };
    const page = await readPage(number, step.call, response);
    if (await failsOn(options, page)) return { kind: 'error', page };
    isRepeated.body(page);
    const isGraphqlError = await hasGraphqlErrors(options, page);
    const contents = await contentsOf(page, options.items).catch((error: unknown) => {
      // Partial data may lack the list.
      if (isGraphqlError) return NO_CONTENTS;
      throw error;
    });
    kind = sameKind(kind, contents.kind, number);
    const room = (options.maxItems ?? Number.POSITIVE_INFINITY) - tally.items;
    tally.pages++;
    tally.items += Math.min(room, contents.items.length);
    if (!contents.isFound) tally.withoutList++;
    await take(contents.items.slice(0, room), page);
    if (isGraphqlError) return { kind: 'error', page };
    if (room < contents.items.length) return { kind: 'limit', page, flag: '--max-items', isSure: true };
    if (way.isCounted && contents.items.length === 0) return { kind: 'end', page };
    const flag = limitReached(options, tally);
    if (flag !== undefined) return atLimit(way, page, flag);
    if (way.isCounted && contents.kind !== 'array' && options.items === undefined) requireLimit(options);
    step = await way.after(page);
    if (step === undefined) return { kind: 'end', page };
  }
}

const NO_CONTENTS: Contents = { kind: undefined, items: [], isFound: true };

async function failsOn({ failOn }: RequestOptions, { json }: Page): Promise<boolean> {
  return failOn !== undefined && json !== undefined && jqIsTruthy(failOn, json, '--fail-on');
}

async function hasGraphqlErrors({ graphql }: RequestOptions, { json }: Page): Promise<boolean> {
  if (graphql === undefined || json === undefined) return false;
  const { graphqlErrors } = await import('../answer/graphql-errors.ts');
  return graphqlErrors(JSON.parse(json)).length > 0;
}

function limitReached({ maxPages, maxItems }: RequestOptions, tally: Tally) {
  if (maxItems !== undefined && tally.items >= maxItems) return '--max-items';
  return maxPages !== undefined && tally.pages >= maxPages ? '--max-pages' : undefined;
}

/** A link that cannot be followed is no matter where nobody follows it. */
async function atLimit(way: Way, page: Page, flag: '--max-pages' | '--max-items'): Promise<Ending> {
  const hasMore = await way.after(page).then(
    (step) => step !== undefined,
    () => true,
  );
  return hasMore ? { kind: 'limit', page, flag, isSure: !way.isCounted } : { kind: 'end', page };
}

function sameKind(known: Contents['kind'], kind: Contents['kind'], number: number): Contents['kind'] {
  if (known === undefined || kind === undefined || known === kind) return known ?? kind;
  throw new SkConnectError('upstream', `page ${number} is an ${kind}, where the pages before are ${known}s`, {
    code: 'page_of_another_kind',
    hint: 'Say where the list is with --items, or what tells an error with --fail-on.',
  });
}

/** Counted pages end with an empty one, and an object is never empty. */
function requireLimit({ pageParam, maxPages }: RequestOptions): void {
  if (maxPages !== undefined) return;
  throw usageError(
    `the pages are no arrays: nothing tells the last one from the others that --page-param ${pageParam} counts`,
    'Say where the list is, which ends them when it is empty: --items EXPR (or how many: --max-pages N)',
    { code: 'items_needed' },
  );
}

/** Finds pages that go round in a circle. */
function createRepeatCheck({ isCounted }: Way) {
  const seen = new Map<string, number>();
  let lastHash: string | undefined;
  return {
    target: ({ target }: Step, number: number) => {
      const before = seen.get(target);
      if (before !== undefined) {
        throw loop(
          `page ${number - 1} leads back to page ${before}`,
          'Say where the next page is with --next.',
        );
      }
      seen.set(target, number);
    },
    /** An API that does not know the parameter answers with the same page for ever. */
    body: ({ number, body }: Page) => {
      if (!isCounted || body.length === 0) return;
      const hash = createHash('sha256').update(body).digest('base64');
      if (hash === lastHash) {
        throw loop(
          `page ${number} is the same as page ${number - 1}`,
          "Check the name of --page-param in the provider's API reference.",
        );
      }
      lastHash = hash;
    },
  };
}

function loop(message: string, hint: string): SkConnectError {
  return new SkConnectError('upstream', message, { code: 'page_loop', hint });
}
