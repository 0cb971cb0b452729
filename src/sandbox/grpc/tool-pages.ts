import type { Account } from '../state/accounts.ts';
import type { ListedTool, ToolList } from '../tools/tool-list.ts';
import type { PageTokens } from './pages.ts';
import type { ToolSource } from './tool-sources.ts';

const DEFAULT_PAGE_SIZE = 10;
/** The descriptors set no limit for tools, and the documentation's samples ask for 100: more is cut to that. */
const LARGEST_PAGE_SIZE = 100;

export interface ToolFilter {
  names?: readonly string[];
  query?: string;
}

export interface FoundTool {
  tool: ListedTool;
  account: Account | undefined;
}

interface ToolPage {
  tools: FoundTool[];
  totalSize: number;
  nextPageToken: string;
  prevPageToken: string;
}

interface PageRequest {
  scope: string;
  pageSize: number;
  pageToken: string;
}

/** The lists stay as they are: a page of them costs what is on it, wherever it begins. */
export function pageOfTools(
  tokens: PageTokens,
  sources: readonly ToolSource[],
  filter: ToolFilter,
  { scope, pageSize, pageToken }: PageRequest,
): ToolPage {
  const size = Math.min(pageSize || DEFAULT_PAGE_SIZE, LARGEST_PAGE_SIZE);
  const start = tokens.decode(pageToken, scope);
  const end = start + size;
  const tools: FoundTool[] = [];
  let totalSize = 0;
  for (const { list, account } of sources) {
    const matching = selected(list, filter);
    const [from, to] = [Math.max(0, start - totalSize), Math.max(0, end - totalSize)];
    for (const tool of matching.slice(from, to)) tools.push({ tool, account });
    totalSize += matching.length;
  }
  return {
    tools,
    totalSize,
    nextPageToken: end < totalSize ? tokens.encode(end, scope) : '',
    prevPageToken: start > 0 ? tokens.encode(Math.max(0, start - size), scope) : '',
  };
}

interface Selection {
  key: string;
  tools: readonly ListedTool[];
}

/** No state, but what was last computed of a list: a client that pages asks for the same again. */
const last = new WeakMap<ToolList, Selection>();

function selected(list: ToolList, { names = [], query = '' }: ToolFilter): readonly ListedTool[] {
  if (names.length === 0 && query === '') return list.tools;
  const key = JSON.stringify([names, query]);
  const known = last.get(list);
  if (known?.key === key) return known.tools;
  const wanted = new Set(names);
  // Full text, as Scalekit calls it: every word, wherever it stands.
  const words = query.toLowerCase().split(/\s+/);
  const tools = list.tools.filter(
    (tool) =>
      (wanted.size === 0 || wanted.has(tool.name)) && words.every((word) => tool.words.includes(word)),
  );
  last.set(list, { key, tools });
  return tools;
}
