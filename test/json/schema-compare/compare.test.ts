import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/json/object.ts';
import { compareSchemas, schemaHash } from '../../../src/json/schema-compare/compare.ts';

const object = (properties: JsonObject, rest: JsonObject = {}) => ({ type: 'object', properties, ...rest });

/** `narrowed .limit: maximum 100 → 50`, each way. */
function told(before: unknown, after: unknown): string[] {
  return compareSchemas(before, after).differences.map(
    ({ direction, path, message }) => `${direction} ${path}: ${message}`,
  );
}

const recursive = (definition: string, unrolled = false) => {
  const ref = { $ref: `#/$defs/${definition}` };
  const tree = object({ name: { type: 'string' }, children: { type: 'array', items: ref } });
  return {
    type: 'object',
    properties: {
      root: unrolled ? object({ name: { type: 'string' }, children: { type: 'array', items: tree } }) : ref,
    },
    $defs: { [definition]: tree, unused: { type: 'string' } },
  };
};

describe('the same, in other words', () => {
  it.each<[string, unknown, unknown]>([
    ['order of keys', { type: 'string', minLength: 1 }, { minLength: 1, type: 'string' }],
    ['order of required', { required: ['a', 'b'] }, { required: ['b', 'a', 'a'] }],
    ['order of enum', { enum: [1, 'a'] }, { enum: ['a', 1] }],
    ['one type in a list', { type: 'string' }, { type: ['string'] }],
    ['a const', { const: { a: 1, b: 2 } }, { enum: [{ b: 2, a: 1 }] }],
    [
      'null in a list of types',
      { type: ['string', 'null'] },
      { anyOf: [{ type: 'null' }, { type: 'string' }] },
    ],
    ['null in an enum', { enum: ['a', null] }, { oneOf: [{ const: 'a' }, { type: 'null' }] }],
    ['nullable', { type: 'string', nullable: true }, { type: ['null', 'string'] }],
    ['booleans', { type: 'boolean' }, { enum: [false, true] }],
    ['constants with titles', { enum: ['a', 'b'] }, { oneOf: [{ const: 'b', title: 'B' }, { const: 'a' }] }],
    ['allOf of one', { allOf: [{ type: 'string' }], description: 'x' }, { type: 'string' }],
    [
      'allOf merged',
      { allOf: [{ minimum: 1 }, { maximum: 3 }], type: 'integer' },
      { type: 'integer', minimum: 1, maximum: 3 },
    ],
    [
      'order of anyOf',
      { anyOf: [{ type: 'string' }, object({})] },
      { anyOf: [object({}), { type: 'string' }] },
    ],
    [
      'oneOf of different types',
      { oneOf: [{ type: 'string' }, { type: 'number' }] },
      { type: ['number', 'string'] },
    ],
    [
      'a union within a union',
      { anyOf: [{ anyOf: [{ type: 'null' }, { type: 'string' }] }, { type: 'number' }] },
      { type: ['null', 'string', 'number'] },
    ],
    ['a reference', { $ref: '#/$defs/a', $defs: { a: { type: 'string' } } }, { type: 'string' }],
    [
      'definitions by another name',
      { $ref: '#/$defs/a', $defs: { a: { enum: [1] } } },
      { $ref: '#/definitions/b', definitions: { b: { const: 1 } } },
    ],
    ['an anchor', { $ref: '#here', $defs: { a: { $anchor: 'here', type: 'string' } } }, { type: 'string' }],
    [
      'a pointer with escapes',
      { $ref: '#/$defs/a~1b%20c', $defs: { 'a/b c': { type: 'string' } } },
      { type: 'string' },
    ],
    [
      'its own id',
      { $id: 'https://x.example/s', $ref: 'https://x.example/s#/$defs/a', $defs: { a: { type: 'string' } } },
      { type: 'string' },
    ],
    ['a recursion by another name', recursive('tree'), recursive('node')],
    ['a recursion unrolled', recursive('tree'), recursive('tree', true)],
    ['additionalProperties: true', object({}), object({}, { additionalProperties: true })],
    [
      'what asks for nothing',
      { type: 'object' },
      { type: 'object', properties: {}, required: [], minProperties: 0 },
    ],
    ['empty items', { type: 'array' }, { type: 'array', items: {}, minItems: 0, uniqueItems: false }],
    ['a whole bound', { type: 'integer', exclusiveMinimum: 0 }, { type: 'integer', minimum: 1 }],
    [
      'the bound of draft 4',
      { type: 'number', minimum: 0, exclusiveMinimum: true },
      { type: 'number', exclusiveMinimum: 0 },
    ],
    [
      'items of draft 7',
      { type: 'array', items: [{ type: 'string' }], additionalItems: false },
      { type: 'array', prefixItems: [{ type: 'string' }], items: false },
    ],
    [
      'unevaluatedProperties alone',
      object({ a: {} }, { unevaluatedProperties: false }),
      object({ a: {} }, { additionalProperties: false }),
    ],
    ['a list beside a limit', { type: 'string', enum: ['a', 'abc'], maxLength: 1 }, { const: 'a' }],
    [
      'a property that a pattern is about too',
      { ...object({ ab: {} }), patternProperties: { '^a': { type: 'string' } } },
      { ...object({ ab: { type: 'string' } }), patternProperties: { '^a': { type: 'string' } } },
    ],
    [
      'annotations',
      { type: 'string', title: 'x', examples: ['y'], default: 'z' },
      { type: 'string', description: 'w', deprecated: true },
    ],
    [
      'a key called __proto__',
      JSON.parse('{"properties":{"__proto__":{"type":"string"}}}'),
      JSON.parse('{"properties":{"__proto__":{"type":["string"]}}}'),
    ],
    ['what refers to itself alone', { $ref: '#' }, { $ref: '#' }],
    ['a reference to nowhere', { $ref: '#/$defs/none' }, { $ref: '#/$defs/none' }],
    ['no schemas at all', object({ a: 7, b: null, c: 'x' }), object({ c: 'x', b: null, a: 7 })],
  ])('%s', (_what, before, after) => {
    expect(told(before, after)).toEqual([]);
    expect(told(after, before)).toEqual([]);
    expect(schemaHash(after)).toBe(schemaHash(before));
  });

  it.each([{ type: 'integer' }, { type: ['integer', 'null'] }, {}, { enum: [] }])(
    '%j has a hash of its own',
    (schema) => {
      expect(schemaHash(schema)).not.toBe(schemaHash({ type: 'number' }));
      expect(schemaHash(schema)).toMatch(/^sha256:[0-9a-f]{64}$/);
    },
  );
});

describe('what became of it', () => {
  it.each<[unknown, unknown, string[]]>([
    [{ type: 'string' }, { type: 'integer' }, ['changed : type string → integer']],
    [{ type: ['string', 'null'] }, { type: 'string' }, ['narrowed : type string or null → string']],
    [{ type: 'integer' }, { type: 'number' }, ['widened : type integer → number']],
    [{ type: 'number' }, { type: 'integer' }, ['narrowed : type number → integer']],
    [{ type: 'number', multipleOf: 2 }, { type: 'number', multipleOf: 4 }, ['narrowed : multipleOf 2 → 4']],
    [{}, { type: 'string' }, ['narrowed : type any type → string']],
    [{ type: 'string' }, false, ['narrowed : type string → nothing']],
    [
      { enum: ['a', 'b'] },
      { enum: ['b', 'c'] },
      ['narrowed : no longer takes "a"', 'widened : also takes "c"'],
    ],
    [{ type: 'string' }, { enum: ['a'] }, ['narrowed : a string → one of "a"']],
    [{ const: 'a' }, { type: 'string', minLength: 1 }, ['widened : one of "a" → a string']],
    [
      { enum: ['', 'ab'] },
      { type: 'string', minLength: 1 },
      ['narrowed : no longer takes ""', 'widened : one of "", "ab" → a string'],
    ],
    [
      { const: 'a@b.c' },
      { type: 'string', format: 'email' },
      ['undecided : whether "a@b.c" fits cannot be told', 'widened : one of "a@b.c" → a string'],
    ],
    [
      { enum: [1.5, 2] },
      { type: 'integer', minimum: 0 },
      ['narrowed : no longer takes 1.5', 'widened : one of 1.5, 2 → a number'],
    ],
    [{ type: 'boolean' }, { const: true }, ['narrowed : no longer takes false']],
    [{ type: 'integer', maximum: 100 }, { type: 'integer', maximum: 50 }, ['narrowed : maximum 100 → 50']],
    [
      { type: 'number', minimum: 1 },
      { type: 'number', exclusiveMinimum: 1 },
      ['narrowed : minimum 1 → exclusiveMinimum 1'],
    ],
    [{ type: 'number', maximum: 1 }, { type: 'number' }, ['widened : maximum 1 → none']],
    [
      { type: 'string' },
      { type: 'string', minLength: 3, maxLength: 9 },
      ['narrowed : minLength none → 3', 'narrowed : maxLength none → 9'],
    ],
    [{ type: 'string', pattern: 'a' }, { type: 'string' }, ['widened : pattern a → none']],
    [{ type: 'string', pattern: 'a' }, { type: 'string', pattern: 'b' }, ['undecided : pattern a → b']],
    [{ type: 'string' }, { type: 'string', format: 'uri' }, ['narrowed : format none → uri']],
    [
      { type: 'string', format: 'uri' },
      { type: 'string', format: 'uri-reference' },
      ['widened : format uri → uri-reference'],
    ],
    [{ type: 'string', format: 'uri' }, { type: 'string', format: 'date' }, ['changed : format uri → date']],
    [
      { type: 'array', items: { type: 'string' } },
      { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1, uniqueItems: true },
      [
        'narrowed : minItems none → 1',
        'narrowed : items have to be unique now',
        'narrowed []: minLength none → 1',
      ],
    ],
    [
      { type: 'array', prefixItems: [{ type: 'string' }] },
      { type: 'array', prefixItems: [{ type: 'number' }] },
      ['changed [0]: type string → number'],
    ],
    [object({ a: {} }), object({ a: {} }, { required: ['a'] }), ['narrowed .a: required now']],
    [object({ a: { type: 'string' } }), object({}), ['widened .a: removed (string)']],
    [
      object({ a: { type: 'string' } }),
      object({}, { additionalProperties: false }),
      [
        'narrowed .a: removed and refused now (string)',
        'narrowed : no longer takes properties that it does not name',
      ],
    ],
    [object({}), object({ a: { type: 'string' } }), ['narrowed .a: added (string)']],
    [
      object({}, { additionalProperties: false }),
      object({ a: { type: 'string' } }, { additionalProperties: false }),
      ['widened .a: added (string)'],
    ],
    [
      object({}),
      object({ a: { type: 'string' } }, { required: ['a'] }),
      ['narrowed .a: added (string) and required'],
    ],
    [
      { type: 'object', additionalProperties: { type: 'string' } },
      { type: 'object', additionalProperties: { type: 'integer' } },
      ['changed .*: type string → integer'],
    ],
    [
      { type: 'object', additionalProperties: { type: 'string' } },
      object({ a: { type: 'integer' } }, { additionalProperties: { type: 'string' } }),
      ['changed .a: type string → integer'],
    ],
    [
      { type: 'object', patternProperties: { '^x': { type: 'string' } } },
      { type: 'object', patternProperties: { '^x': { type: 'string', minLength: 1 } } },
      ['narrowed [/^x/]: minLength none → 1'],
    ],
    [
      object({ 'a b': { type: 'string' } }),
      object({ 'a b': { type: 'null' } }),
      ['changed ["a b"]: type string → null'],
    ],
    [
      object({ a: object({ b: { type: 'array', items: object({ c: { maximum: 2, type: 'number' } }) } }) }),
      object({ a: object({ b: { type: 'array', items: object({ c: { maximum: 1, type: 'number' } }) } }) }),
      ['narrowed .a.b[].c: maximum 2 → 1'],
    ],
    [{ properties: { a: {} } }, object({ a: {} }), ['narrowed : now says that it is object']],
    [object({ a: {} }), { properties: { a: {} } }, ['widened : no longer says that it is object']],
    [{ not: { type: 'null' } }, {}, expect.arrayContaining(['widened : not is gone'])],
    [{ type: 'string' }, { type: 'string', not: { const: 'x' } }, ['narrowed : not is new']],
    [
      { type: 'string', not: { const: 'x' } },
      { type: 'string', not: { const: 'y' } },
      ['undecided : not is written otherwise'],
    ],
    [
      { $ref: 'https://a.example/1' },
      { $ref: 'https://a.example/2' },
      expect.arrayContaining(['undecided : $ref is written otherwise']),
    ],
  ])('%j → %j', (before, after, expected) => {
    expect(told(before, after)).toEqual(expected);
  });

  it('in a recursion, once', () => {
    const before = recursive('tree');
    const after = structuredClone(before);
    Object.assign(after.$defs['tree'] as JsonObject, { required: ['name'] });
    expect(told(before, after)).toEqual(['narrowed .root.name: required now']);
  });

  const variant = (kind: string, rest: JsonObject) =>
    object({ kind: { const: kind }, ...rest }, { required: ['kind'] });

  it('in one variant of several that a property tells apart', () => {
    const b = variant('b', {});
    const before = { oneOf: [variant('a', { size: { type: 'integer' } }), b] };
    const after = { oneOf: [b, variant('a', { size: { type: 'integer', minimum: 1 } })] };
    expect(told(before, after)).toEqual(['narrowed .size: minimum none → 1']);
    expect(told(before, { oneOf: [b] })).toEqual(['narrowed : no longer takes an object with kind']);
    expect(told(before, { oneOf: [...before.oneOf, variant('c', {})] })).toEqual([
      'widened : also takes an object with kind',
    ]);
  });

  it('in one of several variants that nothing tells apart, by the one that changed', () => {
    const other = object({ b: { type: 'string' } }, { required: ['b'] });
    const before = { anyOf: [object({ a: { type: 'string' } }, { required: ['a'] }), other] };
    const after = { anyOf: [other, object({ a: { type: 'integer' } }, { required: ['a'] })] };
    expect(told(before, after)).toEqual(['changed .a: type string → integer']);
  });

  it('of several variants at once that nothing tells apart: undecided', () => {
    const of = (type: string) => ({
      anyOf: [object({ a: { type } }, { required: ['a'] }), object({ b: { type } }, { required: ['b'] })],
    });
    const { differences } = compareSchemas(of('string'), of('integer'));
    expect(differences).toHaveLength(4);
    for (const difference of differences) expect(difference).toMatchObject({ isUnsure: true });
  });

  it('one variant within another that takes more is no loss', () => {
    const before = {
      anyOf: [
        { type: 'string', minLength: 5 },
        { type: 'string', pattern: '^x' },
      ],
    };
    expect(told(before, { type: 'string' }).filter((line) => !line.startsWith('widened'))).toEqual([]);
  });
});

describe('what looks alike', () => {
  const kinds = (rest: JsonObject) => ['a', 'b'].map((kind) => object({ kind: { const: kind } }, rest));

  it('oneOf is as anyOf only where a property tells the members apart in every value', () => {
    expect(told({ anyOf: kinds({ required: ['kind'] }) }, { oneOf: kinds({ required: ['kind'] }) })).toEqual(
      [],
    );
    expect(told({ anyOf: kinds({}) }, { oneOf: kinds({}) })).toEqual(['narrowed : oneOf is new']);
    const other = [...kinds({}), object({ b: { type: 'string' } })];
    expect(told({ oneOf: [...kinds({}), object({})] }, { oneOf: other })).toEqual([
      'undecided : oneOf is written otherwise',
      'narrowed .b: added (string)',
    ]);
  });

  it('patterns of one schema, and of two of which each excludes what it does not name', () => {
    const text = { type: 'string' };
    const patterns = (...names: string[]) => ({
      patternProperties: Object.fromEntries(names.map((name) => [name, text])),
    });
    const one = { ...patterns('^a', 'b$'), additionalProperties: false };
    const two = { allOf: [{ ...patterns('^a'), additionalProperties: false }, patterns('b$')] };
    expect(told(one, two)).not.toEqual([]);
    expect(told(two, one)).not.toEqual([]);
  });

  it('a pattern more, within another', () => {
    const number = { type: 'integer' };
    const before = {
      type: 'object',
      patternProperties: { '^a': { type: 'string' } },
      additionalProperties: number,
    };
    const after = { ...before, patternProperties: { ...before.patternProperties, '^ab': number } };
    expect(told(before, after)).toEqual(['undecided : patternProperties are written otherwise']);
  });

  it('what is taken for the same within a recursion is looked at again outside of it', () => {
    const schema = (type: string) => ({
      type: 'object',
      properties: {
        // Whatever becomes of the first two, the third takes it.
        a: {
          anyOf: [object({ p: { $ref: '#/$defs/p' } }), object({ r: { type } }), { type: 'object' }],
        },
        b: { $ref: '#/$defs/q' },
      },
      $defs: {
        p: object({ own: { type }, q: { $ref: '#/$defs/q' } }),
        q: object({ p: { $ref: '#/$defs/p' } }),
      },
    });
    expect(told(schema('string'), schema('integer'))).toEqual(['changed .b.p.own: type string → integer']);
  });
});

describe('annotations', () => {
  it('descriptions and defaults by their places', () => {
    const before = object({
      a: { type: 'string', description: 'x', default: 1 },
      b: { type: 'array', items: { description: 'i' } },
    });
    const after = object({
      a: { type: 'string', description: 'y', default: 2 },
      b: { type: 'array', items: { description: 'j' } },
    });
    expect(compareSchemas(before, after).annotations).toEqual([
      { path: '.a', keyword: 'description', before: 'x', after: 'y' },
      { path: '.a', keyword: 'default', before: 1, after: 2 },
      { path: '.b[]', keyword: 'description', before: 'i', after: 'j' },
    ]);
  });
});

describe('schemas that are meant to take long', () => {
  it('definitions that double at every step', () => {
    const doubling = (leaf: JsonObject) => ({
      $ref: '#/$defs/d0',
      $defs: {
        ...Object.fromEntries(
          Array.from({ length: 60 }, (_, index) => {
            const next = { $ref: `#/$defs/d${index + 1}` };
            return [`d${index}`, object({ a: next, b: next })];
          }),
        ),
        d60: leaf,
      },
    });
    const [before, after] = [doubling({ type: 'string' }), doubling({ type: 'integer' })];
    expect(schemaHash(before)).not.toBe(schemaHash(after));
    const { differences } = compareSchemas(before, after);
    expect(differences.length).toBeGreaterThan(0);
    expect(differences.length).toBeLessThan(500);
  });

  it('unions that all have to hold', () => {
    const union = (count: number) => ({
      anyOf: Array.from({ length: count }, (_, index) => ({ minimum: index })),
    });
    const schema = (first: number) => ({
      type: 'number',
      allOf: Array.from({ length: 12 }, (_, index) => union(index + first)),
    });
    expect(told(schema(4), schema(4))).toEqual([]);
    expect(told(schema(4), schema(5))).toEqual(['undecided : anyOf is written otherwise']);
  });

  it('thousands of listed values, with titles', () => {
    const list = (count: number) => ({
      oneOf: Array.from({ length: count }, (_, index) => ({ const: index, title: `${index}` })),
    });
    expect(told(list(2_000), { enum: Array.from({ length: 2_000 }, (_, index) => index) })).toEqual([]);
    expect(told(list(2_001), list(2_000))).toEqual(['narrowed : no longer takes 2000']);
  });

  it('a thousand schemas within one another', () => {
    const deep = (leaf: JsonObject) =>
      Array.from({ length: 1_000 }).reduce<JsonObject>((inner) => object({ a: inner }), leaf);
    expect(told(deep({ type: 'string' }), deep({ type: ['string'] }))).toEqual([]);
    expect(told(deep({ type: 'string' }), deep({ type: 'integer' }))).toEqual([
      expect.stringMatching(/^undecided .*is too large to be compared$/),
    ]);
  });
});
