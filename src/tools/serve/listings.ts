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

/** Throws where there is not one tool to begin with, because of an error. */
async function openListing({ invocations, tell, ...options }: ListingOptions): Promise<Listing> {
  const invocation = invocations.open();
  const close = () => void invocation.close();
  try {
    const box = await openToolBox(invocation.app, options);
    const nextPage = pagesOf(box.list({})[Symbol.asyncIterator](), tell);
    const read: Promise<Tool[] | undefined>[] = [Promise.resolve((await nextPage()) ?? [])];
    const readOn = async (number: number): Promise<Tool[] | undefined> => {
      const before = await read[number - 1];
      const page = before === undefined ? undefined : await nextPage();
      if (page === undefined) close();
      return page;
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

/** Many clients ask for the first page only: it is as large as Scalekit's own, whatever it is put together from. */
const PAGE_SIZE = 100;

function pagesOf(pages: AsyncIterator<Page<ListedTool>>, tell: (line: string) => void) {
  let isFirst = true;
  let isOver = false;
  return async (): Promise<Tool[] | undefined> => {
    const tools: Tool[] = [];
    try {
      while (!isOver && tools.length < PAGE_SIZE) {
        const { done, value } = await pages.next();
        isOver = done === true;
        if (done !== true) tools.push(...value.items.map((tool) => toMcpTool(tool, tell)));
      }
    } catch (error) {
      isOver = true;
      if (isFirst && tools.length === 0) throw error;
      // What there is is good for something: of an account that is not ACTIVE the custom tools.
      tell(`The list of tools ends here: ${messageOf(error)}`);
    }
    isFirst = false;
    return tools.length === 0 ? undefined : tools;
  };
}
