import { isJsonObject, type JsonObject } from '../object.ts';

export function numbersOf(plain: readonly JsonObject[], keyword: string): number[] {
  return plain.map((schema) => schema[keyword]).filter((value) => typeof value === 'number');
}

export function textsOf(plain: readonly JsonObject[], keyword: string): string[] {
  return plain.map((schema) => schema[keyword]).filter((value) => typeof value === 'string');
}

export function distinct<T extends string | number>(values: readonly T[]): T[] {
  return [...new Set(values)].sort((a, b) => (a < b ? -1 : 1));
}

/** The schemas of `properties` and its like, by their names. */
export function schemasIn(value: unknown): ReadonlyMap<string, unknown> {
  return new Map(isJsonObject(value) ? Object.entries(value) : []);
}

/** Keywords beside which `unevaluatedProperties` and `unevaluatedItems` are more than what is left over. */
const IN_PLACE = [
  '$ref',
  '$dynamicRef',
  '$recursiveRef',
  'allOf',
  'anyOf',
  'oneOf',
  'not',
  'if',
  'contains',
  'dependentSchemas',
  'dependencies',
];

export function hasInPlaceSchemas(schema: JsonObject): boolean {
  return IN_PLACE.some((keyword) => keyword in schema);
}

/** Whether a schema, where there is one, asks for nothing. */
export function isOpen(schema: unknown): boolean {
  return (
    schema === undefined || schema === true || (isJsonObject(schema) && Object.keys(schema).length === 0)
  );
}
