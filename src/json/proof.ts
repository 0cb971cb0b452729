import { isDeepStrictEqual } from 'node:util';
import { followLocalRef } from './local-ref.ts';
import { isJsonObject, type JsonObject } from './object.ts';

/** As ajv-formats exports them. */
export type Formats = Readonly<Record<string, unknown>>;

/**
 * Whether a value plainly fits a schema. True is what ajv would say too; false says nothing: a keyword that is not
 * below, or one that does not hold, is left to it. Most values fit, and ajv takes some 15 ms to load and compile.
 * Without `formats` a schema that asks for one is left to it too.
 */
export function plainlyFits(schema: JsonObject | boolean, value: unknown, formats?: Formats): boolean {
  const root = isJsonObject(schema) ? schema : {};
  // References are resolved against identifiers: where there are any, a pointer may not mean what it says.
  const hasIds = /"(\$id|id|\$anchor|\$dynamicAnchor)":"/.test(JSON.stringify(schema));
  return fits(schema, value, { root, hasIds, formats, depth: 0 });
}

interface Context {
  root: JsonObject;
  formats: Formats | undefined;
  hasIds: boolean;
  /** Of references and schemas within one another. */
  depth: number;
}

const DEEPEST = 64;

type Rule = (argument: unknown, value: unknown, schema: JsonObject, context: Context) => boolean;

function fits(schema: unknown, value: unknown, context: Context): boolean {
  if (schema === true) return true;
  if (!isJsonObject(schema) || context.depth > DEEPEST) return false;
  for (const keyword of Object.keys(schema)) {
    if (ANNOTATIONS.has(keyword) || keyword.startsWith('x-')) continue;
    const rule = Object.hasOwn(RULES, keyword) ? RULES[keyword] : undefined;
    if (rule === undefined || !rule(schema[keyword], value, schema, context)) return false;
  }
  return true;
}

const deeper = (context: Context): Context => ({ ...context, depth: context.depth + 1 });

const ANNOTATIONS = new Set([
  '$comment',
  '$defs',
  'default',
  'definitions',
  'deprecated',
  'description',
  'example',
  'examples',
  'readOnly',
  'title',
  'writeOnly',
]);

const DIALECT = /^https?:\/\/json-schema\.org\/(draft-07|draft\/2019-09|draft\/2020-12)\/schema#?$/;

const RULES: Readonly<Record<string, Rule>> = {
  $schema: (dialect, _value, schema, { root }) =>
    schema === root && typeof dialect === 'string' && DIALECT.test(dialect),
  $ref: (ref, value, _schema, context) =>
    typeof ref === 'string' &&
    !context.hasIds &&
    fits(followLocalRef(context.root, ref), value, deeper(context)),
  type: (type, value, { nullable }) =>
    [type].flat().some((each) => isOf(each, value)) || (nullable === true && value === null),
  // OpenAPI's; ajv takes it beside a type only, and not against it.
  nullable: (nullable, _value, { type }) =>
    nullable === true ? type !== undefined : nullable === false && ![type].flat().includes('null'),
  enum: (values, value) => Array.isArray(values) && values.some((each) => isDeepStrictEqual(each, value)),
  const: (only, value) => isDeepStrictEqual(only, value),
  anyOf: (schemas, value, _schema, context) =>
    Array.isArray(schemas) && schemas.some((each) => fits(each, value, deeper(context))),
  allOf: (schemas, value, _schema, context) =>
    Array.isArray(schemas) && schemas.every((each) => fits(each, value, deeper(context))),
  minimum: bound((number, limit) => number >= limit),
  maximum: bound((number, limit) => number <= limit),
  exclusiveMinimum: bound((number, limit) => number > limit),
  exclusiveMaximum: bound((number, limit) => number < limit),
  minLength: length(isString, (least, text) => codePoints(text) >= least),
  maxLength: length(isString, (most, text) => codePoints(text) <= most),
  minItems: length(Array.isArray, (least, list) => list.length >= least),
  maxItems: length(Array.isArray, (most, list) => list.length <= most),
  uniqueItems: (isUnique, value) =>
    isUnique === false || (isUnique === true && (!Array.isArray(value) || areDistinct(value))),
  minProperties: length(isJsonObject, (least, object) => Object.keys(object).length >= least),
  maxProperties: length(isJsonObject, (most, object) => Object.keys(object).length <= most),
  pattern: (pattern, value) =>
    typeof pattern === 'string' && (typeof value !== 'string' || matches(pattern, value)),
  format: (name, value, _schema, { formats }) =>
    typeof name === 'string' &&
    formats !== undefined &&
    (!Object.hasOwn(formats, name) || isFormatted(formats[name], value)),
  required: (names, value) =>
    Array.isArray(names) &&
    (!isJsonObject(value) || names.every((name) => typeof name === 'string' && Object.hasOwn(value, name))),
  properties: (properties, value, _schema, context) =>
    isJsonObject(properties) &&
    !Object.hasOwn(properties, '__proto__') &&
    (!isJsonObject(value) ||
      Object.keys(properties).every(
        (name) => !Object.hasOwn(value, name) || fits(properties[name], value[name], deeper(context)),
      )),
  additionalProperties: (rest, value, { properties = {}, patternProperties }, context) =>
    isJsonObject(properties) &&
    patternProperties === undefined &&
    (!isJsonObject(value) ||
      Object.keys(value).every(
        (name) => Object.hasOwn(properties, name) || fits(rest, value[name], deeper(context)),
      )),
  // A list of schemas, as it was before 2020-12, is no object.
  items: (items, value, { prefixItems }, context) =>
    prefixItems === undefined &&
    (!Array.isArray(value)
      ? typeof items === 'boolean' || isJsonObject(items)
      : value.every((each) => fits(items, each, deeper(context)))),
};

function isOf(type: unknown, value: unknown): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isJsonObject(value);
    case 'integer':
      return Number.isInteger(value);
    case 'number':
      return Number.isFinite(value);
    case 'string':
    case 'boolean':
      return typeof value === type;
    default:
      return false;
  }
}

function bound(holds: (number: number, limit: number) => boolean): Rule {
  return (limit, value) => typeof limit === 'number' && (typeof value !== 'number' || holds(value, limit));
}

function length<T>(
  isMeasured: (value: unknown) => value is T,
  holds: (limit: number, value: T) => boolean,
): Rule {
  return (limit, value) => typeof limit === 'number' && (!isMeasured(value) || holds(limit, value));
}

function isString(value: unknown): value is string {
  return typeof value === 'string';
}

/** Of what a set can tell apart. */
function areDistinct(list: readonly unknown[]): boolean {
  const isScalar = (value: unknown) => typeof value !== 'object' || value === null;
  return list.every(isScalar) && new Set(list).size === list.length;
}

function codePoints(text: string): number {
  return Array.from(text).length;
}

function matches(pattern: string, text: string): boolean {
  try {
    return new RegExp(pattern, 'u').test(text);
  } catch {
    return false;
  }
}

/** A pattern, a function, or one of them as `validate` with the type of value that it is for, which is string unless said. */
function isFormatted(format: unknown, value: unknown): boolean {
  if (format instanceof RegExp) return typeof value !== 'string' || format.test(value);
  if (typeof format === 'function')
    return typeof value !== 'string' || Reflect.apply(format, undefined, [value]) === true;
  if (!isJsonObject(format)) return format === true;
  const { type = 'string', validate } = format;
  return type === 'string' ? isFormatted(validate, value) : typeof value !== type;
}
