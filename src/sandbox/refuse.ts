import type { ServerResponse } from 'node:http';
import { noteRefusal } from './exchanges/record.ts';
import { AnswerInstead } from './faults/strike.ts';
import { Refusal, type RefusalCode } from './refusal.ts';

/** gRPC numbers and the HTTP statuses that grpc-gateway gives them: a failed precondition is a 400. */
const STATUSES: Record<RefusalCode, { code: number; status: number }> = {
  cancelled: { code: 1, status: 499 },
  unknown: { code: 2, status: 500 },
  invalid_argument: { code: 3, status: 400 },
  deadline_exceeded: { code: 4, status: 504 },
  not_found: { code: 5, status: 404 },
  already_exists: { code: 6, status: 409 },
  permission_denied: { code: 7, status: 403 },
  resource_exhausted: { code: 8, status: 429 },
  failed_precondition: { code: 9, status: 400 },
  aborted: { code: 10, status: 409 },
  out_of_range: { code: 11, status: 400 },
  unimplemented: { code: 12, status: 501 },
  internal: { code: 13, status: 500 },
  unavailable: { code: 14, status: 503 },
  data_loss: { code: 15, status: 500 },
  unauthenticated: { code: 16, status: 401 },
};

/** Where HTTP has a better word than the gRPC code; the first is of the provider, not of Scalekit. */
const HTTP_STATUSES: Record<string, number> = {
  UPSTREAM_UNREACHABLE: 502,
  METHOD_NOT_ALLOWED: 405,
  BODY_TOO_LARGE: 413,
};

/** In the shape by which a client tells Scalekit's own refusals from the provider's. */
export function refuse(response: ServerResponse, error: unknown): void {
  if (error instanceof AnswerInstead) {
    const { status, statusText, headers, body } = error.answer;
    response.writeHead(status, statusText, headers).end(body);
    return;
  }
  const refusal =
    error instanceof Refusal ? error : new Refusal('internal', 'INTERNAL_ERROR', 'internal error');
  noteRefusal(response.req, refusal);
  if (response.req.socket.destroyed) return;
  const { code, status } = STATUSES[refusal.code];
  const { fault, retryAfterSeconds, violations, toolError } = refusal.details;
  const detail = {
    '@type': 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo',
    error_code: refusal.errorCode,
    ...(violations && {
      validation_error_info: { field_violations: violations.map((one) => ({ ...one, constraint: '' })) },
    }),
    ...(toolError && {
      tool_error_info: {
        execution_id: toolError.executionId,
        tool_error_message: toolError.toolErrorMessage,
        tool_error_code: toolError.toolErrorCode,
      },
    }),
  };
  const body = JSON.stringify({ code, message: refusal.message, details: [detail] });
  response.writeHead(HTTP_STATUSES[refusal.errorCode] ?? status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    ...(retryAfterSeconds !== undefined && { 'Retry-After': retryAfterSeconds }),
    ...(fault !== undefined && { 'X-Sandbox-Fault': fault }),
  });
  response.end(body);
}
