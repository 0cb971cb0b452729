import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/json/object.ts';
import { schemaRows } from '../../src/tools/schema-rows.ts';
import { objectOf } from './formats/support/tools.ts';

const rows = (schema: JsonObject) =>
  schemaRows(schema).map(({ name, type, isRequired, default: value, constraints }) =>
    [`${name}${isRequired ? '!' : ''}`, type, value, constraints].filter((each) => each !== '').join(' · '),
  );

it.each<[schema: unknown, expected: string]>([
  [{ type: 'string' }, 'a! · string'],
  [{ type: ['string', 'null'] }, 'a! · string | null'],
  [{}, 'a! · any'],
  [true, 'a! · any'],
  [{ enum: ['x', 2, null] }, 'a! · "x" | 2 | null'],
  [{ enum: [1, 2, 3, 4, 5, 6, 7, 8] }, 'a! · 1 | 2 | 3 | 4 | 5 | 6 | 2 more'],
  [{ const: { k: 1 } }, 'a! · {"k":1}'],
  [{ type: 'array', items: { type: 'string' } }, 'a! · string[]'],
  [{ type: 'array' }, 'a! · any[]'],
  [{ type: 'array', items: { type: ['string', 'integer'] } }, 'a! · (string | integer)[]'],
  [{ anyOf: [{ type: 'string' }, { type: 'array', items: { type: 'string' } }] }, 'a! · string | string[]'],
  [{ oneOf: [{ const: 'x' }, { const: 'y' }] }, 'a! · "x" | "y"'],
  [{ $ref: '#/$defs/x' }, 'a! · integer · ≥ 1'],
  [{ $ref: '#/$defs/nowhere' }, 'a! · any'],
  [{ type: 'integer', minimum: 1, maximum: 100, default: 10 }, 'a! · integer · 10 · ≥ 1, ≤ 100'],
  [{ type: 'integer', minimum: -(2 ** 53) + 1, maximum: 2 ** 53 - 1 }, 'a! · integer'],
  [{ type: 'number', exclusiveMinimum: 0, multipleOf: 0.5 }, 'a! · number · > 0, multiple of 0.5'],
  [{ type: 'string', minLength: 1 }, 'a! · string · not empty'],
  [{ type: 'string', minLength: 2, maxLength: 5, pattern: '^x' }, 'a! · string · /^x/, 2–5 characters'],
  [{ type: 'string', format: 'date', default: '' }, 'a! · string · "" · date'],
  [
    { type: 'array', items: { type: 'string' }, minItems: 3, maxItems: 3, uniqueItems: true },
    'a! · string[] · 3 items, unique',
  ],
  [
    { type: 'object', additionalProperties: { type: ['string', 'number'] } },
    'a! · object · any name: string | number',
  ],
])('%j', (a, expected) => {
  expect(rows(objectOf({ a }, { $defs: { x: { type: 'integer', minimum: 1 } } }))).toEqual([expected]);
});

it('what is inside, by its path', () => {
  const schema = objectOf({
    a: objectOf({ a: { type: 'string' }, 'b.c': { type: 'string' } }),
    list: { type: 'array', items: objectOf({ a: { type: 'integer' } }) },
    either: { anyOf: [objectOf({ a: { type: 'string' } }), { type: 'null' }] },
  });
  expect(rows(schema)).toEqual([
    'a! · object',
    'a.a! · string',
    'a.b.c · string',
    'list · object[]',
    'list[].a! · integer',
    'either · object | null',
    'either.a! · string',
  ]);
});

it('what is required without being described', () => {
  expect(rows({ type: 'object', required: ['first'] })).toEqual(['first! · any']);
});

it('a schema that contains itself ends', () => {
  const schema = objectOf(
    { a: { $ref: '#/$defs/node' } },
    {
      $defs: { node: objectOf({ a: { type: 'string' }, next: { $ref: '#/$defs/node' } }) },
    },
  );
  expect(rows(schema)).toEqual(['a! · object', 'a.a! · string', 'a.next · object']);
});

it('no more rows than anybody reads', () => {
  const properties = Object.fromEntries(Array.from({ length: 2000 }, (_, index) => [`p${index}`, {}]));
  expect(schemaRows({ type: 'object', properties })).toHaveLength(500);
});
