import type { App } from '../app.ts';
import { commandLine } from '../terminal/command-line.ts';
import { type Column, printTable, tabSeparated } from '../terminal/table.ts';
import { JsonText } from '../terminal/terminal.ts';
import { visible } from '../terminal/visible.ts';
import { exampleInput } from './example-input.ts';
import { inputWords } from './example-words.ts';
import { toolDocument } from './list-json.ts';
import { type SchemaRow, schemaRows } from './schema-rows.ts';
import { createScopeCheck, type ScopeCheck } from './scopes.ts';
import { type ListedTool, openToolBox, type ToolBox, type ToolBoxOptions } from './toolbox.ts';
import { findViolations } from './validate.ts';

export interface ShowOptions extends Pick<ToolBoxOptions, 'contracts'> {
  /** The schema of the input alone. */
  schema?: boolean;
}

/** Prints what there is to know of one tool before it is called. Throws as `tools exec` does for an unknown name. */
export async function showTool(app: App, toolName: string, options: ShowOptions): Promise<void> {
  const { terminal } = app;
  // An account that is not ACTIVE has no tools; where it has, nothing is called.
  const box = await openToolBox(app, { ...options, preflight: false });
  const tool = await box.find(toolName);
  if (options.schema === true) return terminal.printJson(tool.inputSchema ?? new JsonText('null'));
  const scopes = createScopeCheck(app);
  await scopes.learn([tool]);
  const example = await exampleOf(app, box, tool);
  if (terminal.isJson) {
    const document = toolDocument(tool, scopes.missing(tool));
    const { input: exampleInput, command: exampleCommand } = example;
    return terminal.printJson({ ...document, exampleInput, exampleCommand });
  }
  const facts = factsOf(tool, scopes);
  if (terminal.isForPerson) await printForPerson(app, tool, facts, example.command);
  else await terminal.print(rowsForPipe(tool, facts, example.command));
  if (!example.isValid) {
    terminal.notice('The example does not fit the schema in everything: adapt it.', terminal.errStyle.yellow);
  }
}

interface ExampleCall {
  input: object;
  command: string;
  isValid: boolean;
}

async function exampleOf(app: App, box: ToolBox, tool: ListedTool): Promise<ExampleCall> {
  const flags = await box.flags(tool);
  const input = exampleInput(tool.inputSchema);
  // The identifier of -i is put in for a custom tool; another one is refused.
  if (tool.source === 'custom' && flags.includes('-i')) delete input['identifier'];
  const command = commandLine(app.options, 'tools', 'exec', tool.name, ...flags, ...inputWords(input));
  const whole =
    tool.source === 'custom' && flags.includes('-i') ? { identifier: flags.at(-1), ...input } : input;
  const violations =
    tool.inputSchema === null ? [] : await findViolations(tool.inputSchema, whole).catch(() => []);
  return { input, command, isValid: violations.length === 0 };
}

type Fact = readonly [name: string, value: string];

function factsOf(tool: ListedTool, { granted, missing }: Pick<ScopeCheck, 'granted' | 'missing'>): Fact[] {
  const had = granted(tool);
  const lacking = missing(tool) ?? [];
  const facts: [string, string | null][] = [
    ['title', tool.displayName === tool.name ? null : tool.displayName],
    ['source', tool.source],
    ['provider', tool.provider],
    ['connection', tool.connectionName],
    ['account', tool.connectedAccountId],
    ['read-only', tool.readOnly === null ? null : tool.readOnly ? 'yes' : 'no'],
    ['tags', tool.tags.join(', ')],
    ['scopes', tool.scopes === null ? null : tool.scopes.join(' ')],
    ['granted', tool.scopes === null || had === undefined ? null : had.join(' ')],
    ['not granted', lacking.join(' ')],
  ];
  return facts.filter((fact): fact is [string, string] => fact[1] !== null && fact[1] !== '');
}

async function printForPerson(
  { terminal }: App,
  tool: ListedTool,
  facts: readonly Fact[],
  command: string,
): Promise<void> {
  const { outStyle } = terminal;
  const width = Math.max(...facts.map(([name]) => name.length));
  const lines = [
    outStyle.bold(visible(tool.name)),
    ...(tool.description === null ? [] : [visible(tool.description.trim())]),
    '',
    ...facts.map(([name, value]) => {
      const text = visible(value);
      return `${outStyle.dim(name.padEnd(width))}  ${name === 'not granted' ? outStyle.yellow(text) : text}`;
    }),
  ];
  await terminal.print(`${lines.join('\n')}\n`);
  await printRows(terminal, 'Inputs', tool.inputSchema === null ? null : schemaRows(tool.inputSchema));
  if (tool.outputSchema !== null) await printRows(terminal, 'Output', schemaRows(tool.outputSchema));
  await terminal.print(`\n${outStyle.bold('Example')}\n${visible(command)}\n`);
}

async function printRows(terminal: App['terminal'], title: string, rows: SchemaRow[] | null): Promise<void> {
  const { outStyle } = terminal;
  await terminal.print(`\n${outStyle.bold(title)}\n`);
  if (rows === null) return terminal.print('The tool does not say.\n');
  if (rows.length === 0) return terminal.print('None.\n');
  const used = rowColumns(outStyle).filter(({ value }) => rows.some((row) => value(row) !== ''));
  await printTable(terminal, used, rows);
}

function rowColumns(style: App['terminal']['outStyle']): Column<SchemaRow>[] {
  return [
    { header: 'NAME', value: ({ name }) => name },
    { header: 'TYPE', value: ({ type }) => type, isFlexible: true, paint: (text) => style.cyan(text) },
    { header: 'REQUIRED', value: ({ isRequired }) => (isRequired ? 'yes' : '') },
    { header: 'DEFAULT', value: (row) => row.default, isFlexible: true },
    { header: 'LIMITS', value: ({ constraints }) => constraints, isFlexible: true },
    { header: 'DESCRIPTION', value: ({ description }) => description, isFlexible: true },
  ];
}

/** Each row says what it is about: `name`, `description`, a fact, `input`, `output`, `example`. */
function rowsForPipe(tool: ListedTool, facts: readonly Fact[], command: string): string {
  const rows = (kind: string, schema: ListedTool['inputSchema']) =>
    schemaRows(schema).map(({ name, type, isRequired, constraints, description, ...row }) => [
      kind,
      name,
      type,
      isRequired ? 'required' : 'optional',
      row.default,
      constraints,
      description,
    ]);
  const all = [
    ['name', tool.name],
    ...(tool.description === null ? [] : [['description', tool.description]]),
    ...facts,
    ...rows('input', tool.inputSchema),
    ...rows('output', tool.outputSchema),
    ['example', command],
  ];
  return all.map(tabSeparated).join('');
}
