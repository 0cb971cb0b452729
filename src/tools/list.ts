import type { App } from '../app.ts';
import { usageError } from '../errors.ts';
import type { Page } from '../scalekit/pages.ts';
import { growingTable, printTable } from '../terminal/table.ts';
import type { FormatOptions } from './chosen-format.ts';
import { markedToolColumns, toolColumns } from './columns.ts';
import { listDocument } from './list-json.ts';
import { createScopeCheck, type ScopeCheck } from './scopes.ts';
import { type ListedTool, openToolBox, type ToolBoxOptions, type ToolFilter } from './toolbox.ts';

export interface ListOptions extends ToolFilter, FormatOptions, Pick<ToolBoxOptions, 'contracts'> {
  /** How much context they cost, in place of the tools. */
  estimateTokens?: boolean;
}

/** Prints the tools that a user may call on a connection, and those of contract files, page by page as they come. */
export async function listTools(app: App, options: ListOptions): Promise<void> {
  const { terminal } = app;
  if (options.strict === true && options.format === undefined && options.estimateTokens !== true) {
    throw usageError('--strict is for --format', 'Add --format anthropic, openai or openai-responses.', {
      code: 'strict_without_format',
    });
  }
  const pages = (await openToolBox(app, options)).list(options);
  if (options.estimateTokens === true) {
    const { printTokens } = await import('./tokens.ts');
    return printTokens(app, pages, options);
  }
  if (options.format !== undefined) {
    const { printFormatted } = await import('./list-format.ts');
    return printFormatted(app, pages, options);
  }
  const scopes = createScopeCheck(app, options);
  const watched = scopes.watch(pages);
  if (terminal.isJson) await terminal.printJsonParts(listDocument(watched, options, scopes.missing));
  else await printRows(app, watched, scopes);
  const line = scopes.line();
  if (line !== undefined) terminal.notice(line, terminal.errStyle.yellow);
}

async function printRows(
  { terminal }: App,
  pages: AsyncIterable<Page<ListedTool>>,
  scopes: ScopeCheck,
): Promise<void> {
  const { outStyle, isForPerson } = terminal;
  const table = growingTable(terminal, markedToolColumns(outStyle, scopes));
  let isEmpty = true;
  for await (const { items } of pages) {
    if (items.length > 0) isEmpty = false;
    if (isForPerson) await terminal.print(await table(items));
    else await printTable(terminal, toolColumns(outStyle), items);
  }
  if (isForPerson && isEmpty) terminal.notice('No tools.');
}
