/** What an invocation ends with. The README's table of exit codes is this table. */
export const exitCodes = {
  done: 0,
  expectation: 1,
  usage: 2,
  credentials: 3,
  account: 4,
  upstream: 5,
  unreachable: 6,
  bug: 70,
  interrupted: 130,
} as const;

export type ErrorKind = Exclude<keyof typeof exitCodes, 'done'>;

export interface ErrorFacts {
  /** Stable, snake_case, for programs: `account_not_active`. */
  code?: string;
  /** The one thing to run or change next. */
  hint?: string;
  /** The HTTP status that was answered, where one was. */
  httpStatus?: number;
  /** More for programs, printed under `--json` only. Never a secret. */
  details?: unknown;
  cause?: unknown;
}

/** Every failure that sk-connect foresees. Anything else that reaches `main` is a bug, and is reported as one. */
export class SkConnectError extends Error {
  override readonly name = 'SkConnectError';
  readonly kind: ErrorKind;
  readonly code: string;
  readonly hint: string | undefined;
  readonly httpStatus: number | undefined;
  readonly details: unknown;

  constructor(kind: ErrorKind, message: string, facts: ErrorFacts = {}) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause });
    this.kind = kind;
    this.code = facts.code ?? kind;
    this.hint = facts.hint;
    this.httpStatus = facts.httpStatus;
    this.details = facts.details;
  }

  get exitCode(): number {
    return exitCodes[this.kind];
  }
}

export function usageError(message: string, hint?: string, facts: ErrorFacts = {}): SkConnectError {
  return new SkConnectError('usage', message, { ...facts, ...(hint === undefined ? {} : { hint }) });
}

/** The same error in other words. */
export function withMessage(
  error: SkConnectError,
  message: string,
  hint: string | undefined = error.hint,
): SkConnectError {
  const { kind, code, httpStatus, details } = error;
  return new SkConnectError(kind, message, {
    code,
    details,
    cause: error,
    ...(hint === undefined ? {} : { hint }),
    ...(httpStatus === undefined ? {} : { httpStatus }),
  });
}

/** Ctrl-C, a termination signal, or a prompt that was cancelled. */
export function interrupted(what = 'interrupted'): SkConnectError {
  return new SkConnectError('interrupted', what);
}

/**
 * The system's error code (`ENOENT`, `ECONNREFUSED`, `CERT_HAS_EXPIRED`), wherever in the chain of causes
 * it stands. Node's and axios' own `ERR_…` codes are none, but for those of TLS and HTTP/2 connections.
 */
export function systemErrorCode(error: unknown): string | undefined {
  for (
    let current = error, depth = 0;
    current instanceof Error && depth < 8;
    current = current.cause, depth++
  ) {
    const code: unknown = Reflect.get(current, 'code');
    if (typeof code === 'string' && SYSTEM_CODE.test(code)) return code;
    if (current instanceof AggregateError) {
      const inner = current.errors.map(systemErrorCode).find((found) => found !== undefined);
      if (inner !== undefined) return inner;
    }
  }
  return undefined;
}

const SYSTEM_CODE = /^(?!ERR_)[A-Z][A-Z0-9_]+$|^ERR_(TLS|SSL|HTTP2)_/;

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
