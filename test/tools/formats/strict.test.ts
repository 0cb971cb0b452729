import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/json/object.ts';
import { compileSchema } from '../../../src/json/schema.ts';
import { exampleInput } from '../../../src/tools/example-input.ts';
import { anthropicStrict } from '../../../src/tools/formats/strict/anthropic.ts';
import { openaiStrict } from '../../../src/tools/formats/strict/openai.ts';
import { NotStrict, type StrictRules } from '../../../src/tools/formats/strict/rules.ts';
import { toStrict } from '../../../src/tools/formats/strict/strict.ts';
import { objectOf, TRICKY } from './support/tools.ts';

/** What becomes of one property that is required. */
function property(a: unknown, rules: StrictRules, more: JsonObject = {}): unknown {
  const { schema } = toStrict(objectOf({ a }, more), rules);
  return (schema['properties'] as JsonObject)['a'];
}

function refusal(schema: JsonObject, rules: StrictRules): string {
  try {
    return JSON.stringify(toStrict(schema, rules).schema);
  } catch (error) {
    if (error instanceof NotStrict) return error.message;
    throw error;
  }
}

describe('objects', () => {
  it('openai: all required, what was optional is null where it is left out', () => {
    const { schema, hasNullsForOptional } = toStrict(
      objectOf({ a: { type: 'string' }, b: { type: 'integer' } }),
      openaiStrict,
    );
    expect(schema).toEqual({
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: ['integer', 'null'] } },
      required: ['a', 'b'],
      additionalProperties: false,
    });
    expect(hasNullsForOptional).toBe(true);
  });

  it('anthropic: optional inputs stay optional', () => {
    const { schema, hasNullsForOptional } = toStrict(
      objectOf({ a: { type: 'string' }, b: { type: 'integer' } }),
      anthropicStrict,
    );
    expect(schema).toEqual({
      type: 'object',
      properties: { a: { type: 'string' }, b: { type: 'integer' } },
      required: ['a'],
      additionalProperties: false,
    });
    expect(hasNullsForOptional).toBe(false);
  });

  it('a tool without inputs', () => {
    expect(toStrict({ type: 'object' }, openaiStrict).schema).toEqual({
      type: 'object',
      properties: {},
      required: [],
      additionalProperties: false,
    });
  });
});

describe('openai: an optional input with null', () => {
  it.each([
    [{ type: 'string' }, { type: ['string', 'null'] }],
    [{ type: ['string', 'null'] }, { type: ['string', 'null'] }],
    [{ enum: ['x', 'y'] }, { type: ['string', 'null'], enum: ['x', 'y', null] }],
    [{ const: 1 }, { anyOf: [{ type: 'integer', const: 1 }, { type: 'null' }] }],
    [
      { type: 'array', items: { type: 'string' }, description: 'd' },
      { anyOf: [{ type: 'array', items: { type: 'string' } }, { type: 'null' }], description: 'd' },
    ],
    [
      { anyOf: [{ type: 'string' }, { type: 'integer' }] },
      { anyOf: [{ type: 'string' }, { type: 'integer' }, { type: 'null' }] },
    ],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, { anyOf: [{ type: 'string' }, { type: 'null' }] }],
    [{ $ref: '#/$defs/x' }, { anyOf: [{ $ref: '#/$defs/x' }, { type: 'null' }] }],
  ])('%j', (b, expected) => {
    const { schema } = toStrict(
      objectOf({ a: { type: 'null' }, b }, { $defs: { x: { type: 'string' } } }),
      openaiStrict,
    );
    expect((schema['properties'] as JsonObject)['b']).toEqual(expected);
  });
});

describe('constraints', () => {
  it('openai: enforced, but for annotations and formats that it does not know', () => {
    expect(
      property({ type: 'string', minLength: 2, pattern: '^x', format: 'uri', default: 'xy' }, openaiStrict),
    ).toEqual({
      type: 'string',
      minLength: 2,
      pattern: '^x',
      description: '{format: "uri", default: "xy"}',
    });
  });

  it('anthropic: told in the description', () => {
    expect(
      property({ type: 'integer', description: 'How many', minimum: 1, maximum: 9 }, anthropicStrict),
    ).toEqual({ type: 'integer', description: 'How many\n\n{minimum: 1, maximum: 9}' });
    const list = { type: 'array', items: { type: 'string', format: 'uri' }, minItems: 2, uniqueItems: true };
    expect(property(list, anthropicStrict)).toEqual({
      type: 'array',
      items: { type: 'string', format: 'uri' },
      description: '{minItems: 2, uniqueItems: true}',
    });
    expect(property({ ...list, minItems: 1 }, anthropicStrict)).toMatchObject({ minItems: 1 });
  });
});

describe('unions and references', () => {
  it.each([
    [
      'oneOf of different types',
      { oneOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
      { anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] },
    ],
    [
      'a lone allOf',
      { allOf: [{ $ref: '#/$defs/x' }], description: 'd' },
      { anyOf: [{ $ref: '#/$defs/x' }], description: 'd' },
    ],
    ['definitions become $defs', { $ref: '#/definitions/y' }, { $ref: '#/$defs/y' }],
    ['an enum of the declared type', { type: 'string', enum: ['x', 1] }, { type: 'string', enum: ['x'] }],
  ])('%s', (_what, written, expected) => {
    const more = { $defs: { x: { type: 'string' } }, definitions: { y: { type: 'string' } } };
    expect(property(written, openaiStrict, more)).toEqual(expected);
  });

  it('takes along only the definitions that are used', () => {
    const { schema } = toStrict(
      objectOf(
        { a: { $ref: '#/$defs/used' } },
        { $defs: { used: { $ref: '#/$defs/deep' }, deep: { type: 'string' }, other: {} } },
      ),
      openaiStrict,
    );
    expect(schema['$defs']).toEqual({ used: { $ref: '#/$defs/deep' }, deep: { type: 'string' } });
  });

  it('anthropic: lists of types become unions', () => {
    expect(property({ type: ['string', 'integer'], minLength: 1, minimum: 0 }, anthropicStrict)).toEqual({
      anyOf: [
        { type: 'string', description: '{minLength: 1}' },
        { type: 'integer', description: '{minimum: 0}' },
      ],
    });
  });
});

describe('no strict variant', () => {
  const recursive = objectOf({ a: { $ref: '#' } });
  it.each<[what: string, schema: JsonObject, message: string]>([
    ['anything', objectOf({ a: {} }), 'a value of any kind: /properties/a'],
    ['true', objectOf({ a: true }), 'a value of any kind: /properties/a'],
    [
      'a map',
      objectOf({ a: { type: 'object', additionalProperties: { type: 'string' } } }),
      'an object with properties of any name: /properties/a',
    ],
    [
      'a free-form object',
      objectOf({ a: { type: 'object' } }),
      'an object with properties of any name: /properties/a',
    ],
    [
      'an open object',
      objectOf({ a: { type: 'string' } }, { additionalProperties: true }),
      'an object with properties of any name: ',
    ],
    ['a list of anything', objectOf({ a: { type: 'array' } }), 'a value of any kind: /properties/a/items'],
    [
      'a tuple',
      objectOf({ a: { type: 'array', prefixItems: [{ type: 'string' }] } }),
      'prefixItems: /properties/a',
    ],
    ['not', objectOf({ a: { type: 'string', not: { const: 'x' } } }), 'not: /properties/a'],
    ['if', objectOf({ a: { type: 'string' } }, { if: {}, else: {} }), 'if: '],
    [
      'patternProperties',
      objectOf({ a: { type: 'object', properties: {}, patternProperties: {} } }),
      'patternProperties: /properties/a',
    ],
    [
      'overlapping oneOf',
      objectOf({ a: { oneOf: [{ type: 'integer' }, { type: 'number' }] } }),
      'oneOf whose alternatives may overlap: /properties/a',
    ],
    ['allOf', objectOf({ a: { allOf: [{ type: 'string' }, { minLength: 1 }] } }), 'allOf: /properties/a'],
    ['a union at the top', { type: 'object', anyOf: [{ type: 'object' }] }, 'anyOf at the top: '],
    [
      'required alternatives',
      objectOf({ a: { type: 'string' } }, { anyOf: [{ required: ['a'] }] }),
      'anyOf at the top: ',
    ],
    [
      'constraints beside a union',
      objectOf({ a: { minLength: 1, anyOf: [{ type: 'string' }] } }),
      'anyOf with constraints beside it: /properties/a',
    ],
    [
      'enum with objects',
      objectOf({ a: { enum: [{}] } }),
      'enum or const with lists or objects: /properties/a',
    ],
    ['a required property that is not there', objectOf({}), 'a required property that is not described: '],
    [
      'a $ref to a property',
      objectOf({ a: { $ref: '#/properties/b' }, b: { type: 'string' } }),
      'a $ref to what is no definition of the schema: /properties/a',
    ],
    [
      'a $ref to nothing',
      objectOf({ a: { $ref: '#/$defs/x' } }),
      'a $ref to what is no definition of the schema: /properties/a',
    ],
    ['a type that is none', objectOf({ a: { type: 'text' } }), 'a type that is none: /properties/a'],
    [
      'a schema with its own $id',
      objectOf({ a: { $id: 'x', type: 'string' } }),
      'a schema with an $id of its own: /properties/a',
    ],
  ])('%s', (_what, schema, message) => {
    expect(refusal(schema, openaiStrict)).toBe(message);
    expect(refusal(schema, anthropicStrict)).toBe(message);
  });

  it('a schema that contains itself: openai takes it, anthropic does not', () => {
    expect(refusal(recursive, anthropicStrict)).toBe('a schema that contains itself: ');
    expect(toStrict(recursive, openaiStrict).schema['properties']).toEqual({ a: { $ref: '#' } });
  });

  it('uniqueItems: openai does not enforce it, and tells nobody', () => {
    const schema = objectOf({ a: { type: 'array', items: { type: 'string' }, uniqueItems: true } });
    expect(refusal(schema, openaiStrict)).toBe('uniqueItems: /properties/a');
  });

  it.each<[what: string, schema: JsonObject]>([
    ['more than 10 levels', nested(11)],
    ['more than 5000 properties', objectOf({ a: { type: 'null' }, ...many(5000, { type: 'null' }) })],
    [
      'more than 1000 enum values',
      objectOf({ a: { enum: Array.from({ length: 1001 }, (_, index) => index) } }),
    ],
    [
      'an enum of more than 15000 characters',
      objectOf({ a: { enum: Array.from({ length: 251 }, (_, index) => `${index}`.padEnd(60, 'x')) } }),
    ],
    ['more than 120000 characters of names and values', objectOf({ a: { const: 'x'.repeat(120_000) } })],
  ])('openai: %s', (message, schema) => {
    expect(refusal(schema, openaiStrict)).toBe(`${message}: `);
  });

  it('10 levels are not too many', () => {
    expect(refusal(nested(10), openaiStrict)).toMatch(/^\{/);
  });

  it('levels beyond any stack', () => {
    expect(refusal(nested(3000), openaiStrict)).toMatch(/^schemas in schemas too deep: /);
  });
});

/** Objects in objects. */
function nested(levels: number): JsonObject {
  let schema: JsonObject = { type: 'string' };
  for (let level = 0; level < levels; level += 1) schema = objectOf({ a: schema });
  return schema;
}

function many(count: number, schema: JsonObject): JsonObject {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`p${index}`, schema]));
}

describe('means the same', () => {
  const cases = TRICKY.flatMap(({ name, inputSchema }) =>
    [openaiStrict, anthropicStrict].flatMap((rules) => {
      if (inputSchema === null || !refusal(inputSchema, rules).startsWith('{')) return [];
      return [[name, inputSchema, toStrict(inputSchema, rules).schema] as const];
    }),
  );

  it('has cases', () => {
    expect(cases.length).toBeGreaterThan(5);
  });

  it.each(cases)(
    '%s: what fits the strict variant fits the schema, once nulls are dropped',
    async (_name, schema, strict) => {
      const input = exampleInput(strict);
      expect((await compileSchema(strict, { isStrict: true }))(input)).toEqual([]);
      expect((await compileSchema(schema))(withoutNulls(input))).toEqual([]);
    },
  );
});

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(kept.map(([key, each]) => [key, withoutNulls(each)]));
}
