import { describe, expect, it } from 'vitest';
import { compileSchema } from '../../src/json/schema.ts';

const DRAFT_7 = 'http://json-schema.org/draft-07/schema#';
const DRAFT_2020 = 'https://json-schema.org/draft/2020-12/schema';

async function violations(schema: Record<string, unknown> | boolean, value: unknown) {
  return (await compileSchema(schema, { isStrict: true }))(value).map(
    ({ path, message }) => `${path} ${message}`,
  );
}

it.each<[string, Record<string, unknown> | boolean, unknown, string[]]>([
  ['what fits', { type: 'object' }, {}, []],
  ['the whole value', { type: 'object' }, [1], [' must be object, not [1]']],
  ['what is missing', { required: ['a/b', 'c'] }, {}, ['/a~1b is required', '/c is required']],
  ['what is not allowed', { additionalProperties: false }, { a: 1 }, ['/a is not allowed']],
  ['one of a list', { items: { enum: ['x', 1] } }, ['x', 'y'], ['/1 must be one of ["x",1], not "y"']],
  ['a format', { format: 'date-time' }, 'today', [' must match format "date-time", not "today"']],
  ['a format that is not known', { format: 'of-their-own' }, 'today', []],
  ['a keyword that is not known', { example: 1, 'x-order': 2 }, 'today', []],
  ['false', false, 1, [' boolean schema is false, not 1']],
  ['true', true, 1, []],
  [
    'a tuple of draft 7',
    { $schema: DRAFT_7, items: [{ type: 'string' }], additionalItems: false },
    [1, 2],
    [' must NOT have more than 1 items, not [1,2]', '/0 must be string, not 1'],
  ],
  [
    'a tuple of 2020-12',
    { $schema: DRAFT_2020, prefixItems: [{ type: 'string' }], items: false },
    [1],
    ['/0 must be string, not 1'],
  ],
  [
    'a dynamic reference of 2019-09',
    {
      $schema: 'https://json-schema.org/draft/2019-09/schema',
      $recursiveAnchor: true,
      properties: { child: { $recursiveRef: '#' } },
      unevaluatedProperties: false,
    },
    { child: { odd: 1 } },
    ['/child/odd is not allowed'],
  ],
  [
    'draft 4, as far as it goes',
    { $schema: 'http://json-schema.org/draft-04/schema#', type: 'string' },
    1,
    [' must be string, not 1'],
  ],
  ['a constant', { const: { a: 1 } }, 2, [' must be {"a":1}, not 2']],
  [
    'a name that is nearly right',
    { properties: { label: true, count: true }, additionalProperties: false },
    { lable: 1, colour: 2 },
    ['/lable is not allowed: did you mean label?', '/colour is not allowed'],
  ],
  [
    'a name of every object',
    { properties: { toString: { type: 'string' } }, required: ['valueOf'] },
    {},
    ['/valueOf is required'],
  ],
  [
    'alternatives of other types',
    { items: { anyOf: [{ type: 'integer' }, { type: ['null', 'boolean'] }] } },
    [1, 'x', null],
    ['/1 must be integer or null or boolean, not "x"'],
  ],
  [
    'an alternative of the right type',
    {
      properties: {
        a: { oneOf: [{ type: 'null' }, { type: 'object', required: ['id'] }] },
        b: { type: 'string' },
      },
    },
    { a: {}, b: 1 },
    ['/a/id is required', '/b must be string, not 1'],
  ],
  [
    'alternatives within one another',
    { anyOf: [{ anyOf: [{ type: 'integer' }, { type: 'null' }] }, { type: 'boolean' }] },
    'x',
    [' must be integer or null or boolean, not "x"'],
  ],
  [
    'several alternatives that fit',
    { oneOf: [{ type: 'integer' }, { minimum: 1 }] },
    2,
    [' must match exactly one schema in oneOf, not 2'],
  ],
  [
    'secrets by name, by format, inside',
    {
      properties: {
        apiKey: { type: 'integer' },
        pin: { format: 'password', maxLength: 1 },
        login: { maxProperties: 1 },
      },
    },
    { apiKey: 'hush-1', pin: 'hush-2', login: { user: 'me', password: 'hush-3' } },
    [
      '/apiKey must be integer, not "***"',
      '/pin must NOT have more than 1 characters, not "***"',
      '/login must NOT have more than 1 properties, not {"user":"me","password":"***"}',
    ],
  ],
  ['a long value, cut', { type: 'object' }, 'x'.repeat(99), [` must be object, not "${'x'.repeat(56)}…`]],
])('%s', async (_what, schema, value, expected) => {
  expect(await violations(schema, value)).toEqual(expected);
});

describe('a schema that is broken', () => {
  it.each([
    [{ properties: { id: { type: 'strin' } } }, '/properties/id/type must be one of'],
    [{ required: 'id' }, '/required must be array, not "id"'],
    [{ $schema: DRAFT_7, items: 1 }, '/items must be object or boolean, not 1'],
    [{ pattern: '(' }, 'Invalid regular expression: /(/'],
    [{ $ref: '#/$defs/missing' }, "can't resolve reference #/$defs/missing"],
    [{ $ref: 'https://example.com/other.json' }, "can't resolve reference https://example.com/other.json"],
  ])('%j', async (schema, message) => {
    await expect(compileSchema(schema, { isStrict: true })).rejects.toThrow(message);
  });

  it('is taken as it is where nobody asked for more', async () => {
    const validate = await compileSchema({ required: ['id'], title: 7 });
    expect(validate({})).toEqual([{ path: '/id', message: 'is required' }]);
  });
});

it.each([[DRAFT_7], [DRAFT_2020]])('a value that is itself a schema, of %s', async (dialect) => {
  const validate = await compileSchema({ $schema: dialect, properties: { schema: { $ref: dialect } } });
  expect(validate({ schema: { type: 'object' } })).toEqual([]);
  expect(validate({ schema: { minLength: -1 } })).not.toEqual([]);
});
