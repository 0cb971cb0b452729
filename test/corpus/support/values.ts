import fc, { type Arbitrary } from 'fast-check';
import { followLocalRef } from '../../../src/json/local-ref.ts';
import { isJsonObject, type JsonObject } from '../../../src/json/object.ts';

/** Values that a schema describes, as far as its keywords are below; ajv has the last word on each. */
export function valuesOf(root: JsonObject): Arbitrary<unknown> {
  return valueOf(root, { root, depth: 0 });
}

interface Context {
  root: JsonObject;
  depth: number;
}

const DEEPEST = 6;

function valueOf(schema: unknown, context: Context): Arbitrary<unknown> {
  if (!isJsonObject(schema)) return fc.oneof(fc.string(), fc.integer(), fc.boolean());
  const { $ref, anyOf, oneOf, allOf, ...rest } = schema;
  const inner = { ...context, depth: context.depth + 1 };
  const merged = (part: unknown) =>
    valueOf({ ...rest, ...(isJsonObject(part) ? together(rest, part) : {}) }, inner);
  if (typeof $ref === 'string') return merged(followLocalRef(context.root, $ref));
  const union = anyOf ?? oneOf;
  if (Array.isArray(union)) return fc.oneof(...union.map(merged));
  if (Array.isArray(allOf)) return merged(allOf.filter(isJsonObject).reduce<JsonObject>(together, {}));
  if (Object.hasOwn(rest, 'const')) return fc.constant(rest['const']);
  if (Array.isArray(rest['enum'])) return fc.constantFrom(...(rest['enum'] as unknown[]));
  const types = [rest['type'] ?? (rest['properties'] === undefined ? 'string' : 'object')].flat();
  return fc.oneof(...types.map((type) => typed(type, rest, inner)));
}

/** Two schemas that both hold. */
function together(a: JsonObject, b: JsonObject): JsonObject {
  const object = (value: unknown) => (isJsonObject(value) ? value : {});
  const list = (value: unknown) => (Array.isArray(value) ? (value as unknown[]) : []);
  return {
    ...a,
    ...b,
    ...(a['properties'] === undefined && b['properties'] === undefined
      ? {}
      : { properties: { ...object(a['properties']), ...object(b['properties']) } }),
    ...(a['required'] === undefined && b['required'] === undefined
      ? {}
      : { required: [...list(a['required']), ...list(b['required'])] }),
  };
}

function typed(type: unknown, schema: JsonObject, context: Context): Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.integer(range(schema, 1));
    case 'number':
      return (
        fc
          .oneof(fc.integer(range(schema, 1)), fc.double({ ...range(schema, Number.EPSILON), noNaN: true }))
          // -0 is 0 in JSON.
          .map((value) => value + 0)
      );
    case 'array':
      return fc.array(valueOf(schema['items'], context), {
        minLength: number(schema['minItems'], 0),
        maxLength: number(schema['maxItems'], number(schema['minItems'], 0) + 3),
      });
    case 'object':
      return objectOf(schema, context);
    default:
      return textOf(schema);
  }
}

function range(schema: JsonObject, step: number): { min: number; max: number } {
  const above = schema['exclusiveMinimum'];
  const below = schema['exclusiveMaximum'];
  return {
    min: number(schema['minimum'], typeof above === 'number' ? above + step : -1_000_000),
    max: number(schema['maximum'], typeof below === 'number' ? below - step : 1_000_000),
  };
}

/** What is required, and some of the rest; with the depth less and less of it. */
function objectOf(schema: JsonObject, context: Context): Arbitrary<unknown> {
  const properties = isJsonObject(schema['properties']) ? schema['properties'] : {};
  const required = Array.isArray(schema['required']) ? schema['required'].map(String) : [];
  const isWanted = (name: string) => required.includes(name) || context.depth < DEEPEST;
  const entries = Object.entries(properties).filter(([name]) => isWanted(name));
  const undescribed = required
    .filter((name) => !Object.hasOwn(properties, name))
    .map((name) => [name, {}] as const);
  const all = [...entries, ...undescribed];
  return fc.record(Object.fromEntries(all.map(([name, each]) => [name, valueOf(each, context)])), {
    requiredKeys: required,
    noNullPrototype: true,
  });
}

function textOf(schema: JsonObject): Arbitrary<string> {
  if (typeof schema['pattern'] === 'string') return fc.stringMatching(new RegExp(schema['pattern'], 'u'));
  switch (schema['format']) {
    case 'uuid':
      return fc.uuid();
    case 'uri':
      return fc.webUrl();
    case 'email':
      return fc.emailAddress();
    case 'date':
      return date().map((each) => each.toISOString().slice(0, 10));
    case 'date-time':
      return date().map((each) => each.toISOString());
    default:
      return fc.string({
        minLength: number(schema['minLength'], 0),
        maxLength: number(schema['maxLength'], number(schema['minLength'], 0) + 12),
        unit: 'grapheme',
      });
  }
}

function date(): Arbitrary<Date> {
  return fc.date({ min: new Date('1990-01-01'), max: new Date('2100-01-01'), noInvalidDate: true });
}

function number(value: unknown, otherwise: number): number {
  return typeof value === 'number' ? value : otherwise;
}
