import { SkConnectError, usageError } from '../../errors.ts';
import { jqOutputs } from '../../json/jq.ts';
import { isRepeatable, type ProxyCall } from '../../scalekit/proxy-input.ts';
import type { TypedCall } from '../call/typed-call.ts';
import type { PageOptions, RequestOptions } from '../options.ts';
import type { Page } from './page.ts';
import { parameterOf, withParameter } from './parameter.ts';

/** How one page leads to the next. */
export interface Way {
  /** What was typed, with what the pages need. */
  first: Step;
  /** Undefined behind the last page. Throws `upstream` where the way on cannot be told. */
  after(page: Page): Promise<Step | undefined>;
  /** Counted pages end with the first that is empty. */
  isCounted: boolean;
}

export interface Step {
  call: ProxyCall;
  /** What names the page: where it comes a second time the pages go round in a circle. */
  target: string;
}

/** Throws a usage error where the options name no way. */
export async function openWay(typed: TypedCall, options: RequestOptions): Promise<Way> {
  refuseSingleBody(typed.call);
  if (options.graphql !== undefined) return byVariable(typed, options);
  const call = withPageSize(typed.call, options.pageSizeParam);
  if (options.pageParam === undefined) return byLink(call, options);
  return options.next === undefined
    ? byNumber(call, options.pageParam)
    : byCursor(call, options.pageParam, options.next);
}

/** `Link: rel="next"`, or a path, query or URL that `--next` finds in the body. */
async function byLink(call: ProxyCall, { next, baseUrl }: PageOptions): Promise<Way> {
  const [{ createLinkMap, checkLinkedCall }, { nextLink }] = await Promise.all([
    import('./link-map.ts'),
    import('./link-header.ts'),
  ]);
  const map = createLinkMap(baseUrl);
  return {
    first: stepTo(call),
    isCounted: false,
    after: async (page) => {
      const uri = next === undefined ? nextLink(page.response.headers) : textOf(await valueOf(next, page));
      if (uri === undefined) return undefined;
      const reference = { uri, isChosen: next !== undefined };
      return stepTo(checkLinkedCall({ ...page.call, path: map(reference, page.call.path) }, reference));
    },
  };
}

function byCursor(call: ProxyCall, name: string, next: string): Way {
  return {
    first: stepTo(call),
    isCounted: false,
    after: async (page) => {
      const cursor = textOf(await valueOf(next, page));
      if (cursor === undefined) return undefined;
      return stepTo({ ...page.call, path: withParameter(page.call.path, name, cursor) });
    },
  };
}

function byNumber(call: ProxyCall, name: string): Way {
  const given = parameterOf(call.path, name) ?? '1';
  if (!/^\d{1,15}$/.test(given)) {
    throw usageError(
      `--page-param ${name} counts pages, and the path has ${name}=${given}`,
      'Give it a number to begin with; for cursors say where the next one is: --next EXPR',
      { code: 'bad_page_number' },
    );
  }
  const numbered = (number: number) =>
    stepTo({ ...call, path: withParameter(call.path, name, String(number)) });
  const first = Number(given);
  return {
    first: numbered(first),
    isCounted: true,
    after: async (page) => numbered(first + page.number),
  };
}

function byVariable({ call, withVariable }: TypedCall, options: PageOptions): Way {
  const { next, pageParam } = options;
  if (next === undefined || pageParam === undefined || withVariable === undefined) {
    throw usageError(
      '--paginate with --graphql needs the cursor and the variable that takes it',
      "Add --next and --page-param: --next '.data.issues.pageInfo | select(.hasNextPage).endCursor' --page-param after",
    );
  }
  if (options.pageSizeParam !== undefined) {
    throw usageError('--page-size-param is no variable of --graphql', 'Give the size as one: -F first=100');
  }
  return {
    first: { call, target: '' },
    isCounted: false,
    after: async (page) => {
      const cursor = await valueOf(next, page);
      if (cursor === undefined) return undefined;
      return { call: withVariable(pageParam, cursor), target: cursor };
    },
  };
}

function stepTo(call: ProxyCall): Step {
  return { call, target: call.path };
}

/** What `--next` gives for a page, as JSON text; undefined where that says that there is no next one. */
async function valueOf(next: string, page: Page): Promise<string | undefined> {
  const [value = 'null'] = page.json === undefined ? [] : await jqOutputs(next, page.json, '--next');
  if (['null', 'false', '""'].includes(value)) return undefined;
  if (/^["\d-]/.test(value)) return value;
  throw new SkConnectError('usage', `--next gave ${brief(value)} on page ${page.number}`, {
    code: 'bad_next',
    hint: 'It has to give a cursor, path or URL: text or a number, and null or "" behind the last page.',
  });
}

/** A string's text; a number as it was written. */
function textOf(json: string | undefined): string | undefined {
  return json?.startsWith('"') ? (JSON.parse(json) as string) : json;
}

function brief(json: string): string {
  return json.length > 60 ? `${json.slice(0, 60)}…` : json;
}

const DEFAULT_PAGE_SIZE = '100';

/** `NAME` or `NAME=SIZE`; what the path says already stays. */
function withPageSize(call: ProxyCall, pageSizeParam: string | undefined): ProxyCall {
  if (pageSizeParam === undefined) return call;
  const [, name = '', size = DEFAULT_PAGE_SIZE] = /^([^=]*)(?:=(.*))?$/s.exec(pageSizeParam) ?? [];
  if (name === '' || !/^[1-9]\d{0,8}$/.test(size)) {
    throw usageError(
      `--page-size-param ${JSON.stringify(pageSizeParam)} has no name and size`,
      'Write --page-size-param per_page=100',
    );
  }
  const isGiven = parameterOf(call.path, name) !== undefined;
  return isGiven ? call : { ...call, path: withParameter(call.path, name, size) };
}

function refuseSingleBody({ body }: ProxyCall): void {
  if (isRepeatable(body)) return;
  throw usageError(
    '--paginate sends the body with every page, and stdin can be read once',
    'Write the body to a file and name it: -d @FILE',
    { code: 'body_not_repeatable' },
  );
}
