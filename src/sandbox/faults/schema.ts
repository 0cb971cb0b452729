import { validateHeaderName, validateHeaderValue } from 'node:http';
import { z } from 'zod';
import type { FaultConfig } from '../config/types.ts';
import type { FaultInput } from '../interface/faults.ts';
import { REFUSAL_CODES } from '../refusal.ts';

const AN_HOUR_MS = 3_600_000;
const A_DAY_S = 86_400;

const name = z.string().min(1, 'must not be empty').max(400, 'is longer than 400 characters');
const whole = (least: number, most: number) =>
  z
    .number()
    .int('must be a whole number')
    .min(least, `must be ${least} to ${most}`)
    .max(most, `must be ${least} to ${most}`);

const match = {
  kind: z.enum(['proxy', 'tool', 'grpc', 'rest', 'token', 'oauth']).optional(),
  connectionName: name.optional(),
  identifier: name.optional(),
  toolName: name.optional(),
  path: name
    .startsWith('/', 'must begin with /')
    .refine((path) => !/^\/proxy(\/|$)/.test(path), 'is the path at the provider: leave out /proxy')
    .optional(),
  method: z
    .string()
    .regex(/^[A-Za-z-]{1,20}$/, 'is not a method')
    .optional(),
  rpc: name.optional(),
};

const effect = {
  status: whole(200, 599).optional(),
  body: z.json({ error: 'is not what JSON can say' }).optional(),
  headers: z.record(z.string(), z.string()).refine(areHeaders, 'are not headers').optional(),
  grpcCode: z.enum(REFUSAL_CODES).optional(),
  latencyMs: whole(0, AN_HOUR_MS).optional(),
  bytesPerSecond: whole(1, 1_000_000_000).optional(),
  reset: z.boolean().optional(),
  retryAfterSeconds: whole(0, A_DAY_S).optional(),
};

const rest = {
  times: whole(1, 1_000_000_000).optional(),
  probability: z.number().min(0, 'must be 0 to 1').max(1, 'must be 0 to 1').optional(),
  seed: whole(-(2 ** 31), 2 ** 31 - 1).optional(),
};

/** As the control API takes them. */
export const faultSchema = faultSchemaIn((key) => key);
/** As a config spells them. */
export const faultConfigSchema = faultSchemaIn(snakeCase);

function faultSchemaIn(spell: (key: string) => string) {
  const spelled = (shape: Record<string, z.ZodType>) =>
    z.strictObject(Object.fromEntries(Object.entries(shape).map(([key, type]) => [spell(key), type])));
  return z.strictObject({ match: spelled(match).optional(), effect: spelled(effect), ...rest });
}

/** A config's fault as the control API has it. Every name of its parts is the same but for its spelling. */
export function faultOfConfig({ match, effect, ...rest }: FaultConfig): FaultInput {
  return { ...rest, ...(match && { match: camelCased(match) }), effect: camelCased(effect) };
}

function camelCased(part: object): object {
  return Object.fromEntries(
    Object.entries(part).map(([key, value]) => [
      key.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()),
      value as unknown,
    ]),
  );
}

export function snakeCase(key: string): string {
  return key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function areHeaders(headers: Record<string, string>): boolean {
  try {
    for (const [name, value] of Object.entries(headers)) {
      validateHeaderName(name);
      validateHeaderValue(name, value);
    }
    return true;
  } catch {
    return false;
  }
}
