import type { App } from '../app.ts';
import { printTable } from '../terminal/table.ts';
import { toolColumns } from './columns.ts';
import { type ListedTool, openToolBox, type ToolBoxOptions, type ToolFilter } from './toolbox.ts';

export type ListOptions = ToolFilter & Pick<ToolBoxOptions, 'contracts'>;

/** Prints the tools that a user may call on a connection, and those of contract files; page by page in a pipe. */
export async function listTools(app: App, options: ListOptions): Promise<void> {
  const { terminal } = app;
  const box = await openToolBox(app, options);
  const gathered: ListedTool[] = [];
  let totalSize = 0;
  for await (const page of box.list(options)) {
    totalSize = page.totalSize;
    if (terminal.isJson || terminal.isForPerson) gathered.push(...page.items);
    else await printTable(terminal, toolColumns(terminal.outStyle), page.items);
  }
  if (terminal.isJson) return printTools(app, gathered, options, totalSize);
  await printTable(terminal, toolColumns(terminal.outStyle), gathered);
  if (terminal.isForPerson && gathered.length === 0) terminal.notice('No tools.');
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
