import { type CallToolResult, ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import type { App } from '../../app.ts';
import { SkConnectError } from '../../errors.ts';
import type { JsonObject } from '../../json/object.ts';
import { visibleLine } from '../../terminal/visible.ts';
import { type ListedTool, openToolBox, type ToolBoxOptions } from '../toolbox.ts';
import { invalidInput, violationsTold } from '../validate.ts';
import type { Invocations } from './invocations.ts';
import { failure, toCallResult } from './result.ts';

/** Answers `tools/call`. Throws a McpError where there is no such tool, and for a bug. */
export type CallTool = (name: string, input: JsonObject, signal: AbortSignal) => Promise<CallToolResult>;

export interface CallingOptions extends ToolBoxOptions {
  invocations: Invocations;
  /** One line for each call, without what went in and came out. */
  tell: (line: string) => void;
  redact: (text: string) => string;
}

export function createCalling({ invocations, tell, redact, ...options }: CallingOptions): CallTool {
  return async (name, input, signal) => {
    const startedAt = performance.now();
    const end = (outcome: string) =>
      tell(`${visibleLine(name)}: ${outcome}, ${Math.round(performance.now() - startedAt)} ms`);
    try {
      const result = await invocations.run(signal, (app) => callTool(app, options, name, input));
      end(result.isError === true ? 'output_mismatch' : 'ok');
      return result;
    } catch (error) {
      if (signal.aborted) {
        end('cancelled');
        throw error;
      }
      if (!(error instanceof SkConnectError) || error.kind === 'bug') {
        end('internal error');
        throw error;
      }
      const { code, kind, httpStatus } = error;
      end(httpStatus === undefined ? code : `${code} (HTTP ${httpStatus})`);
      if (code === 'tool_not_found') {
        throw new McpError(ErrorCode.InvalidParams, redact(sentences(error, true)));
      }
      return failure([redact(sentences(error, kind === 'account' || code === 'missing_settings'))]);
    }
  };
}

/** Fresh each time: a contract file is read as it is now, an account that was authorized meanwhile is ACTIVE. */
async function callTool(
  app: App,
  options: ToolBoxOptions,
  name: string,
  given: JsonObject,
): Promise<CallToolResult> {
  const box = await openToolBox(app, options);
  const tool = await box.find(name);
  const input = await box.complete(tool, given);
  await requireFit(app, tool, input);
  return toCallResult(tool, await box.execute(tool, input));
}

async function requireFit(app: App, { name, inputSchema }: ListedTool, input: JsonObject): Promise<void> {
  if (inputSchema === null) return;
  const violations = await violationsTold(app, name, inputSchema, input);
  if (violations.length > 0) throw invalidInput(name, violations, 'Nothing was sent.');
}

function sentences({ message, hint }: SkConnectError, withHint: boolean): string {
  return withHint && hint !== undefined ? `${message}\n${hint}` : message;
}
