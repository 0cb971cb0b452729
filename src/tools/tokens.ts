import { estimateTokenCount } from 'tokenx';
import type { App } from '../app.ts';
import type { Page } from '../scalekit/pages.ts';
import { type Column, printTable } from '../terminal/table.ts';
import { chosenFormat, type FormatOptions } from './chosen-format.ts';
import { defineTool } from './formats/definition.ts';
import { DEFAULT_FORMAT } from './formats/names.ts';
import { modelView } from './model-view.ts';
import type { ListedTool } from './toolbox.ts';

interface ToolTokens {
  name: string;
  tokens: number;
}

/** Prints how many tokens each definition takes in a model's context, the largest first, and all together. */
export async function printTokens(
  app: App,
  pages: AsyncIterable<Page<ListedTool>>,
  { format: name = DEFAULT_FORMAT, strict: isStrict = false }: FormatOptions,
): Promise<void> {
  const { terminal } = app;
  const format = chosenFormat(name, isStrict);
  const tools: ToolTokens[] = [];
  for await (const { items } of pages) {
    for (const tool of items) {
      const { definition } = defineTool(modelView(tool), format, isStrict);
      tools.push({ name: tool.name, tokens: estimateTokenCount(JSON.stringify(definition)) });
    }
  }
  tools.sort((a, b) => b.tokens - a.tokens || (a.name < b.name ? -1 : 1));
  const totalTokens = tools.reduce((sum, { tokens }) => sum + tokens, 0);
  if (terminal.isJson) return terminal.printJson({ tools, totalTokens, format: name });
  await printTable(terminal, tokenColumns(totalTokens, terminal.isForPerson), tools);
  const count = tools.length === 1 ? '1 tool takes' : `${tools.length} tools take`;
  terminal.notice(
    `${count} about ${grouped(totalTokens)} tokens as --format ${name}: an estimate, within some 15 % of OpenAI's o200k tokenizer; other models count otherwise.`,
  );
}

function tokenColumns(total: number, isForPerson: boolean): Column<ToolTokens>[] {
  const width = Math.max(grouped(total).length, 'TOKENS'.length);
  const share = (tokens: number) =>
    total === 0 ? '' : `${((100 * tokens) / total).toFixed(1)} %`.padStart(7);
  if (!isForPerson) {
    return [
      { header: 'TOOL', value: ({ name }) => name },
      { header: 'TOKENS', value: ({ tokens }) => String(tokens) },
    ];
  }
  return [
    { header: 'TOKENS'.padStart(width), value: ({ tokens }) => grouped(tokens).padStart(width) },
    { header: '  SHARE', value: ({ tokens }) => share(tokens) },
    { header: 'TOOL', value: ({ name }) => name, isFlexible: true },
  ];
}

function grouped(number: number): string {
  return number.toLocaleString('en-US');
}
