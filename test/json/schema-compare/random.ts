import fc from 'fast-check';
import type { JsonObject } from '../../../src/json/object.ts';

/** Small schemas over few names and values, so that two of them often have to do with each other. */
export type Schema = JsonObject | boolean;

const scalar = fc.constantFrom<unknown>(null, true, false, 0, 1, 2, 5, 1.5, 'a', 'b', 'abc', '');
const key = fc.constantFrom('a', 'b', 'c');
const type = fc.constantFrom('null', 'boolean', 'integer', 'number', 'string', 'array', 'object');

const { schema } = fc.letrec<{ schema: Schema; keywords: JsonObject }>((tie) => {
  const sub = tie('schema');
  const subs = fc.array(sub, { minLength: 1, maxLength: 3 });
  const keyed = fc.dictionary(key, sub, { maxKeys: 3, noNullPrototype: true });
  const optional = <T>(keyword: string, value: fc.Arbitrary<T>, weight = 4) =>
    fc
      .option(value, { freq: weight, nil: undefined })
      .map((chosen) => (chosen === undefined ? {} : { [keyword]: chosen }));
  const assertions = fc
    .tuple(
      fc.oneof(
        { weight: 6, arbitrary: type.map((name) => ({ type: name })) },
        {
          weight: 1,
          arbitrary: fc.uniqueArray(type, { minLength: 1, maxLength: 3 }).map((names) => ({ type: names })),
        },
        { weight: 2, arbitrary: fc.constant({}) },
      ),
      fc.oneof(
        { weight: 5, arbitrary: fc.constant({}) },
        {
          weight: 1,
          arbitrary: fc.uniqueArray(scalar, { minLength: 1, maxLength: 4 }).map((list) => ({ enum: list })),
        },
        { weight: 1, arbitrary: scalar.map((value) => ({ const: value })) },
      ),
    )
    .map((parts) => Object.assign({}, ...parts) as JsonObject);
  const numbers = fc
    .tuple(
      optional('minimum', fc.integer({ min: 0, max: 3 }), 2),
      optional('maximum', fc.integer({ min: 1, max: 5 }), 2),
      optional('exclusiveMinimum', fc.integer({ min: 0, max: 2 })),
      optional('multipleOf', fc.constantFrom(1, 2, 3, 0.5)),
    )
    .map((parts) => Object.assign({ type: 'number' }, ...parts) as JsonObject);
  const strings = fc
    .tuple(
      optional('minLength', fc.integer({ min: 0, max: 3 }), 2),
      optional('maxLength', fc.integer({ min: 0, max: 4 }), 2),
      optional('pattern', fc.constantFrom('^a', 'b', '^$')),
    )
    .map((parts) => Object.assign({ type: 'string' }, ...parts) as JsonObject);
  const arrays = fc
    .tuple(
      optional('items', sub, 1),
      optional('prefixItems', subs),
      optional('minItems', fc.integer({ min: 0, max: 2 })),
      optional('maxItems', fc.integer({ min: 0, max: 3 })),
      optional('uniqueItems', fc.boolean()),
    )
    .map((parts) => Object.assign({ type: 'array' }, ...parts) as JsonObject);
  const objects = fc
    .tuple(
      fc.constantFrom({ type: 'object' }, { type: 'object' }, {}),
      optional('properties', keyed, 1),
      optional('required', fc.uniqueArray(key, { maxLength: 2 }), 2),
      optional('additionalProperties', fc.oneof(fc.constant(false), sub), 3),
      optional('patternProperties', fc.dictionary(fc.constantFrom('^a', '[bc]'), sub, { maxKeys: 2 }), 8),
      optional('minProperties', fc.integer({ min: 0, max: 2 }), 6),
      optional('maxProperties', fc.integer({ min: 0, max: 3 }), 6),
      optional('propertyNames', fc.constantFrom({ pattern: '^[ab]' }, { maxLength: 1 }), 10),
      optional(
        'dependentRequired',
        fc.dictionary(key, fc.uniqueArray(key, { maxLength: 2 }), { maxKeys: 1 }),
        10,
      ),
      optional('unevaluatedProperties', fc.constant(false), 12),
    )
    .map((parts) => Object.assign({}, ...parts) as JsonObject);
  const combined = fc
    .tuple(
      fc.oneof({ weight: 2, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: tie('keywords') }),
      fc.oneof(
        subs.map((list) => ({ anyOf: list })),
        subs.map((list) => ({ oneOf: list })),
        subs.map((list) => ({ allOf: list })),
        sub.map((one) => ({ not: one })),
        fc
          .tuple(sub, sub, sub)
          .map((all) => Object.fromEntries(['if', 'then', 'else'].map((word, at) => [word, all[at]]))),
        // Without `prefixItems`: ajv then takes an empty list, which contains nothing.
        tie('keywords').map((contains) => ({ type: 'array', contains })),
        // Only below a property or an item: straight into itself a reference has no meaning.
        fc.constantFrom('#/$defs/one', '#/$defs/two').map((ref) => ({ properties: { c: { $ref: ref } } })),
        fc.constantFrom('#/$defs/one', '#/$defs/two').map((ref) => ({ type: 'array', items: { $ref: ref } })),
      ),
    )
    .map((parts) => Object.assign({}, ...parts) as JsonObject);
  const keywords = fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    assertions,
    numbers,
    strings,
    objects,
    arrays,
    combined,
  );
  return {
    keywords,
    schema: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      { weight: 1, arbitrary: fc.boolean() },
      { weight: 8, arbitrary: tie('keywords') },
      { weight: 3, arbitrary: objects },
    ),
  };
});

/** A whole schema with its definitions, which may refer to each other. */
export const document: fc.Arbitrary<JsonObject> = fc
  .record({ root: schema, one: schema, two: schema })
  .map(({ root, one, two }) => ({
    ...(typeof root === 'boolean' ? { allOf: [root] } : root),
    $defs: { one, two },
  }));

/** The same with one place in it replaced: most changes are small. */
export const edited: fc.Arbitrary<[JsonObject, JsonObject]> = fc
  .tuple(document, schema, fc.nat(), scalar)
  .map(([before, patch, choice, value]) => [before, edit(before, patch, choice, value)]);

function edit(document: JsonObject, patch: Schema, choice: number, value: unknown): JsonObject {
  const copy = structuredClone(document);
  const places: (() => void)[] = [];
  const visit = (node: unknown) => {
    if (typeof node !== 'object' || node === null) return;
    for (const [name, child] of Object.entries(node)) {
      const holder = node as JsonObject;
      if (name === '$defs' || name === '$ref') {
        visit(name === '$defs' ? child : null);
        continue;
      }
      places.push(() => {
        if (Array.isArray(node)) node.splice(Number(name), 1);
        else delete holder[name];
      });
      if (typeof child === 'number' && name !== 'multipleOf')
        places.push(() => (holder[name] = child + (choice % 2 === 0 ? 1 : -1)));
      if (typeof child === 'object' && child !== null && !Array.isArray(child) && 'type' in child)
        places.push(() => (holder[name] = patch));
      if (name === 'enum' && Array.isArray(child)) places.push(() => child.push(value));
      visit(child);
    }
  };
  visit(copy);
  if (places.length > 0) places[choice % places.length]?.();
  return copy;
}

export const instance: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    { weight: 4, arbitrary: scalar },
    { weight: 2, arbitrary: fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }) },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 3 }) },
  ),
})).value;

/** The same schema in other words: keys, lists without order and unions reordered, definitions renamed. */
export function rewritten(
  value: unknown,
  random: () => number,
  { isOrderOnly = false, keyword = '' }: { isOrderOnly?: boolean; keyword?: string } = {},
): unknown {
  if (Array.isArray(value)) {
    const list = value.map((each) => rewritten(each, random, { isOrderOnly }));
    return UNORDERED.has(keyword) ? shuffled(list, random) : list;
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([name, child]): [string, unknown] => {
    const inner = rewritten(child, random, { isOrderOnly, keyword: name });
    if (isOrderOnly) return [name, inner];
    if (name === '$ref') return [name, RENAMED[String(child)] ?? child];
    if (name === '$defs') return ['definitions', renamed(inner)];
    if (name === 'type' && typeof child === 'string' && random() < 0.3) return [name, [child]];
    if (name === 'const' && !('enum' in value) && random() < 0.5) return ['enum', [child]];
    return [name, inner];
  });
  return Object.fromEntries(shuffled(entries, random));
}

const UNORDERED = new Set(['anyOf', 'oneOf', 'allOf', 'required', 'enum', 'type']);
const RENAMED: Record<string, string> = {
  '#/$defs/one': '#/definitions/uno',
  '#/$defs/two': '#/definitions/due',
};

function renamed(definitions: unknown): unknown {
  const { one, two } = definitions as JsonObject;
  return { due: two, uno: one };
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((each) => ({ each, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ each }) => each);
}

/** Mulberry32: a test that fails has to fail again. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A value that has to do with a schema, and more often than not fits it: any value would mostly be about something else. */
export function likely(schema: unknown, root: JsonObject, random: () => number, depth = 0): unknown {
  const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(random() * list.length)];
  if (typeof schema !== 'object' || schema === null || depth > 4) return pick(SCALARS);
  const { enum: values, const: only, type: types, $ref, ...rest } = schema as JsonObject;
  const inner = (each: unknown) => likely(each, root, random, depth + 1);
  if (typeof $ref === 'string') return inner((root['$defs'] as JsonObject)[$ref.split('/').at(-1) ?? '']);
  if (Array.isArray(values) && random() < 0.8) return pick(values);
  if ('const' in schema && random() < 0.8) return only;
  const unions = ['anyOf', 'oneOf', 'allOf'].flatMap((word) => (Array.isArray(rest[word]) ? rest[word] : []));
  const others = [
    ...unions,
    ...['not', 'if', 'then', 'else'].flatMap((word) => (word in rest ? [rest[word]] : [])),
  ];
  if (others.length > 0 && random() < 0.7) {
    const value = inner(pick(others));
    return isObject(value) ? { ...value, ...objectFrom(rest, inner, random) } : value;
  }
  const type = pick([types ?? (Object.keys(rest).length > 0 ? 'object' : 'string')].flat()) as string;
  if (type === 'object') return objectFrom(rest, inner, random);
  if (type === 'array') {
    const [first = [], items] = [rest['prefixItems'] as unknown[] | undefined, rest['items']];
    const length = Math.floor(random() * 4);
    return Array.from({ length }, (_, index) =>
      inner(first[index] ?? (random() < 0.5 ? items : rest['contains'])),
    );
  }
  return pick(SCALARS.filter((each) => TYPES[type]?.(each) ?? true)) ?? null;
}

function objectFrom(
  schema: JsonObject,
  inner: (schema: unknown) => unknown,
  random: () => number,
): JsonObject {
  const declared = { ...(schema['properties'] as JsonObject | undefined) };
  const required = (schema['required'] as string[] | undefined) ?? [];
  const entries = ['a', 'b', 'c'].flatMap((name): [string, unknown][] => {
    if (random() < (required.includes(name) ? 0.1 : 0.5)) return [];
    return [[name, inner(declared[name] ?? schema['additionalProperties'] ?? true)]];
  });
  return Object.fromEntries(entries);
}

const SCALARS: readonly unknown[] = [
  null,
  true,
  false,
  0,
  1,
  2,
  3,
  4,
  5,
  6,
  1.5,
  'a',
  'b',
  'abc',
  '',
  'ab',
  'bbbb',
  {},
  [],
];
const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const TYPES: Record<string, (value: unknown) => boolean> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
};
