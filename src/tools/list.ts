import { requireActiveAccount } from '../accounts/active.ts';
import { requireAccountKey, requireIdentifier } from '../accounts/select.ts';
import type { App } from '../app.ts';
import { usageError } from '../errors.ts';
import type { AccountKey } from '../scalekit/accounts.ts';
import type { Page } from '../scalekit/pages.ts';
import type { Tool } from '../scalekit/tools.ts';
import { printTable } from '../terminal/table.ts';
import { toolColumns } from './columns.ts';

export interface ListOptions {
  name?: string[];
  provider?: string;
  query?: string;
  /** What could be made available to the user, in place of what they may call. */
  available?: boolean;
  /** The workspace's tools, in place of one user's. */
  catalog?: boolean;
}

/** A tool as the listing prints it. */
export interface ListedTool extends Tool {
  connectionName: string | null;
}

/** Prints the tools that a user may call on a connection; page by page in a pipe. */
export async function listTools(app: App, options: ListOptions): Promise<void> {
  const { terminal } = app;
  const { pages, key } = await select(app, options);
  const gathered: ListedTool[] = [];
  let totalSize = 0;
  let received = 0;
  for await (const page of pages) {
    totalSize = page.totalSize;
    received += page.items.length;
    const shown = page.items.filter((tool) => isSelected(tool, options));
    if (terminal.isJson || terminal.isForPerson) gathered.push(...shown);
    else await printTable(terminal, toolColumns(terminal.outStyle), shown);
  }
  // Scalekit lists no tools for an account that is missing or not ACTIVE, and says nothing of it.
  if (received === 0 && key !== undefined) await requireActiveAccount(app, key);
  if (terminal.isJson) return printTools(app, gathered, options, totalSize);
  await printTable(terminal, toolColumns(terminal.outStyle), gathered);
  if (terminal.isForPerson && gathered.length === 0) terminal.notice('No tools.');
}

interface Selection {
  pages: AsyncIterable<Page<ListedTool>>;
  /** The account whose tools are listed. */
  key?: AccountKey;
}

async function select(app: App, options: ListOptions): Promise<Selection> {
  if (options.available && options.catalog) {
    throw usageError('--available and --catalog contradict each other', 'Leave one of them out.');
  }
  const open = async () => (await app.scalekit()).tools();
  if (options.catalog) {
    const { provider, query, name } = options;
    const filter = {
      ...(provider === undefined ? {} : { provider }),
      ...(query === undefined ? {} : { query }),
      ...(name === undefined ? {} : { toolName: name }),
    };
    return { pages: withConnection((await open()).catalog(filter), null) };
  }
  if (options.available) {
    const identifier = await requireIdentifier(app);
    return { pages: withConnection((await open()).available(identifier), null) };
  }
  const key = await requireAccountKey(app);
  const { connectionName, identifier } = key;
  const filter = {
    connectionNames: [connectionName],
    ...(options.provider === undefined ? {} : { providers: [options.provider] }),
    ...(options.name === undefined ? {} : { toolNames: options.name }),
  };
  return { pages: withConnection((await open()).scoped(identifier, filter), connectionName), key };
}

async function* withConnection(
  pages: AsyncIterable<Page<Tool>>,
  connectionName: string | null,
): AsyncGenerator<Page<ListedTool>> {
  for await (const { items, totalSize } of pages) {
    yield { items: items.map((tool) => ({ ...tool, connectionName })), totalSize };
  }
}

/** Not every listing filters by everything: what Scalekit was not asked is asked here, case aside. */
function isSelected(tool: Tool, { name, provider, query }: ListOptions): boolean {
  if (name !== undefined && !name.includes(tool.name)) return false;
  if (provider !== undefined && tool.provider.toLowerCase() !== provider.toLowerCase()) return false;
  if (query === undefined) return true;
  const text = `${tool.name} ${tool.displayName ?? ''} ${tool.description ?? ''}`.toLowerCase();
  return text.includes(query.toLowerCase());
}

function printTools(
  app: App,
  tools: readonly ListedTool[],
  options: ListOptions,
  totalSize: number,
): Promise<void> {
  const isFiltered =
    options.query !== undefined || options.name !== undefined || options.provider !== undefined;
  const documents = tools.map((tool) => ({
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
  }));
  return app.terminal.printJson({ tools: documents, totalSize: isFiltered ? tools.length : totalSize });
}
