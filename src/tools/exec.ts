import type { App } from '../app.ts';
import type { JsonObject } from '../json/object.ts';
import { JsonText } from '../terminal/terminal.ts';
import { askMissing } from './ask-input.ts';
import { type InputOptions, readInput } from './input.ts';
import {
  type ListedTool,
  openToolBox,
  type ToolBox,
  type ToolBoxOptions,
  type ToolOutcome,
} from './toolbox.ts';
import { findViolations, invalidInput, unusableSchema } from './validate.ts';

export type ExecOptions = InputOptions & ToolBoxOptions;

/** Executes a tool once and prints what it gave. Throws `usage` for an unknown name or input that does not fit, before anything is executed. */
export async function execTool(app: App, toolName: string, options: ExecOptions): Promise<void> {
  const box = await openToolBox(app, options);
  const tool = await box.find(toolName);
  const typed = await box.complete(tool, await readInput(app, tool.inputSchema, options));
  const input = app.terminal.canPrompt ? await askMissing(app, tool, typed) : typed;
  await checkInput(app, box, tool, input);

  const startedAt = performance.now();
  const outcome = await box.execute(tool, input);
  await printOutcome(app, tool, outcome, Math.round(performance.now() - startedAt));
}

async function printOutcome(
  { terminal }: App,
  { name: toolName }: ListedTool,
  { data, executionId, violations }: ToolOutcome,
  durationMs: number,
): Promise<void> {
  if (terminal.isJson)
    return terminal.printJson(outcomeDocument({ toolName, executionId, data, durationMs }));
  await terminal.printJson(data);
  for (const { path, message } of violations) {
    terminal.notice(`The answer does not fit the output schema: ${path === '' ? 'it' : path} ${message}`);
  }
  const execution = executionId === null ? '' : `execution ${executionId}, `;
  terminal.notice(`${execution}${durationMs} ms`, terminal.errStyle.dim);
}

/** Put together as text: parsed, the data would lose what a double cannot hold. */
function outcomeDocument({
  data,
  ...rest
}: Pick<ToolOutcome, 'data' | 'executionId'> & {
  toolName: string;
  durationMs: number;
}): JsonText {
  const { toolName, executionId, durationMs } = rest;
  const head = JSON.stringify({ toolName, executionId }).slice(0, -1);
  return new JsonText(`${head},"data":${data.text},"durationMs":${durationMs}}`);
}

async function checkInput(app: App, box: ToolBox, tool: ListedTool, input: JsonObject): Promise<void> {
  if (tool.inputSchema === null) return;
  const violations = await findViolations(tool.inputSchema, input).catch((error: unknown) => {
    app.terminal.notice(unusableSchema(tool.name, error));
    return [];
  });
  if (violations.length === 0) return;
  const show = await box.listCommand(tool);
  throw invalidInput(tool.name, violations, `Nothing was sent. See the schema: ${show}`);
}
