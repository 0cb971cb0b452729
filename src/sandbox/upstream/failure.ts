import { Refusal } from '../refusal.ts';

/** The refusal that a call failed with, which fetch wraps. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (error instanceof Refusal) return error;
  return error instanceof Error ? refusalOf(error.cause) : undefined;
}

/** The system's or undici's code of what a call failed with, as `ECONNREFUSED`, which fetch wraps. */
export function failureCode(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return failureCode(error.cause);
}
