import { type HeaderList, headerValue } from '../../http/headers.ts';

/** What a call ended with that may be sent again; a connection that failed has neither status nor headers. */
export interface Outcome {
  status?: number;
  headers?: HeaderList;
}

export interface Wait {
  durationMs: number;
  /** The header that asked for it; undefined for our own back-off. */
  askedBy?: string;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now: number;
  /** From 0 to 1. */
  random: number;
}

const FIRST_BACKOFF_MS = 500;
const LONGEST_BACKOFF_MS = 30_000;

/**
 * How long to wait before a call is sent again: as the answer asks, else exponential back-off with full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). `attempt` counts from 1.
 */
export function waitBeforeRetry(outcome: Outcome, attempt: number, clock: Clock): Wait {
  const headers = outcome.headers ?? [];
  // The provider's clock may be wrong; what it says is meant by that clock.
  const now = dateOf(headerValue(headers, 'date')) ?? clock.now;
  return (
    retryAfter(headers, now) ??
    (isRateLimited(outcome) ? rateLimitReset(headers, now) : undefined) ?? {
      durationMs: clock.random * Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (attempt - 1)),
    }
  );
}

/** RFC 9110 section 10.2.3: seconds, or a date. */
function retryAfter(headers: HeaderList, now: number): Wait | undefined {
  const value = headerValue(headers, 'retry-after')?.trim();
  if (value === undefined) return undefined;
  const until = dateOf(value);
  const durationMs = isNumber(value) ? Number(value) * 1000 : until === undefined ? undefined : until - now;
  return durationMs === undefined
    ? undefined
    : { durationMs: Math.max(0, durationMs), askedBy: 'Retry-After' };
}

/** Many APIs send the reset with every answer: without a limit that was met, a 502 would wait for the end of the hour. */
function isRateLimited({ status, headers = [] }: Outcome): boolean {
  return status === 429 || REMAINING.some((name) => headerValue(headers, name)?.trim() === '0');
}

const REMAINING = ['x-ratelimit-remaining', 'ratelimit-remaining', 'x-rate-limit-remaining'];
const RESET = ['X-RateLimit-Reset', 'RateLimit-Reset', 'X-Rate-Limit-Reset'];

/** No standard says which: seconds since the epoch (GitHub), milliseconds since the epoch, or seconds from now. */
function rateLimitReset(headers: HeaderList, now: number): Wait | undefined {
  const name = RESET.find((each) => isNumber(headerValue(headers, each.toLowerCase())?.trim() ?? ''));
  if (name === undefined) return undefined;
  const value = Number(headerValue(headers, name.toLowerCase()));
  const durationMs = value >= 1e12 ? value - now : value >= 1e9 ? value * 1000 - now : value * 1000;
  return { durationMs: Math.max(0, durationMs), askedBy: name };
}

function isNumber(value: string): boolean {
  return /^\d{1,15}(\.\d+)?$/.test(value);
}

/** The three formats of RFC 9110 section 5.6.7 name the month; Date.parse alone would take `30` or `-1` for a year. */
function dateOf(value: string | undefined): number | undefined {
  const parsed =
    value !== undefined && /^[A-Za-z]{3,9},? .*\d{2}:\d{2}:\d{2}/.test(value) ? toTime(value) : NaN;
  return Number.isNaN(parsed) ? undefined : parsed;
}

/** The format of C's asctime names no zone, and is in UTC too. */
function toTime(value: string): number {
  return Date.parse(/GMT|UTC|[+-]\d{4}$/.test(value) ? value : `${value} GMT`);
}
