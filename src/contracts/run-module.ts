import { messageOf } from '../errors.ts';
import type { JsonObject } from '../json/object.ts';
import { line } from '../request/answer/provider-message.ts';
import { ToolFailure } from './failure.ts';
import { misfits, requireFit } from './fit.ts';
import { withDefaults, withIdentifier } from './input.ts';
import type { ContractResult, RunContext } from './run.ts';
import type { ModuleTool } from './tool.ts';
import { waitFor } from './wait.ts';

/**
 * Calls a module's `routeToolCall`, which does all but the validation itself. Throws a ToolFailure with what it threw,
 * on one line.
 */
export async function runModuleTool(
  { definition, routeToolCall }: ModuleTool,
  given: JsonObject,
  { identifier, signal, isInputTrusted = false }: Omit<RunContext, 'host'>,
): Promise<ContractResult> {
  const { name, input_schema: schema, output_schema: outputSchema } = definition;
  const input = withDefaults(schema, withIdentifier(schema, given, identifier));
  if (!isInputTrusted) await requireFit(name, schema, input);
  const output = asJson(name, await routed(() => routeToolCall(name, input), signal));
  return {
    output,
    violations: outputSchema === undefined ? [] : await misfits(outputSchema, JSON.parse(output)),
  };
}

async function routed(call: () => unknown, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    return await waitFor(Promise.resolve().then(call), signal);
  } catch (error) {
    signal?.throwIfAborted();
    throw new ToolFailure('tool_error', line(messageOf(error)), { cause: error });
  }
}

function asJson(name: string, value: unknown): string {
  try {
    return JSON.stringify(value ?? null) ?? 'null';
  } catch (error) {
    throw new ToolFailure('bad_answer', `${name} gave what is no JSON: ${messageOf(error)}`, {
      cause: error,
    });
  }
}
