import { authorizeCommand } from '../accounts/active.ts';
import type { App } from '../app.ts';
import { accountOf, buildCall, type Caller } from '../contracts/call.ts';
import { ToolFailure } from '../contracts/failure.ts';
import { withDefaults } from '../contracts/input.ts';
import { type CustomTool, placeText } from '../contracts/tool.ts';
import { SkConnectError, usageError } from '../errors.ts';
import type { JsonObject } from '../json/object.ts';
import { maskQuery } from '../redact.ts';
import { commandLine } from '../terminal/command-line.ts';

interface Failed {
  tool: CustomTool;
  caller: Caller;
  input: JsonObject;
}

/** Why a custom tool gave nothing, with what to run next; any other error as it is. */
export function customFailure(app: App, failed: Failed, error: unknown): unknown {
  if (!(error instanceof ToolFailure)) return error;
  const { code, message, httpStatus, violations } = error;
  if (code === 'invalid_input') {
    return usageError(message, 'Nothing was sent.', { code, details: { violations } });
  }
  return new SkConnectError('upstream', `the tool failed: ${message}`, {
    code: 'tool_error',
    hint: hintFor(app, failed, error),
    details: { toolErrorCode: code, toolErrorMessage: message, executionId: null },
    cause: error,
    ...(httpStatus === undefined ? {} : { httpStatus }),
  });
}

function hintFor(app: App, { tool, caller, input }: Failed, { code, httpStatus }: ToolFailure): string {
  const place = placeText(tool.place);
  if (tool.kind === 'module') return `routeToolCall of ${place} threw it.`;
  if (code === 'tool_error') return `So fail_when in ${place} reads the answer.`;
  const { contract } = tool;
  const whole = withDefaults(contract.input_schema, input);
  const account = accountOf(contract, whole, caller);
  if (httpStatus === 401 || httpStatus === 403) {
    const authorize = `${authorizeCommand(app, account)} --force`;
    return `The account may not do this, or its credentials are no longer accepted. Authorize again: ${authorize}`;
  }
  const { method, path, body } = buildCall(contract, whole, account);
  if (body !== undefined) return `The call is the one in ${place}; -v shows each attempt.`;
  const flags = ['-c', account.connectionName, '-i', account.identifier];
  return `See the whole answer: ${commandLine(app.options, 'request', method, maskQuery(path), ...flags)}`;
}
