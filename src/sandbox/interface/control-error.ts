export interface ControlProblem {
  /** `effect.status`; empty for the whole. */
  path: string;
  message: string;
}

interface Details {
  /** What to do about it. */
  hint?: string | undefined;
  problems?: readonly ControlProblem[] | undefined;
}

/** What an operation on a sandbox failed with: in the process thrown, over HTTP the body of the answer. */
export class SandboxControlError extends Error {
  /** Stable, for programs: `account_not_found`. */
  readonly code: string;
  /** Of the answer over HTTP. */
  readonly status: number;
  readonly hint: string | undefined;
  /** Everything that is wrong with what was given, where that is the reason. */
  readonly problems: readonly ControlProblem[] | undefined;

  constructor(status: number, code: string, message: string, { hint, problems }: Details = {}) {
    super(message);
    this.name = 'SandboxControlError';
    this.status = status;
    this.code = code;
    this.hint = hint;
    this.problems = problems;
  }
}
