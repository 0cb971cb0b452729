import type { Flat } from './flatten.ts';
import type { ValueType } from './model.ts';

const KEYWORDS: Readonly<Record<string, ValueType>> = {
  minimum: 'number',
  maximum: 'number',
  exclusiveMinimum: 'number',
  exclusiveMaximum: 'number',
  multipleOf: 'number',
  minLength: 'string',
  maxLength: 'string',
  pattern: 'string',
  items: 'array',
  prefixItems: 'array',
  minItems: 'array',
  maxItems: 'array',
  uniqueItems: 'array',
  properties: 'object',
  patternProperties: 'object',
  additionalProperties: 'object',
  required: 'object',
  minProperties: 'object',
  maxProperties: 'object',
};

/** The one type that all keywords are about, where no `type` is said: what most authors mean by that. */
export function impliedType({ plain, unions, conditions }: Flat): ValueType | undefined {
  if (unions.length > 0 || conditions.length > 0) return undefined;
  if (plain.some((schema) => 'type' in schema || 'enum' in schema || 'const' in schema)) return undefined;
  const types = new Set(
    plain.flatMap((schema) => Object.keys(schema).flatMap((keyword) => KEYWORDS[keyword] ?? [])),
  );
  return types.size === 1 ? [...types][0] : undefined;
}
