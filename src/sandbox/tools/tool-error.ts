import { Refusal, type RefusalCode } from '../refusal.ts';
import { failureCode } from '../upstream/failure.ts';

export type Told = [code: RefusalCode, toolErrorCode: string, message: string];

/** The provider's or the tool's own failure. */
export function toolError([code, toolErrorCode, toolErrorMessage]: Told, executionId: string): Refusal {
  return new Refusal(code, 'TOOL_ERROR', toolErrorMessage, {
    toolError: { executionId, toolErrorCode, toolErrorMessage },
  });
}

/** Scalekit's own word, before anything was executed. */
export function toolNotFound(toolName: string): Refusal {
  return new Refusal('not_found', 'TOOL_NOT_FOUND', `tool not found: ${toolName}`);
}

const STATUS_CODES: ReadonlyMap<number, RefusalCode> = new Map([
  [401, 'unauthenticated'],
  [403, 'permission_denied'],
  [404, 'not_found'],
  [408, 'deadline_exceeded'],
  [429, 'resource_exhausted'],
]);

/**
 * The gRPC code for a status that a provider answered. Never `unavailable`: the SDK sends a call again for that, and this one
 * may have been executed.
 */
export function codeOfStatus(status: number): RefusalCode {
  return STATUS_CODES.get(status) ?? (status >= 500 ? 'internal' : 'unknown');
}

const NEVER_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const TOO_SLOW = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** What a call failed with that was not answered. @param who `the provider` */
export function networkFailure(error: unknown, who: string): Told {
  const code = failureCode(error);
  if (code !== undefined && TOO_SLOW.has(code)) return tooSlow(who);
  const reason = code === undefined ? '' : ` (${code})`;
  // What fetch refuses by itself, a port that browsers do not call, has no code.
  const grpcCode = code === undefined || NEVER_SENT.has(code) ? 'unavailable' : 'internal';
  return [grpcCode, 'UNREACHABLE', `${who} could not be reached${reason}`];
}

export function tooSlow(who: string): Told {
  return ['deadline_exceeded', 'TIMEOUT', `${who} did not answer in time`];
}
