import { canonicalText, withSortedKeys } from './canonical.ts';
import { isJsonObject, type JsonObject } from './object.ts';

export interface TidyOptions {
  /** Leaves out what no validator minds. */
  isBare?: boolean;
}

/** A schema as it says it, its keys and the lists whose order means nothing sorted. */
export function tidySchema(schema: JsonObject, options: TidyOptions = {}): JsonObject {
  return tidy(schema, options) as JsonObject;
}

function tidy(schema: unknown, options: TidyOptions): unknown {
  if (!isJsonObject(schema)) return withSortedKeys(schema);
  const keywords = Object.keys(schema).filter((keyword) => !(options.isBare && ANNOTATIONS.has(keyword)));
  // fromEntries makes `__proto__` a key like any other.
  return Object.fromEntries(
    keywords.sort().map((keyword) => [keyword, tidyKeyword(keyword, schema[keyword], options)]),
  );
}

function tidyKeyword(keyword: string, value: unknown, options: TidyOptions): unknown {
  const each = (inner: unknown) => tidy(inner, options);
  if (SCHEMAS.has(keyword)) return Array.isArray(value) ? value.map(each) : each(value);
  if (UNIONS.has(keyword) && Array.isArray(value)) return sorted(value.map(each));
  if (MAPS.has(keyword) && isJsonObject(value)) return tidyMap(value, options);
  const plain = withSortedKeys(value);
  return SETS.has(keyword) && Array.isArray(plain) ? sorted(plain) : plain;
}

/** A list in here is one of keys: what a property in `dependencies` asks for. */
function tidyMap(value: JsonObject, options: TidyOptions): JsonObject {
  const each = (inner: unknown) => (Array.isArray(inner) ? sorted(inner) : tidy(inner, options));
  const names = Object.keys(value).sort();
  return Object.fromEntries(names.map((name) => [name, each(value[name])]));
}

function sorted(list: readonly unknown[]): unknown[] {
  return list
    .map((value) => ({ value, text: canonicalText(value) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1))
    .map(({ value }) => value);
}

const SCHEMAS = new Set([
  'additionalItems',
  'additionalProperties',
  'contains',
  'else',
  'if',
  'items',
  'not',
  'prefixItems',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
]);
const UNIONS = new Set(['allOf', 'anyOf', 'oneOf']);
const MAPS = new Set([
  '$defs',
  'definitions',
  'dependencies',
  'dependentRequired',
  'dependentSchemas',
  'patternProperties',
  'properties',
]);
const SETS = new Set(['enum', 'required', 'type']);
const ANNOTATIONS = new Set([
  '$comment',
  'default',
  'deprecated',
  'description',
  'examples',
  'readOnly',
  'title',
  'writeOnly',
]);
