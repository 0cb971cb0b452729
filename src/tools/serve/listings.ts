import { ErrorCode, type ListToolsResult, McpError, type Tool } from '@modelcontextprotocol/sdk/types.js';
import { messageOf } from '../../errors.ts';
import type { Page } from '../../scalekit/pages.ts';
import { type ListedTool, openToolBox, type ToolBoxOptions } from '../toolbox.ts';
import { toMcpTool } from './definition.ts';
import type { Invocations } from './invocations.ts';

/** Answers `tools/list`, page by page. */
export type ListTools = (cursor: string | undefined) => Promise<ListToolsResult>;

export interface ListingOptions extends ToolBoxOptions {
  invocations: Invocations;
  /** What the client is not told. */
  tell: (line: string) => void;
}

/** Of so many lists that are begun a client may ask for more. */
const MOST_OPEN = 8;

export function createListings(options: ListingOptions): ListTools {
  const open = new Map<string, Listing>();
  let count = 0;

  const start = async (): Promise<string> => {
    const id = String(++count);
    open.set(id, await openListing(options));
    for (const old of [...open.keys()].slice(0, -MOST_OPEN)) {
      open.get(old)?.close();
      open.delete(old);
    }
    return id;
  };

  return async (cursor) => {
    const { id, number } = cursor === undefined ? { id: await start(), number: 0 } : parseCursor(cursor);
    const listing = open.get(id);
    const tools = await listing?.page(number);
    if (listing === undefined || tools === undefined) throw unknownCursor();
    const hasMore = (await listing.page(number + 1)) !== undefined;
    return { tools, ...(hasMore ? { nextCursor: `${id}.${number + 1}` } : {}) };
  };
}

function parseCursor(cursor: string): { id: string; number: number } {
  const [, id, number] = /^(\d+)\.(\d+)$/.exec(cursor) ?? [];
  if (id === undefined) throw unknownCursor();
  return { id, number: Number(number) };
}

function unknownCursor(): McpError {
  return new McpError(ErrorCode.InvalidParams, 'the cursor is unknown or too old: list from the beginning');
}

/** A list that is being read. A page that was there is there again. */
interface Listing {
  /** Undefined after the last page, and where none before it was asked for. */
  page(number: number): Promise<Tool[] | undefined>;
  close(): void;
}

/** Throws where the first page cannot be had. */
async function openListing({ invocations, tell, ...options }: ListingOptions): Promise<Listing> {
  const invocation = invocations.open();
  const close = () => void invocation.close();
  try {
    const box = await openToolBox(invocation.app, options);
    const pages = box.list({})[Symbol.asyncIterator]();
    const read: Promise<Tool[] | undefined>[] = [Promise.resolve((await nextPage(pages, tell)) ?? [])];
    // What was listed by then is good for something: of an account that is not ACTIVE the custom tools.
    const failed = (error: unknown) => tell(`The list of tools ends here: ${messageOf(error)}`);
    const readOn = async (number: number): Promise<Tool[] | undefined> => {
      if ((await read[number - 1]) === undefined) return undefined;
      const page = await nextPage(pages, tell).catch(failed);
      if (page === undefined) close();
      return page ?? undefined;
    };
    const page = async (number: number) => {
      if (number <= read.length) read[number] ??= readOn(number);
      return read[number];
    };
    return { page, close };
  } catch (error) {
    close();
    throw error;
  }
}

/** The next page with tools on it. */
async function nextPage(
  pages: AsyncIterator<Page<ListedTool>>,
  tell: (line: string) => void,
): Promise<Tool[] | undefined> {
  for (;;) {
    const { done, value } = await pages.next();
    if (done === true) return undefined;
    if (value.items.length > 0) return value.items.map((tool) => toMcpTool(tool, tell));
  }
}
