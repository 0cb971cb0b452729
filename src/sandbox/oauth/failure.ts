import * as oauth from 'oauth4webapi';
import { failureCode, refusalOf } from '../upstream/failure.ts';

interface TokenFailure {
  /** The HTTP status of the answer. */
  status: number;
  /** The provider's own code (RFC 6749 section 5.2), where it gave one. */
  code?: string;
  description?: string | undefined;
}

/** What a token endpoint answered in place of a token; undefined where it answered nothing, or nothing that is one. */
export function tokenFailure(error: unknown): TokenFailure | undefined {
  if (error instanceof oauth.ResponseBodyError) {
    return { status: error.status, code: error.error, description: error.error_description };
  }
  if (error instanceof oauth.OperationProcessingError && error.cause instanceof Response) {
    const { status } = error.cause;
    return status === 200 ? undefined : { status };
  }
  return undefined;
}

const PASSING = new Set(['temporarily_unavailable', 'server_error', 'slow_down']);

/** Whether it is the provider's last word on this grant, and not trouble that passes. */
export function isRefusal(error: unknown): boolean {
  const failure = tokenFailure(error);
  if (!failure || PASSING.has(failure.code ?? '')) return false;
  const { status } = failure;
  return status >= 400 && status < 500 && ![408, 425, 429].includes(status);
}

/** What a page may say of a failed exchange: the provider's error code and words, never a secret. */
export function exchangeFailure(error: unknown): string {
  const refusal = refusalOf(error);
  if (refusal) return refusal.message;
  const failure = tokenFailure(error);
  if (failure?.code !== undefined) return [failure.code, failure.description].filter(Boolean).join(': ');
  if (failure) return `the token endpoint answered with HTTP status ${failure.status}`;
  if (error instanceof oauth.OperationProcessingError) return error.message;
  return `the token endpoint gave ${noAnswer(error)}`;
}

/** For the log: why a request to a provider came to nothing. */
export function noAnswer(error: unknown): string {
  const refusal = refusalOf(error);
  if (refusal) return refusal.message;
  const { cause, name } = error instanceof Error ? error : {};
  if (name === 'TimeoutError') return 'no answer in time';
  if (!(cause instanceof Error)) return 'no answer';
  return `no answer (${failureCode(cause) ?? cause.message})`;
}
