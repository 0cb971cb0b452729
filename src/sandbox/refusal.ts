/**
 * What the sandbox says no with. Domain code throws a Refusal; the gRPC and HTTP layers spell it each
 * in its own way, so that both say the same thing about the same mistake.
 */
export type RefusalCode =
  | 'cancelled'
  | 'invalid_argument'
  | 'unauthenticated'
  | 'permission_denied'
  | 'not_found'
  | 'already_exists'
  | 'failed_precondition'
  | 'resource_exhausted'
  | 'unavailable'
  | 'deadline_exceeded'
  | 'internal'
  | 'aborted'
  | 'out_of_range'
  | 'unimplemented'
  | 'data_loss'
  | 'unknown';

interface Details {
  violations?: { field: string; description: string }[];
  retryAfterSeconds?: number;
  /** The id of the fault that it comes from. */
  fault?: string;
  toolError?: { executionId: string; toolErrorCode: string; toolErrorMessage: string };
}

export class Refusal extends Error {
  readonly code: RefusalCode;
  /** Stable name for programs, e.g. `CONNECTION_NOT_FOUND`; the ErrorInfo detail's `errorCode`. */
  readonly errorCode: string;
  readonly details: Details;

  constructor(code: RefusalCode, errorCode: string, message: string, details: Details = {}) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.errorCode = errorCode;
    this.details = details;
  }
}

export function invalidArgument(field: string, description: string): Refusal {
  return new Refusal('invalid_argument', 'VALIDATION_ERROR', `${field}: ${description}`, {
    violations: [{ field, description }],
  });
}
