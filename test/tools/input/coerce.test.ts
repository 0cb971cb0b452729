import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SkConnectError } from '../../../src/errors.ts';
import type { JsonObject } from '../../../src/json/object.ts';
import { coerceInput, type Pair } from '../../../src/tools/input/coerce.ts';
import { anySchema } from '../support/any-schema.ts';

const pairs = (...params: string[]): Pair[] =>
  params.map((param) => {
    const at = param.indexOf('=');
    return { key: param.slice(0, at), value: { text: param.slice(at + 1) } };
  });
const coerced = (schema: JsonObject | null, ...params: string[]) => coerceInput(schema, pairs(...params));
const one = (property: unknown, ...values: string[]) =>
  coerced({ properties: { a: property } }, ...values.map((value) => `a=${value}`))['a'];

const TEXT = { type: 'string' };
const INTEGER = { type: 'integer' };

describe('a value is what the schema asks for', () => {
  it.each<[string, unknown, string[], unknown]>([
    ['text', TEXT, ['007'], '007'],
    ['text that looks like JSON', TEXT, ['{"a":1}'], '{"a":1}'],
    ['an integer', INTEGER, ['12'], 12],
    ['an integer with an exponent', INTEGER, ['1e3'], 1000],
    ['no integer', INTEGER, ['007'], '007'],
    ['a number', { type: 'number' }, ['-1.50'], -1.5],
    ['an infinite number', TEXT, ['1e400'], '1e400'],
    ['a boolean', { type: 'boolean' }, ['true'], true],
    ['no boolean', { type: 'boolean' }, ['yes'], 'yes'],
    ['null', { type: 'null' }, ['null'], null],
    ['an enumeration by its own types', { enum: ['1', 2, true, null] }, ['2'], 2],
    ['text of an enumeration first', { enum: [1, '1'] }, ['1'], '1'],
    ['a boolean of an enumeration', { enum: ['1', 2, true, null] }, ['true'], true],
    ['an object of an enumeration', { enum: [{ a: [1] }] }, ['{ "a": [1] }'], { a: [1] }],
    ['not in the enumeration', { type: 'integer', enum: [1] }, ['2'], '2'],
    ['a constant', { const: 7 }, ['7'], 7],
    ['a list of constants', { oneOf: [{ const: 1, title: 'One' }, { const: 'x' }] }, ['1'], 1],
    ['a list, one by one', { type: 'array', items: INTEGER }, ['1', '2'], [1, 2]],
    ['a list of one', { type: 'array', items: TEXT }, ['x,y'], ['x,y']],
    ['a list as JSON', { type: 'array', items: TEXT }, ['["x"]'], ['x']],
    ['an empty list', { type: 'array' }, ['[]'], []],
    ['lists in a list', { type: 'array', items: { type: 'array' } }, ['[1]', '[2]'], [[1], [2]]],
    [
      'a tuple of 2020-12',
      { type: 'array', prefixItems: [TEXT, INTEGER], items: { type: 'boolean' } },
      ['1', '2', 'true'],
      ['1', 2, true],
    ],
    ['a tuple of draft 7', { type: 'array', items: [INTEGER], additionalItems: TEXT }, ['1', '2'], [1, '2']],
    ['an object', { type: 'object' }, ['{"b":"1"}'], { b: '1' }],
    ['what is open, as text', {}, ['007'], '007'],
    ['what is open, as JSON', true, ['{"b":1}'], { b: 1 }],
    ['what is open, like JSON', {}, ['[draft] x'], '[draft] x'],
    ['a broken schema', 7, ['1'], '1'],
    ['a type that is none', { type: 'nonsense' }, ['1'], '1'],
    ['a format', { type: 'string', format: 'date' }, ['2026-02-28'], '2026-02-28'],
  ])('%s', (_what, schema, values, expected) => {
    expect(one(schema, ...values)).toEqual(expected);
  });
});

describe('of alternatives the first that it reads as; text before numbers, JSON before text', () => {
  const nullable = { anyOf: [TEXT, { type: 'null' }] };
  it.each<[string, unknown, string[], unknown]>([
    ['null or text: null', nullable, ['null'], null],
    ['null or text: text', nullable, ['12'], '12'],
    ['types in a list', { type: ['integer', 'null'] }, ['5'], 5],
    ['text or integer', { type: ['integer', 'string'] }, ['12'], '12'],
    ['text or boolean', { type: ['string', 'boolean'] }, ['true'], true],
    ['text or list: text', { oneOf: [TEXT, { type: 'array', items: INTEGER }] }, ['12'], '12'],
    ['text or list: several', { oneOf: [TEXT, { type: 'array', items: INTEGER }] }, ['1', '2'], [1, 2]],
    ['text or list: JSON', { oneOf: [TEXT, { type: 'array', items: INTEGER }] }, ['[1]'], [1]],
    ['text or object', { anyOf: [TEXT, { type: 'object' }] }, ['{"b":1}'], { b: 1 }],
    ['text or object, like JSON', { anyOf: [TEXT, { type: 'object' }] }, ['{name}'], '{name}'],
    ['integer or list', { anyOf: [INTEGER, { type: 'array', items: INTEGER }] }, ['1'], 1],
    ['listed or integer', { anyOf: [{ enum: ['auto'] }, INTEGER] }, ['3'], 3],
    ['nullable of OpenAPI', { type: 'integer', nullable: true }, ['null'], null],
    ['narrowed by allOf', { allOf: [{ type: ['integer', 'string'] }, { type: 'number' }] }, ['3'], 3],
    ['narrowed to nothing', { allOf: [{ type: 'integer' }, { type: 'string' }] }, ['3'], '3'],
    ['beside a choice', { type: 'integer', anyOf: [{ minimum: 5 }, { maximum: 1 }] }, ['3'], 3],
  ])('%s', (_what, schema, values, expected) => {
    expect(one(schema, ...values)).toEqual(expected);
  });
});

describe('keys', () => {
  const nested = {
    type: 'object',
    properties: {
      a: {
        type: 'object',
        properties: { b: INTEGER, 'c.d': INTEGER, list: { type: 'array', items: { $ref: '#/$defs/item' } } },
      },
      'x.y': INTEGER,
      'x.y.z': { type: 'object', properties: { n: INTEGER } },
      labels: { type: 'object', additionalProperties: TEXT },
      numbers: { type: 'object', patternProperties: { '^n_': INTEGER }, additionalProperties: false },
      tree: { $ref: '#/$defs/item' },
      either: {
        oneOf: [
          { properties: { kind: { const: 1 }, n: INTEGER } },
          { properties: { kind: { const: 2 }, n: TEXT, m: INTEGER } },
        ],
      },
    },
    $defs: { item: { type: 'object', properties: { n: INTEGER, item: { $ref: '#/$defs/item' } } } },
    allOf: [{ properties: { more: INTEGER } }],
    if: { properties: { more: { const: 1 } } },
    // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's
    then: { properties: { whenOne: INTEGER } },
  };
  it.each<[string[], JsonObject]>([
    [['a.b=1'], { a: { b: 1 } }],
    [['a.c.d=1'], { a: { 'c.d': 1 } }],
    [['a.e.f=1'], { a: { e: { f: '1' } } }],
    [['x.y=1'], { 'x.y': 1 }],
    [['x.y.z.n=1'], { 'x.y.z': { n: 1 } }],
    [['labels.app.kubernetes.io/name=7'], { labels: { 'app.kubernetes.io/name': '7' } }],
    [['numbers.n_1=7', 'numbers.m=7'], { numbers: { n_1: 7, m: '7' } }],
    [
      ['a.list.0.n=1', 'a.list.1.n=2', 'a.list.0.item.n=3'],
      { a: { list: [{ n: 1, item: { n: 3 } }, { n: 2 }] } },
    ],
    [['a.list={"n":1}', 'a.list={"n":2}'], { a: { list: [{ n: 1 }, { n: 2 }] } }],
    [['tree.item.item.item.n=1'], { tree: { item: { item: { item: { n: 1 } } } } }],
    [['either.kind=2', 'either.m=3'], { either: { kind: 2, m: 3 } }],
    [['either.n=3'], { either: { n: '3' } }],
    [['more=1', 'whenOne=2'], { more: 1, whenOne: 2 }],
    [['a.b=1', 'a={"z":true}'], { a: { z: true, b: 1 } }],
    [['unknown=1'], { unknown: '1' }],
    [['not.there=1'], { not: { there: '1' } }],
    [['.=1', 'q.=2', '.q=3'], { '.': '1', 'q.': '2', '.q': '3' }],
    [['toString=1', 'a.constructor=2'], { toString: '1', a: { constructor: '2' } }],
  ])('%j', (params, expected) => {
    expect(coerced(nested, ...params)).toEqual(expected);
  });

  it('__proto__ is a key like any other', () => {
    const input = coerced(null, '__proto__.polluted=1', 'a.__proto__=2');
    expect(JSON.stringify(input)).toBe('{"__proto__":{"polluted":"1"},"a":{"__proto__":"2"}}');
    expect(Object.hasOwn({}, 'polluted')).toBe(false);
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
  });

  it('win over what --input says, inside it too', () => {
    const base = { a: { b: 5, z: [1] }, 'x.y': 2, more: 'text', tree: 'no object' };
    const input = coerceInput(nested, pairs('a.b=1', 'more=3', 'tree.n=4'), base);
    expect(input).toEqual({ a: { b: 1, z: [1] }, 'x.y': 2, more: 3, tree: { n: 4 } });
    expect(base).toEqual({ a: { b: 5, z: [1] }, 'x.y': 2, more: 'text', tree: 'no object' });
  });

  it('an element of a list that --input has', () => {
    const base = { a: { list: [{ n: 1 }, { n: 2 }] } };
    expect(coerceInput(nested, pairs('a.list.1.n=5'), base)).toEqual({ a: { list: [{ n: 1 }, { n: 5 }] } });
  });
});

describe('files', () => {
  const file = (property: unknown, content: string | Uint8Array) => {
    const bytes = Buffer.from(content);
    const value = { text: bytes.toString('utf8'), bytes };
    return coerceInput({ properties: { a: property } }, [{ key: 'a', value }])['a'];
  };
  it.each<[string, unknown, string | Uint8Array, unknown]>([
    ['text to the last byte', TEXT, ' a\r\nb\n', ' a\r\nb\n'],
    ['a number', INTEGER, '5\n', 5],
    ['an object', { type: 'object' }, '{"b": 1}\n', { b: 1 }],
    ['a line of an enumeration', { enum: ['a', 'b'] }, 'b\n', 'b'],
    ['bytes', { type: 'string', contentEncoding: 'base64' }, new Uint8Array([255, 0]), '/wA='],
    ['bytes of OpenAPI', { type: 'string', format: 'byte' }, 'a', 'YQ=='],
  ])('%s', (_what, schema, content, expected) => {
    expect(file(schema, content)).toEqual(expected);
  });

  it('that are no text', () => {
    expect(() => file(TEXT, new Uint8Array([0xff]))).toThrow('-p a: the file is no UTF-8 text');
  });
});

it.each<[unknown, string[], string]>([
  [TEXT, ['a=1', 'a=2'], '-p a is given 2 times, and is no list'],
  [INTEGER, ['a=9007199254740993'], '9007199254740993 cannot be sent exactly'],
  [INTEGER, ['a=1e400'], '1e400 cannot be sent exactly'],
  [{ type: 'object' }, ['a={"b":[9007199254740993]}'], '9007199254740993 cannot be sent exactly'],
  [{ type: 'object' }, ['a={'], '-p a is not valid JSON'],
  [{ type: 'array' }, ['a=[x]'], '-p a is not valid JSON'],
  [{ type: 'array' }, ['a.1=x'], 'there is no element 0 before it'],
  [true, ['a=1', 'a.b=2'], '-p a.b leads into a'],
])('%j, %j: %s', (property, params, message) => {
  expect(() => coerced({ properties: { a: property } }, ...params)).toThrow(message);
});

const key = fc
  .array(fc.constantFrom('a', 'b', '0', '1', '.', '__proto__'), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join(''));
const value = fc.oneof(
  fc.constantFrom('null', 'true', '1', '[', '[1]', '{}', '{"a":1}', '1e999'),
  fc.string(),
);

it('any schema and any key give an object or a usage error', () => {
  fc.assert(
    fc.property(anySchema, fc.array(fc.tuple(key, value), { maxLength: 4 }), (schema, given) => {
      const typed = given.map(([key, text]) => ({ key, value: { text } }));
      try {
        expect(coerceInput(schema as JsonObject, typed)).toBeTypeOf('object');
      } catch (error) {
        if (!(error instanceof SkConnectError)) throw error;
        expect(error.kind).toBe('usage');
      }
    }),
    { numRuns: 2_000 },
  );
});

it('choices within choices do not multiply without end', () => {
  const level = (n: number): JsonObject => ({
    anyOf: [{ $ref: `#/$defs/d${n}` }, { $ref: `#/$defs/d${n}` }],
    type: ['integer', 'null'],
  });
  const $defs = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`d${n}`, level(n + 1)]));
  expect(coerced({ $defs, properties: { a: level(0) } }, 'a=5')).toEqual({ a: 5 });
});

it.each([
  ['deeper ones first', ['a.0.b.c=1', 'a.1.d=2'], [{ b: { c: '1' } }, { d: '2' }]],
  ['the second element first', ['a.1.d=2', 'a.0.d=1'], [{ d: '1' }, { d: '2' }]],
  [
    'an element within an element',
    ['a.0.b.0=x', 'a.0.b.1=y', 'a.1={"b":[]}'],
    [{ b: ['x', 'y'] }, { b: [] }],
  ],
])('elements of a list in any order: %s', (_what, params, expected) => {
  const items = { type: 'object', properties: { b: { type: ['array', 'object'] } } };
  expect(coerced({ properties: { a: { type: 'array', items } } }, ...params)['a']).toEqual(expected);
});
