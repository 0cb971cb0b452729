import type { Page } from '../scalekit/pages.ts';
import type { ListedTool, ToolFilter } from './toolbox.ts';

/** A tool as `--json` prints it. */
export function toolDocument(tool: ListedTool, missingScopes: readonly string[] | undefined) {
  return {
    name: tool.name,
    displayName: tool.displayName,
    description: tool.description,
    provider: tool.provider,
    connectionName: tool.connectionName,
    connectedAccountId: tool.connectedAccountId,
    source: tool.source,
    inputSchema: tool.inputSchema,
    outputSchema: tool.outputSchema,
    tags: tool.tags,
    readOnly: tool.readOnly,
    scopes: tool.scopes,
    ...(missingScopes === undefined ? {} : { missingScopes }),
  };
}

/** The document of `tools list --json`, page by page. */
export async function* listDocument(
  pages: AsyncIterable<Page<ListedTool>>,
  filter: ToolFilter,
  missingScopes: (tool: ListedTool) => readonly string[] | undefined,
): AsyncGenerator<string> {
  const { query, name, provider } = filter;
  const isFiltered = query !== undefined || name !== undefined || provider !== undefined;
  let before = '{"tools":[';
  let shown = 0;
  let totalSize = 0;
  for await (const page of pages) {
    totalSize = page.totalSize;
    shown += page.items.length;
    if (page.items.length === 0) continue;
    const documents = page.items.map((tool) => JSON.stringify(toolDocument(tool, missingScopes(tool))));
    yield before + documents.join(',');
    before = ',';
  }
  yield `${shown === 0 ? before : ''}],"totalSize":${isFiltered ? shown : totalSize}}`;
}
