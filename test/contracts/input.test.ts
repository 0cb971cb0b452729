import { describe, expect, it } from 'vitest';
import { declaredInputs, withDefaults, withIdentifier } from '../../src/contracts/input.ts';

describe('defaults', () => {
  const schema = {
    type: 'object',
    properties: {
      limit: { type: 'integer', default: 10 },
      flag: { type: 'boolean', default: false },
      nothing: { default: null },
      tags: { type: 'array', default: ['a'] },
      page: { type: 'object', properties: { size: { type: 'integer', default: 5 } } },
      rows: { type: 'array', items: { type: 'object', properties: { kind: { default: 'plain' } } } },
      shared: { $ref: '#/$defs/shared' },
      free: { type: 'string' },
    },
    $defs: { shared: { type: 'string', default: 'from $defs' }, loop: { $ref: '#/$defs/loop' } },
  };
  const all = { limit: 10, flag: false, nothing: null, tags: ['a'], shared: 'from $defs' };

  it.each([
    [{}, all],
    [{ limit: 1 }, { ...all, limit: 1 }],
    [{ limit: null }, { ...all, limit: null }],
    [{ page: {} }, { ...all, page: { size: 5 } }],
    [{ page: { size: 1 } }, { ...all, page: { size: 1 } }],
    [{ rows: [{}, { kind: 'odd' }] }, { ...all, rows: [{ kind: 'plain' }, { kind: 'odd' }] }],
    [
      { page: 'wrong', unknown: 1 },
      { ...all, page: 'wrong', unknown: 1 },
    ],
  ])('%j', (input, expected) => {
    expect(withDefaults(schema, input)).toEqual(expected);
  });

  it('are the call’s own: what changes them changes no other call', () => {
    (withDefaults(schema, {})['tags'] as string[]).push('b');
    expect(withDefaults(schema, {})['tags']).toEqual(['a']);
  });

  it.each([
    [{ properties: { a: { $ref: '#' } } }],
    [{ properties: { a: { $ref: '#/properties/a' } } }],
    [{ properties: { a: { $ref: 'https://elsewhere.example/schema' } } }],
    [{ properties: { a: true } }],
    [{ properties: [] }],
    [{}],
  ])('%j ends', (schema) => {
    expect(withDefaults(schema, { a: { a: {} } })).toEqual({ a: { a: {} } });
  });
});

describe('the identifier', () => {
  const asks = { type: 'object', properties: { identifier: { type: 'string' } } };

  it.each([
    ['is put in where the schema asks for one', asks, {}, 'user_1', { identifier: 'user_1' }],
    ['may be given, the same', asks, { identifier: 'user_1' }, 'user_1', { identifier: 'user_1' }],
    [
      'may be given where the caller has none',
      asks,
      { identifier: 'user_1' },
      undefined,
      { identifier: 'user_1' },
    ],
    ['is not put in where it is not asked for', { type: 'object' }, {}, 'user_1', {}],
    [
      'of another schema is an input like others',
      { type: 'object' },
      { identifier: 'x' },
      'user_1',
      { identifier: 'x' },
    ],
  ])('%s', (_what, schema, input, identifier, expected) => {
    expect(withIdentifier(schema, input, identifier)).toEqual(expected);
  });

  it('of somebody else is refused', () => {
    expect(() => withIdentifier(asks, { identifier: 'user_2' }, 'user_1')).toThrow(
      "the input's identifier is not the one that the tool is called for",
    );
  });
});

it('inputs are found wherever a schema has them', () => {
  const schema = {
    type: 'object',
    properties: { a: {} },
    allOf: [{ properties: { b: {} } }, { $ref: '#/$defs/more' }],
    oneOf: [{ properties: { c: {} } }, { properties: { d: {} } }],
    $defs: { more: { anyOf: [{ properties: { e: {} } }] }, unused: { properties: { f: {} } } },
  };
  expect([...declaredInputs(schema).keys()].toSorted()).toEqual(['a', 'b', 'c', 'd', 'e']);
});
