import type { Violation } from '../json/schema.ts';

/**
 * `invalid_input` · `account_not_active` · `provider_error`: an HTTP status that is no success · `tool_error`: what
 * `fail_when` found, or a module threw · `bad_answer`: what cannot be read, or made into the output.
 */
export type FailureCode =
  | 'invalid_input'
  | 'account_not_active'
  | 'provider_error'
  | 'tool_error'
  | 'bad_answer';

interface FailureFacts {
  httpStatus?: number;
  /** Of an input that does not fit. */
  violations?: Violation[];
  cause?: unknown;
}

/** Why a custom tool gave nothing, in words that may go to a model: never the provider's raw payload. */
export class ToolFailure extends Error {
  override readonly name = 'ToolFailure';
  readonly code: FailureCode;
  readonly httpStatus: number | undefined;
  readonly violations: readonly Violation[];

  constructor(code: FailureCode, message: string, { httpStatus, violations = [], cause }: FailureFacts = {}) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.httpStatus = httpStatus;
    this.violations = violations;
  }
}
