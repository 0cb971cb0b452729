import type { Finding } from '../config/problems.ts';
import { pathText } from '../config/problems.ts';
import { type ControlProblem, SandboxControlError } from '../interface/control-error.ts';
import { Refusal, type RefusalCode } from '../refusal.ts';

export function invalidRequest(findings: readonly Finding[]): SandboxControlError {
  const problems = findings.map(({ path, message }) => ({ path: pathText(path), message }));
  return withProblems('invalid_request', problems);
}

function withProblems(code: string, problems: readonly ControlProblem[]): SandboxControlError {
  const text = problems.map(({ path, message }) => (path === '' ? message : `${path} ${message}`)).join('; ');
  const hint = 'GET /sandbox/v1/openapi.json says what is taken, with examples.';
  return new SandboxControlError(400, code, text, { hint, problems });
}

const STATUSES: Partial<Record<RefusalCode, number>> = {
  invalid_argument: 400,
  not_found: 404,
  already_exists: 409,
  failed_precondition: 409,
  unavailable: 502,
  deadline_exceeded: 504,
};

/** What the rest of the sandbox refuses with, as this API says it. Anything else that was thrown says nothing of its inside. */
export function toControlError(error: unknown): SandboxControlError {
  if (error instanceof SandboxControlError) return error;
  if (!(error instanceof Refusal)) {
    return new SandboxControlError(500, 'internal_error', 'the sandbox failed', {
      hint: 'This is a bug of sk-connect; please report it with what you sent.',
    });
  }
  const { violations } = error.details;
  if (violations) {
    const code = error.errorCode === 'VALIDATION_ERROR' ? 'invalid_request' : error.errorCode.toLowerCase();
    return withProblems(
      code,
      violations.map(({ field, description }) => ({ path: field, message: description })),
    );
  }
  return new SandboxControlError(STATUSES[error.code] ?? 500, error.errorCode.toLowerCase(), error.message, {
    hint: HINTS[error.errorCode],
  });
}

const HINTS: Record<string, string> = {
  LINK_NOT_OPEN: 'Ask for a new one, as an app does: authorize, getAuthorizationLink.',
  CONSENT_NEEDS_BROWSER: 'Open the link in a browser; GET /sandbox/v1/links has it.',
  CONSENT_FAILED: 'GET /sandbox/v1/exchanges shows what was called on the way.',
};
