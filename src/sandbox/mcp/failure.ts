import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';
import { Refusal, type RefusalCode } from '../refusal.ts';
import { refusalOf } from '../upstream/dispatcher.ts';

const REQUEST_TIMEOUT: number = ErrorCode.RequestTimeout;
const INVALID_PARAMS: number = ErrorCode.InvalidParams;

const STATUS_CODES: ReadonlyMap<number, RefusalCode> = new Map([
  [401, 'unauthenticated'],
  [403, 'permission_denied'],
  [429, 'resource_exhausted'],
]);

export function toolError(
  code: RefusalCode,
  toolErrorCode: string,
  toolErrorMessage: string,
  executionId: string,
): Refusal {
  return new Refusal(code, 'TOOL_ERROR', toolErrorMessage, {
    toolError: { executionId, toolErrorCode, toolErrorMessage },
  });
}

/** Whatever a conversation with an MCP server failed with, as the provider's failure that it is. */
export function toolFailure(error: unknown, status: number | undefined, executionId: string): Refusal {
  const refusal = refusalOf(error);
  if (refusal) return refusal;
  if (error instanceof McpError) {
    if (error.code === REQUEST_TIMEOUT) {
      return toolError('deadline_exceeded', 'TIMEOUT', 'the MCP server did not answer in time', executionId);
    }
    const code = error.code === INVALID_PARAMS ? 'invalid_argument' : 'unknown';
    return toolError(code, String(error.code), withoutPrefix(error), executionId);
  }
  if (status !== undefined) {
    const code = STATUS_CODES.get(status) ?? (status >= 500 ? 'unavailable' : 'unknown');
    return toolError(code, String(status), `the MCP server answered with HTTP status ${status}`, executionId);
  }
  return toolError(
    'unavailable',
    'UNREACHABLE',
    `the MCP server could not be reached${reason(error)}`,
    executionId,
  );
}

/** The SDK puts `MCP error -32602: ` before what the server said; a server that is built on it does so as well. */
function withoutPrefix(error: McpError): string {
  const prefix = `MCP error ${error.code}: `;
  let { message } = error;
  while (message.startsWith(prefix)) message = message.slice(prefix.length);
  return message;
}

function reason(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  return typeof code === 'string' ? ` (${code})` : '';
}
