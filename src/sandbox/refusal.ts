/**
 * What the sandbox says no with. Domain code throws a Refusal; the gRPC and HTTP layers spell it each
 * in its own way, so that both say the same thing about the same mistake.
 */
export type RefusalCode = (typeof REFUSAL_CODES)[number];

/** gRPC's codes but for `ok`, in the order of their numbers. */
export const REFUSAL_CODES = [
  'cancelled',
  'unknown',
  'invalid_argument',
  'deadline_exceeded',
  'not_found',
  'already_exists',
  'permission_denied',
  'resource_exhausted',
  'failed_precondition',
  'aborted',
  'out_of_range',
  'unimplemented',
  'internal',
  'unavailable',
  'data_loss',
  'unauthenticated',
] as const;

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
