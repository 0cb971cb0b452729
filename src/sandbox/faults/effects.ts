import { STATUS_CODES } from 'node:http';
import type { Fault, FaultEffect } from '../interface/faults.ts';
import { Refusal, type RefusalCode } from '../refusal.ts';

const TOO_MANY_REQUESTS = 429;

/** What Scalekit itself refuses the call with, where the fault says so. */
export function refusalBy({ id, effect }: Fault): Refusal | undefined {
  const { grpcCode, retryAfterSeconds } = effect;
  if (grpcCode === undefined) return undefined;
  return new Refusal(grpcCode as RefusalCode, grpcCode.toUpperCase(), `a fault of the sandbox (${id})`, {
    fault: id,
    ...(retryAfterSeconds !== undefined && { retryAfterSeconds }),
  });
}

export interface MadeUpAnswer {
  status: number;
  statusText: string;
  /** Names and values by turns. */
  headers: string[];
  body: Buffer;
}

/** The provider's answer that is given in place of the real one, if any is. */
export function madeUpStatus({ status, grpcCode, retryAfterSeconds }: FaultEffect): number | undefined {
  if (status !== undefined || grpcCode !== undefined) return status;
  return retryAfterSeconds === undefined ? undefined : TOO_MANY_REQUESTS;
}

export function headerPairs({ headers }: MadeUpAnswer): [name: string, value: string][] {
  return headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1] ?? '']] : []));
}

export function madeUpAnswer({ id, effect }: Fault, status: number): MadeUpAnswer {
  const statusText = STATUS_CODES[status] ?? '';
  // RFC 9110 sections 15.3.5 and 15.4.5: they have none.
  const isBodiless = status === 204 || status === 304;
  const [type, text] = isBodiless ? ['', ''] : bodyOf(effect, status, statusText);
  const headers = new Map<string, [name: string, value: string]>();
  const set = (name: string, value: string) => headers.set(name.toLowerCase(), [name, value]);
  const body = Buffer.from(text);
  if (text !== '') set('Content-Type', type);
  if (effect.retryAfterSeconds !== undefined) set('Retry-After', String(effect.retryAfterSeconds));
  for (const [name, value] of Object.entries(effect.headers ?? {})) set(name, value);
  if (!isBodiless) set('Content-Length', String(body.length));
  set('X-Sandbox-Fault', id);
  return { status, statusText, headers: [...headers.values()].flat(), body };
}

function bodyOf(effect: FaultEffect, status: number, statusText: string): [type: string, text: string] {
  const { body } = effect;
  if (typeof body === 'string') return ['text/plain; charset=utf-8', body];
  if (body !== undefined) return ['application/json', JSON.stringify(body)];
  return ['application/json', status < 400 ? '' : JSON.stringify({ message: statusText })];
}
