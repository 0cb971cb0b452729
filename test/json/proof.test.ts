import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import { fullFormats } from 'ajv-formats/dist/formats.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/json/object.ts';
import { plainlyFits } from '../../src/json/proof.ts';

/** What ajv says; undefined where it takes the schema for broken. */
function ajvSays(schema: JsonObject | boolean, value: unknown): boolean | undefined {
  const ajv = new Ajv2020({ strict: false, logger: false, validateSchema: false, ownProperties: true });
  addFormats.default(ajv);
  try {
    return ajv.compile(schema)(value);
  } catch {
    return undefined;
  }
}

const text = fc.constantFrom('', 'a', 'ab', '12', 'true', '2026-02-28', 'x@example.com', '😀', 'toString');
const number = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(0.5, 1e300, -0));
const scalar = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const name = fc.constantFrom('a', 'b', 'toString', 'constructor', 'x-y');
const value = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;

const type = fc.constantFrom('string', 'number', 'integer', 'boolean', 'null', 'array', 'object');
const size = fc.nat({ max: 3 });
/** Few keywords at a time: many would contradict each other, and next to nothing would fit. */
const schema = fc.letrec<{ schema: JsonObject | boolean; keyword: JsonObject }>((tie) => {
  const own = (keyword: string, argument: fc.Arbitrary<unknown>) =>
    argument.map((each): JsonObject => ({ [keyword]: each }));
  const schemas = fc.array(tie('schema'), { minLength: 1, maxLength: 2 });
  const limits = { number, size };
  const sized = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties'];
  const bounds = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'];
  return {
    schema: fc.oneof(
      { depthSize: 'small' },
      fc.boolean(),
      fc.array(tie('keyword'), { minLength: 1, maxLength: 3 }).map((parts) => Object.assign({}, ...parts)),
    ),
    keyword: fc.oneof(
      own('type', fc.oneof(type, fc.uniqueArray(type, { minLength: 1, maxLength: 3 }))),
      own('enum', fc.array(value, { minLength: 1, maxLength: 3 })),
      own('const', value),
      ...bounds.map((keyword) => own(keyword, limits.number)),
      ...sized.map((keyword) => own(keyword, limits.size)),
      own('pattern', fc.constantFrom('^a', '.', '^\\d+$', '(', '\\-')),
      own('format', fc.constantFrom('date', 'email', 'int32', 'double', 'binary', 'of-their-own')),
      own('required', fc.uniqueArray(name, { maxLength: 2 })),
      own('properties', fc.dictionary(name, tie('schema'), { maxKeys: 3, noNullPrototype: true })),
      own('patternProperties', fc.dictionary(fc.constantFrom('^a', 'o'), tie('schema'), { maxKeys: 1 })),
      own('additionalProperties', tie('schema')),
      own('items', tie('schema')),
      own('prefixItems', schemas),
      own('anyOf', schemas),
      own('allOf', schemas),
      own('oneOf', schemas),
      own('not', tie('schema')),
      own('$ref', fc.constantFrom('#', '#/properties/a', '#/$defs/d', '#/nowhere', '#/anyOf/0', 'x.json')),
      own('$defs', fc.record({ d: tie('schema') })),
      own('description', text),
      own('uniqueItems', fc.boolean()),
      own('nullable', fc.boolean()),
    ),
  };
}).schema;

it('what it takes to fit, ajv does too', () => {
  fc.assert(
    fc.property(schema, value, (schema, value) => {
      if (plainlyFits(schema, value, fullFormats)) expect(ajvSays(schema, value)).not.toBe(false);
    }),
    { numRuns: 10_000 },
  );
});

const tool = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: {
    text: { type: 'string', minLength: 1, maxLength: 3, pattern: '^[a-z😀]+$' },
    count: { type: 'integer', minimum: 1, maximum: 10, default: 5 },
    day: { type: 'string', format: 'date' },
    kind: { enum: ['a', 1, null] },
    maybe: { anyOf: [{ type: 'string' }, { type: 'null' }], title: 'Maybe' },
    list: { type: 'array', items: { $ref: '#/$defs/item' }, maxItems: 2 },
    tags: { type: 'array', uniqueItems: true },
    open: { type: 'integer', nullable: true },
    map: { type: 'object', additionalProperties: { type: 'number' } },
    id: { type: ['string', 'integer'] },
    other: { oneOf: [{ type: 'string' }] },
  },
  required: ['text'],
  additionalProperties: false,
  $defs: { item: { type: 'object', properties: { item: { $ref: '#/$defs/item' } }, required: [] } },
};

describe('the input of a tool', () => {
  it.each([
    { text: 'ab' },
    { text: '😀😀😀', count: 10 },
    { text: 'a', day: '2026-02-28' },
    { text: 'a', kind: null, maybe: null, id: 7 },
    { text: 'a', tags: [1, '1', null], open: null },
    { text: 'a', list: [{}, { item: { item: {} } }], map: { x: 0.5 } },
  ])('fits: %j', (input) => {
    expect(plainlyFits(tool, input, fullFormats)).toBe(true);
    expect(ajvSays(tool, input)).toBe(true);
  });

  it.each([
    {},
    [],
    { text: '' },
    { text: '😀😀😀😀' },
    { text: 'A' },
    { text: 'a', count: 0 },
    { text: 'a', count: 11 },
    { text: 'a', count: 1.5 },
    { text: 'a', day: '2026-02-30' },
    { text: 'a', kind: '1' },
    { text: 'a', maybe: 1 },
    { text: 'a', list: [{}, {}, {}] },
    { text: 'a', list: [{ item: 1 }] },
    { text: 'a', map: { x: 'y' } },
    { text: 'a', id: null },
    { text: 'a', tags: [0, -0] },
    { text: 'a', open: 'x' },
    { text: 'a', more: 1 },
  ])('does not: %j', (input) => {
    expect(plainlyFits(tool, input, fullFormats)).toBe(false);
    expect(ajvSays({ ...tool, $schema: undefined }, input)).toBe(false);
  });

  it.each([
    ['a keyword that is left to ajv', tool, { text: 'a', other: 'b' }],
    [
      'a reference that an identifier may bend',
      { $id: 'https://x.example/a', $ref: '#/$defs/b', $defs: { b: true } },
      1,
    ],
    ['a reference to itself', { $ref: '#' }, 1],
    ['another dialect', { $schema: 'http://json-schema.org/draft-04/schema#', type: 'string' }, 'a'],
    ['a type that is none', { type: 'nonsense' }, 1],
  ])('is left to ajv: %s', (_what, schema, input) => {
    expect(plainlyFits(schema, input, fullFormats)).toBe(false);
  });
});
