import { requireActiveAccount } from '../accounts/active.ts';
import { requireAccountKey } from '../accounts/select.ts';
import type { App } from '../app.ts';
import { type SkConnectError, usageError } from '../errors.ts';
import type { JsonObject } from '../json/object.ts';
import { preloadValidator } from '../json/schema.ts';
import type { AccountKey } from '../scalekit/accounts.ts';
import { gather } from '../scalekit/pages.ts';
import type { Tool, Tools } from '../scalekit/tools.ts';
import { didYouMean } from '../suggest.ts';
import { commandLine } from '../terminal/command-line.ts';
import { askMissing } from './ask-input.ts';
import { type InputOptions, readInput } from './input.ts';
import { findViolations, invalidInput, unusableSchema } from './validate.ts';

export interface ExecOptions extends InputOptions {
  /** False after `--no-preflight`. */
  preflight?: boolean;
}

/** Executes a tool once and prints what it gave. Throws `usage` for an unknown name or input that does not fit, before anything is executed. */
export async function execTool(app: App, toolName: string, options: ExecOptions): Promise<void> {
  const key = await requireAccountKey(app);
  const tools = await (await app.scalekit()).tools();
  // Both at once; of two failures the account's is told, as it explains the other. The validator is loaded
  // while the slower of the two, the tools, is still waited for.
  const [active, found] = await Promise.allSettled([
    options.preflight === false ? undefined : requireActiveAccount(app, key).finally(preloadValidator),
    findTool(app, tools, key, toolName),
  ]);
  if (active.status === 'rejected') throw active.reason;
  if (found.status === 'rejected') throw found.reason;
  const tool = found.value;
  const typed = await readInput(app, tool.inputSchema, options);
  const input = app.terminal.canPrompt ? await askMissing(app, tool, typed) : typed;
  await checkInput(app, key, tool, input);

  const startedAt = performance.now();
  const { data, executionId } = await tools.execute({ toolName, ...key, input });
  const durationMs = Math.round(performance.now() - startedAt);
  if (app.terminal.isJson) return app.terminal.printJson({ toolName, executionId, data, durationMs });
  await app.terminal.printJson(data);
  app.terminal.notice(`execution ${executionId}, ${durationMs} ms`, app.terminal.errStyle.dim);
}

async function findTool(app: App, tools: Tools, key: AccountKey, toolName: string): Promise<Tool> {
  const filter = { connectionNames: [key.connectionName] };
  const { items } = await gather(tools.scoped(key.identifier, { ...filter, toolNames: [toolName] }));
  const found = items.find(({ name }) => name === toolName);
  if (found !== undefined) return found;
  const all = await gather(tools.scoped(key.identifier, filter));
  // An account that is missing or not ACTIVE has no tools at all, and is the better explanation.
  if (all.items.length === 0) await requireActiveAccount(app, key);
  throw unknownTool(
    app,
    key,
    toolName,
    all.items.map(({ name }) => name),
  );
}

function unknownTool(app: App, key: AccountKey, toolName: string, names: readonly string[]): SkConnectError {
  const list = commandLine(app.options, 'tools', 'list', '-c', key.connectionName, '-i', key.identifier);
  return usageError(
    `${key.identifier} has no tool named ${JSON.stringify(toolName)} on ${key.connectionName}`,
    didYouMean(toolName, names, `See what there is: ${list}`),
    { code: 'tool_not_found' },
  );
}

async function checkInput(app: App, key: AccountKey, tool: Tool, input: JsonObject): Promise<void> {
  if (tool.inputSchema === null) return;
  const violations = await findViolations(tool.inputSchema, input).catch((error: unknown) => {
    app.terminal.notice(unusableSchema(tool.name, error));
    return [];
  });
  if (violations.length === 0) return;
  const account = ['-c', key.connectionName, '-i', key.identifier];
  const show = commandLine(app.options, 'tools', 'list', ...account, '--name', tool.name, '--json');
  throw invalidInput(tool.name, violations, `Nothing was sent. See the schema: ${show}`);
}
