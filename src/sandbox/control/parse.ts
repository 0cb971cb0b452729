import type { z } from 'zod';
import { toFindings } from '../config/validate.ts';
import { invalidRequest } from './control-error.ts';

/** @throws SandboxControlError that names every problem with its path */
export function parse<T extends z.ZodType>(schema: T, value: unknown): z.output<T> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw invalidRequest(parsed.error.issues.flatMap((issue) => toFindings(issue, value)));
}
