import type { App } from '../app.ts';
import type { Violation } from '../json/schema.ts';
import { JsonText } from '../terminal/terminal.ts';
import type { SavedFile } from './content/save.ts';
import type { ListedTool, ToolOutcome } from './toolbox.ts';

export interface ShowOptions {
  /** All of `data` as JSON, on a terminal too. */
  raw?: boolean;
  /** A file, or `-` for stdout. */
  output?: string;
  /** An answer that does not fit the output schema is a failed expectation. */
  strictOutput?: boolean;
}

/** Prints or saves what a tool gave. Throws `expectation` under `--strict-output` where it is not what was promised. */
export async function showOutcome(
  app: App,
  tool: ListedTool,
  outcome: ToolOutcome,
  { durationMs, ...options }: ShowOptions & { durationMs: number },
): Promise<void> {
  const { terminal } = app;
  const { data, executionId } = outcome;
  const { output } = options;
  const saved = output === undefined ? undefined : await save(app, output, data, options.raw === true);
  if (terminal.isJson) {
    await terminal.printJson(outcomeDocument({ toolName: tool.name, executionId, data, durationMs, saved }));
  } else if (saved === undefined) {
    await showData(app, tool, data, options.raw === true);
  } else if (output !== '-') {
    for (const { name, bytes } of saved)
      terminal.notice(`Saved ${bytes.toLocaleString('en')} bytes to ${name}`);
  }
  await tellViolations(app, tool, outcome, options);
  const execution = executionId === null ? '' : `execution ${executionId}, `;
  if (!terminal.isJson) terminal.notice(`${execution}${durationMs} ms`, terminal.errStyle.dim);
}

async function save(app: App, name: string, data: JsonText, isRaw: boolean): Promise<SavedFile[]> {
  const { saveData } = await import('./content/save.ts');
  return saveData(app, name, data.text, isRaw);
}

async function showData(app: App, tool: ListedTool, data: JsonText, isRaw: boolean): Promise<void> {
  const { terminal } = app;
  // A custom tool's answer is its own, and may hold numbers that parsing would not keep.
  if (terminal.isForPerson && !isRaw && tool.source !== 'custom') {
    const { showContent } = await import('./content/show.ts');
    if (await showContent(app, data.text)) return;
  }
  await terminal.printJson(data);
}

async function tellViolations(
  app: App,
  tool: ListedTool,
  outcome: ToolOutcome,
  { strictOutput }: ShowOptions,
): Promise<void> {
  const violations = await violationsIn(tool, outcome);
  if (violations.length === 0) return;
  const { outputText, unfitOutput } = await import('./content/check-output.ts');
  if (strictOutput === true) throw unfitOutput(tool.name, violations);
  const text = outputText(tool.name, violations);
  app.terminal.notice(`${text.charAt(0).toUpperCase()}${text.slice(1)}`, app.terminal.errStyle.yellow);
}

/** A custom tool's outcome comes with them. */
async function violationsIn(tool: ListedTool, outcome: ToolOutcome): Promise<readonly Violation[]> {
  if (tool.source === 'custom' || tool.outputSchema === null) return outcome.violations;
  const { outputViolations } = await import('./content/check-output.ts');
  return outputViolations(tool.outputSchema, outcome.data.text);
}

/** Put together as text: parsed, the data would lose what a double cannot hold. It is null where it was saved. */
function outcomeDocument({
  data,
  saved,
  durationMs,
  ...head
}: Pick<ToolOutcome, 'data' | 'executionId'> & {
  toolName: string;
  durationMs: number;
  saved: readonly SavedFile[] | undefined;
}): JsonText {
  const { toolName, executionId } = head;
  const start = JSON.stringify({ toolName, executionId }).slice(0, -1);
  const files = saved === undefined ? '' : `,"files":${JSON.stringify(saved)}`;
  const shown = saved === undefined ? data.text : 'null';
  return new JsonText(`${start},"data":${shown},"durationMs":${durationMs}${files}}`);
}
