import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { kindOf } from '../../../src/tools/ask/kind.ts';
import { expectationOf, questionOf } from '../../../src/tools/ask/words.ts';
import { maskInput } from '../../../src/tools/secret-input.ts';
import { shapesOf } from '../../../src/tools/shape.ts';
import { anySchema } from '../support/any-schema.ts';

function kind(schema: unknown, name = 'it') {
  const shapes = shapesOf({ properties: { [name]: schema } });
  return kindOf([name], shapes.property(shapes.root, name)?.shapes ?? []);
}

describe('how a value is asked for', () => {
  it.each<[unknown, string]>([
    [{ enum: ['a', 'b'] }, 'listed'],
    [{ const: 1 }, 'listed'],
    [{ oneOf: [{ const: 1 }, { const: 2 }] }, 'listed'],
    [{ type: 'boolean' }, 'boolean'],
    [{ type: ['boolean', 'null'] }, 'text'],
    [{ type: 'integer' }, 'text'],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'text'],
    [{}, 'text'],
    [{ type: 'array' }, 'list'],
    [{ type: 'object' }, 'json'],
    [{ type: 'object', properties: { a: true } }, 'object'],
    [{ properties: { a: true } }, 'object'],
    [{ anyOf: [{ type: 'string' }, { type: 'array' }] }, 'union'],
    [{ type: ['object', 'array'] }, 'union'],
    [{ type: 'string', maxLength: 200 }, 'text'],
    [{ type: 'string', maxLength: 201 }, 'long'],
    [{ type: 'string', format: 'markdown' }, 'long'],
    [{ type: 'string', contentMediaType: 'text/html' }, 'long'],
    [{ type: 'string', writeOnly: true }, 'secret'],
    [{ type: 'string', format: 'password' }, 'secret'],
  ])('%j: %s', (schema, expected) => {
    expect(kind(schema).kind).toBe(expected);
  });

  it.each([
    ['body', 'long'],
    ['html_body', 'long'],
    ['nobody', 'text'],
    ['apiKey', 'secret'],
    ['access_token', 'secret'],
    ['page_token', 'text'],
    ['nextPageToken', 'text'],
    ['token_type', 'text'],
  ])('text named %s: %s', (name, expected) => {
    expect(kind({ type: 'string' }, name).kind).toBe(expected);
  });

  it('alternatives by what tells them apart', () => {
    const user = { type: 'object', title: 'A user', properties: { id: true } };
    const group = { type: 'object', properties: { kind: { const: 'group' }, name: true } };
    const found = kind({
      title: 'Both',
      anyOf: [user, group, { type: 'array' }, { type: 'integer' }, { type: 'null' }],
    });
    expect(found.kind === 'union' && found.choices.map(({ name }) => name)).toEqual([
      'integer or null',
      'A user',
      'kind: group',
      'list',
    ]);
  });
});

it('every schema can be asked for and masked', () => {
  fc.assert(
    fc.property(anySchema, fc.jsonValue(), (schema, value) => {
      const shapes = shapesOf({ properties: { a: schema } });
      const of = shapes.property(shapes.root, 'a')?.shapes ?? [];
      expect(kindOf(['a'], of).kind).toBeTypeOf('string');
      expect(questionOf(['a'], of) + expectationOf(of)).toContain('a');
      expect(maskInput({ properties: { a: schema } }, { a: value })).toBeTypeOf('object');
    }),
    { numRuns: 2_000 },
  );
});
