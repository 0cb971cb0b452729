import type { JsonObject } from '@bufbuild/protobuf';
import type { Contract } from '../../contracts/contract.ts';
import { ToolFailure } from '../../contracts/failure.ts';
import { runContract } from '../../contracts/run.ts';
import { isJsonObject } from '../../json/object.ts';
import { randomId } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { refusalOf } from '../upstream/failure.ts';
import type { ToolAnswer, ToolCall } from './execute.ts';
import { createBuiltInHost } from './host.ts';
import { codeOfStatus, networkFailure, toolError, tooSlow } from './tool-error.ts';

/** A tool of the connector, with the runtime of custom tools. */
export async function executeBuiltIn(
  state: SandboxState,
  contract: Contract,
  { account, toolName, input, signal, exchange }: ToolCall,
): Promise<ToolAnswer> {
  const executionId = randomId('exec_');
  const deadline = AbortSignal.timeout(state.upstreamTimeoutMs);
  const ended = AbortSignal.any([signal, state.closing, deadline]);
  try {
    const { output } = await runContract(contract, input, {
      host: createBuiltInHost(state, account, { toolName, signal: ended, exchange }),
      connectionName: account.connection.name,
      identifier: account.identifier,
      signal: ended,
    });
    return { data: dataOf(JSON.parse(output)), executionId };
  } catch (error) {
    if (deadline.aborted) throw toolError(tooSlow('the provider'), executionId);
    throw refusal(error, executionId);
  }
}

/** `data` is an object: what is none is put into one. */
function dataOf(output: unknown): JsonObject {
  return isJsonObject(output) ? (output as JsonObject) : ({ result: output } as JsonObject);
}

function refusal(error: unknown, executionId: string): Refusal {
  const refused = refusalOf(error);
  if (refused) return refused;
  if (!(error instanceof ToolFailure)) return toolError(networkFailure(error, 'the provider'), executionId);
  const { code, message, httpStatus } = error;
  switch (code) {
    case 'invalid_input':
      return invalidInput(error);
    case 'provider_error':
      return toolError([codeOfStatus(httpStatus ?? 0), String(httpStatus), message], executionId);
    case 'bad_answer':
      return toolError(['internal', 'INVALID_ANSWER', message], executionId);
    default:
      return toolError(['unknown', 'TOOL_EXECUTION_FAILED', message], executionId);
  }
}

function invalidInput({ message, violations }: ToolFailure): Refusal {
  const told = violations.map((violation) => ({
    field: ['params', ...violation.path.split('/').slice(1)].join('.'),
    description: violation.message,
  }));
  return new Refusal('invalid_argument', 'VALIDATION_ERROR', message, {
    violations: told.length > 0 ? told : [{ field: 'params', description: message }],
  });
}
