import type { App } from '../app.ts';
import { usageError } from '../errors.ts';
import type { JsonObject } from '../json/object.ts';
import { commandLine } from '../terminal/command-line.ts';
import type { AskOptions } from './ask/ask-input.ts';
import { confirmRun } from './confirm.ts';
import { type InputOptions, readInput } from './input/read.ts';
import { type ShowOptions, showOutcome } from './show-outcome.ts';
import { type ListedTool, openToolBox, type ToolBox, type ToolBoxOptions } from './toolbox.ts';
import { unnamedInputs } from './unnamed-inputs.ts';
import { invalidInput, UNKNOWN_INPUT, violationsTold } from './validate.ts';

export interface ExecOptions extends InputOptions, AskOptions, ShowOptions, ToolBoxOptions {
  /** False after `--no-validate`. */
  validate?: boolean;
  /** Show the call, make none. */
  dryRun?: boolean;
  /** Print the program that makes the call. */
  code?: 'typescript' | 'python';
}

/** Executes a tool once and prints what it gave. Throws `usage` for an unknown name or input that does not fit, before anything is executed. */
export async function execTool(app: App, toolName: string, options: ExecOptions): Promise<void> {
  checkOptions(app, options);
  if (options.output !== undefined) {
    const { findOutput } = await import('./content/save.ts');
    await findOutput(app, options.output);
  }
  const isCalled = options.dryRun !== true && options.code === undefined;
  const box = await openToolBox(app, isCalled ? options : { ...options, preflight: false });
  const tool = await box.find(toolName);
  const input = await completeInput(app, box, tool, options);
  if (options.validate !== false) await checkInput(app, box, tool, input);
  if (!isCalled) return showInstead(app, box, tool, input, options);

  await confirmRun(app, tool);
  const startedAt = performance.now();
  const outcome = await box.execute(tool, input);
  const durationMs = Math.round(performance.now() - startedAt);
  await showOutcome(app, tool, outcome, { ...options, durationMs });
}

function checkOptions({ options: { json, jq } }: App, options: ExecOptions): void {
  const pairs = [
    ['--code', options.code !== undefined, '--dry-run', options.dryRun === true],
    ['--raw', options.raw === true, '--json', json === true],
    ['--output', options.output !== undefined, '--jq', jq !== undefined],
    ['--output -', options.output === '-', '--json', json === true],
  ] as const;
  const clash = pairs.find(([, isGiven, , isOtherGiven]) => isGiven && isOtherGiven);
  if (clash === undefined) return;
  throw usageError(`${clash[0]} and ${clash[2]} contradict each other`, 'Leave one of them out.', {
    code: 'conflicting_options',
  });
}

async function completeInput(
  app: App,
  box: ToolBox,
  tool: ListedTool,
  options: ExecOptions,
): Promise<JsonObject> {
  const typed = await box.complete(tool, await readInput(app, tool.inputSchema, options));
  if (!app.terminal.canPrompt) {
    if (options.allFields === true) throw cannotAsk();
    return typed;
  }
  const { askInput } = await import('./ask/ask-input.ts');
  return askInput(app, tool, typed, options);
}

function cannotAsk() {
  return usageError(
    '--all-fields asks on a terminal, and there is none to ask on',
    'Give the inputs with -p key=value or --input.',
  );
}

async function checkInput(app: App, box: ToolBox, tool: ListedTool, input: JsonObject): Promise<void> {
  const { name, inputSchema } = tool;
  if (inputSchema === null) return;
  const violations = await violationsTold(app, name, inputSchema, input);
  if (!violations.some(({ message }) => message.startsWith(UNKNOWN_INPUT))) {
    for (const line of unnamedInputs(name, inputSchema, input))
      app.terminal.notice(line, app.terminal.errStyle.yellow);
  }
  if (violations.length === 0) return;
  const show = commandLine(app.options, 'tools', 'show', name, ...(await box.flags(tool)));
  throw invalidInput(name, violations, `Nothing was sent. See what it takes: ${show}`);
}

async function showInstead(
  app: App,
  box: ToolBox,
  tool: ListedTool,
  input: JsonObject,
  { code }: ExecOptions,
): Promise<void> {
  const { connectionName = null, identifier = null } = await box.account(tool, input);
  const call = { toolName: tool.name, connectionName, identifier, input };
  if (code === undefined) {
    const { showCall } = await import('./dry-run.ts');
    return showCall(app, box, tool, call);
  }
  const { printToolProgram } = await import('./code/code.ts');
  await printToolProgram(app, call, code, box.fileOf(tool));
}
