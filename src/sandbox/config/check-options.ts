import { z } from 'zod';
import type { SandboxOptions } from '../interface.ts';
import { pathText, SandboxConfigError } from './problems.ts';
import { toFindings } from './validate.ts';

const aFunction = z.custom((value) => typeof value === 'function', 'must be a function').optional();
const aTimeMs = z.number().positive('must be more than 0').optional();

const optionsSchema = z.strictObject({
  config: z.unknown(),
  port: z
    .number()
    .refine((port) => Number.isInteger(port) && port >= 0 && port <= 65_535, 'must be 0 to 65535')
    .optional(),
  state: z.string().min(1, 'must not be empty').optional(),
  warn: aFunction,
  now: aFunction,
  upstreamTimeoutMs: aTimeMs,
  maxConcurrentRequests: z.number().min(1, 'must be at least 1').optional(),
  clientTimeoutMs: aTimeMs,
  lookup: aFunction,
} satisfies Record<keyof SandboxOptions, z.ZodType>);

/** What types cannot keep out of a test in JavaScript: a port that is text would be taken for a socket's file. @throws SandboxConfigError */
export function requireOptions(options: unknown): void {
  const parsed = optionsSchema.safeParse(options);
  if (parsed.success) return;
  const findings = parsed.error.issues.flatMap((issue) => toFindings(issue, options));
  const problems = findings.map(({ path, message }) => ({ path: pathText(path), message }));
  throw new SandboxConfigError('options of startSandbox', problems);
}
