import type { App } from '../app.ts';
import type { Page } from '../scalekit/pages.ts';
import { chosenFormat, type FormatOptions } from './chosen-format.ts';
import { defineTool, definitionText } from './formats/definition.ts';
import { DEFAULT_FORMAT } from './formats/names.ts';
import { createFormatNotes, type FormatNotes } from './formats/notes.ts';
import type { ToolFormat } from './formats/tool-format.ts';
import { modelView } from './model-view.ts';
import type { ListedTool } from './toolbox.ts';

/**
 * Prints the tools as the one JSON document that an API takes, page by page as they come, and after it what that API
 * would refuse. A list that breaks off is left open: half of the tools must not pass for all of them.
 */
export async function printFormatted(
  app: App,
  pages: AsyncIterable<Page<ListedTool>>,
  { format: name = DEFAULT_FORMAT, strict: isStrict = false }: FormatOptions,
): Promise<void> {
  const format = chosenFormat(name, isStrict);
  const notes = createFormatNotes(format);
  await app.terminal.printJsonParts(documentParts(pages, format, notes, isStrict));
  const { errStyle } = app.terminal;
  for (const line of notes.lines())
    app.terminal.notice(line, line.startsWith(' ') ? undefined : errStyle.yellow);
}

async function* documentParts(
  pages: AsyncIterable<Page<ListedTool>>,
  format: ToolFormat,
  notes: FormatNotes,
  isStrict: boolean,
): AsyncGenerator<string> {
  let before = `${format.open}\n`;
  let isEmpty = true;
  let check: ((tool: ListedTool) => string | undefined) | undefined;
  for await (const { items } of pages) {
    const defined = items.map(modelView).map((tool) => ({ tool, ...defineTool(tool, format, isStrict) }));
    if (items.length > 0) {
      yield before +
        defined.map(({ tool, definition }) => definitionText(tool, definition, format)).join(',\n');
      before = ',\n';
      isEmpty = false;
    }
    // Only now: the first row does not wait until the validator is loaded.
    check ??= await dialectCheck(format);
    for (const { tool, problems, ...rest } of defined) {
      const place = check(tool);
      const broken = place === undefined ? [] : [{ rule: 'a schema that is not valid (2020-12)', place }];
      notes.add(tool.name, { problems: [...problems, ...broken], ...rest });
    }
  }
  yield isEmpty ? `${format.open}${format.close}` : `\n${format.close}`;
}

async function dialectCheck(format: ToolFormat): Promise<(tool: ListedTool) => string | undefined> {
  if (format.isCheckedAgainst2020 !== true) return () => undefined;
  const { loadDialectCheck } = await import('../json/dialect.ts');
  const check = await loadDialectCheck();
  return ({ inputSchema }) => (inputSchema === null ? undefined : check(inputSchema));
}
