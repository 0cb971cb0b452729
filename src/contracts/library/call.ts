import { isJsonObject, type JsonObject } from '../../json/object.ts';
import { violationText } from '../../json/schema.ts';
import { line } from '../../request/answer/provider-message.ts';
import { meantBy } from '../../suggest.ts';
import { ToolFailure } from '../failure.ts';
import { type ContractResult, type RunContext, runContract } from '../run.ts';
import type { CustomTool } from '../tool.ts';
import type { LookUpStatus } from './client-accounts.ts';
import { createClientHost } from './client-host.ts';
import type { CallOptions, LoadToolsOptions } from './interface.ts';
import { ToolError } from './tool-error.ts';

export interface CallContext extends LoadToolsOptions {
  tools: ReadonlyMap<string, CustomTool>;
  lookUp: LookUpStatus;
}

/** One call of a tool. Throws a ToolError. */
export async function callTool(
  context: CallContext,
  toolName: string,
  given: unknown,
  caller: CallOptions,
): Promise<unknown> {
  const tool = context.tools.get(toolName);
  if (tool === undefined) throw unknownTool(toolName, [...context.tools.keys()]);
  const host = createClientHost({ ...context, toolName });
  const { connectionName, identifier, signal } = caller;
  try {
    const input = asInput(given);
    const result = await run(tool, input, { connectionName, identifier, signal, host });
    if (context.strictOutput === true) requireFittingOutput(toolName, result);
    return JSON.parse(result.output);
  } catch (error) {
    if (!(error instanceof ToolFailure)) throw error;
    const { code, message, httpStatus, cause } = error;
    // The cause of what the provider or an expression did may hold the payload.
    const facts = tool.kind === 'module' ? { cause } : {};
    throw new ToolError(code, message, { toolName, httpStatus, ...facts });
  }
}

async function run(tool: CustomTool, input: JsonObject, context: RunContext): Promise<ContractResult> {
  if (tool.kind === 'contract') return runContract(tool.contract, input, context);
  const { runModuleTool } = await import('../run-module.ts');
  return runModuleTool(tool, input, context);
}

/** OpenAI's API gives the arguments as a JSON text. */
function asInput(given: unknown): JsonObject {
  const value = typeof given === 'string' ? parsed(given) : given;
  if (isJsonObject(value)) return value;
  throw new ToolFailure('invalid_input', 'the input is no JSON object');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function requireFittingOutput(toolName: string, { violations }: ContractResult): void {
  if (violations.length === 0) return;
  const told = violations.map((violation) => violationText(violation, 'the output'));
  throw new ToolFailure(
    'bad_answer',
    `what ${toolName} gives does not fit its output_schema: ${told.join('; ')}`,
  );
}

function unknownTool(toolName: string, names: readonly string[]): ToolError {
  const meant = meantBy(toolName, names);
  const suggestion = meant === undefined ? '' : `: did you mean ${meant}?`;
  const message = `there is no tool named ${JSON.stringify(line(toolName, 100))}${suggestion}`;
  return new ToolError('unknown_tool', message, { toolName });
}
