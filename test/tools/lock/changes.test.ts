import { describe, expect, it } from 'vitest';
import type { LockedTool } from '../../../src/contracts/lockfile.ts';
import type { JsonObject } from '../../../src/json/object.ts';
import { connectionChanges } from '../../../src/tools/lock/changes.ts';

const tool = (own: Partial<LockedTool> = {}): LockedTool => ({
  displayName: null,
  description: 'Does it',
  source: 'mcp',
  readOnly: null,
  scopes: null,
  inputSchemaHash: null,
  inputSchema: { type: 'object' },
  outputSchemaHash: null,
  outputSchema: null,
  ...own,
});

/** `breaking new-required-input input.a`. */
function changes(before: Record<string, LockedTool>, after: Record<string, LockedTool>): string[] {
  const connection = (tools: Record<string, LockedTool>) => ({ provider: 'p', tools });
  return connectionChanges('demo', connection(before), connection(after)).map(({ isBreaking, kind, path }) =>
    `${isBreaking === null ? 'perhaps' : isBreaking ? 'breaking' : 'fine'} ${kind} ${path}`.trim(),
  );
}

const object = (properties: JsonObject, rest: JsonObject = {}) => ({ type: 'object', properties, ...rest });
const closed = { additionalProperties: false };
const text = { type: 'string' };

describe('inputs', () => {
  it.each<[string, JsonObject | null, JsonObject | null, string[]]>([
    ['removed', object({ a: text }), object({}), ['breaking removed-input input.a']],
    ['added', object({}), object({ a: text }), ['fine added-input input.a']],
    [
      'added where none was allowed',
      object({}, closed),
      object({ a: text }, closed),
      ['fine added-input input.a'],
    ],
    [
      'added and required',
      object({}),
      object({ a: text }, { required: ['a'] }),
      ['breaking new-required-input input.a'],
    ],
    [
      'required now',
      object({ a: text }),
      object({ a: text }, { required: ['a'] }),
      ['breaking new-required-input input.a'],
    ],
    [
      'optional now',
      object({ a: text }, { required: ['a'] }),
      object({ a: text }),
      ['fine widened-input input.a'],
    ],
    [
      'a narrower type',
      object({ a: { type: ['string', 'null'] } }),
      object({ a: text }),
      ['breaking narrowed-input input.a'],
    ],
    [
      'a wider type',
      object({ a: text }),
      object({ a: { type: ['string', 'null'] } }),
      ['fine widened-input input.a'],
    ],
    [
      'another type',
      object({ a: text }),
      object({ a: { type: 'integer' } }),
      ['breaking changed-input input.a'],
    ],
    [
      'a narrower enum',
      object({ a: { enum: [1, 2] } }),
      object({ a: { enum: [1] } }),
      ['breaking narrowed-input input.a'],
    ],
    [
      'a wider enum',
      object({ a: { enum: [1] } }),
      object({ a: { enum: [1, 2] } }),
      ['fine widened-input input.a'],
    ],
    [
      'a tighter bound',
      object({ a: text }),
      object({ a: { ...text, maxLength: 5 } }),
      ['breaking narrowed-input input.a'],
    ],
    [
      'a pattern',
      object({ a: text }),
      object({ a: { ...text, pattern: 'x' } }),
      ['breaking narrowed-input input.a'],
    ],
    [
      'another pattern',
      object({ a: { ...text, pattern: 'y' } }),
      object({ a: { ...text, pattern: 'x' } }),
      ['perhaps undecided input.a'],
    ],
    ['closed now', object({}), object({}, closed), ['breaking narrowed-input input']],
    ['open now', object({}, closed), object({}), ['fine widened-input input']],
    [
      'a default',
      object({ a: { ...text, default: 1 } }),
      object({ a: { ...text, default: 2 } }),
      ['fine changed-default input.a'],
    ],
    [
      'a description',
      object({ a: text }),
      object({ a: { ...text, description: 'x' } }),
      ['fine changed-description input.a'],
    ],
    [
      'a title and examples',
      object({ a: text }),
      object({ a: { ...text, title: 'x', examples: ['y'] } }),
      [],
    ],
    [
      'the type of an object within',
      object({ a: { properties: { b: {} } } }),
      object({ a: object({ b: {} }) }),
      ['fine stated-type input.a'],
    ],
    ['a type that inputs have anyway', { properties: { b: {} } }, object({ b: {} }), []],
    ['a first schema', null, object({ a: text }), ['fine added-input input.a']],
    ['no schema any more', object({ a: text }), null, ['breaking removed-input input.a']],
  ])('%s', (_what, before, after, expected) => {
    expect(changes({ t: tool({ inputSchema: before }) }, { t: tool({ inputSchema: after }) })).toEqual(
      expected,
    );
  });
});

describe('outputs', () => {
  it.each<[string, JsonObject | null, JsonObject | null, string[]]>([
    ['removed', object({ a: text }), object({}), ['breaking removed-output output.a']],
    ['added', object({}), object({ a: text }), ['fine added-output output.a']],
    [
      'added where none was allowed',
      object({}, closed),
      object({ a: text }, closed),
      ['breaking added-output output.a'],
    ],
    [
      'always there now',
      object({ a: text }),
      object({ a: text }, { required: ['a'] }),
      ['fine narrowed-output output.a'],
    ],
    [
      'may be missing now',
      object({ a: text }, { required: ['a'] }),
      object({ a: text }),
      ['breaking widened-output output.a'],
    ],
    [
      'a narrower type',
      object({ a: { type: ['string', 'null'] } }),
      object({ a: text }),
      ['fine narrowed-output output.a'],
    ],
    [
      'a wider type',
      object({ a: text }),
      object({ a: { type: ['string', 'null'] } }),
      ['breaking widened-output output.a'],
    ],
    [
      'another type',
      object({ a: text }),
      object({ a: { type: 'integer' } }),
      ['breaking changed-output output.a'],
    ],
    [
      'a wider enum',
      object({ a: { enum: [1] } }),
      object({ a: { enum: [1, 2] } }),
      ['breaking widened-output output.a'],
    ],
    [
      'a narrower enum',
      object({ a: { enum: [1, 2] } }),
      object({ a: { enum: [1] } }),
      ['fine narrowed-output output.a'],
    ],
    ['a default', object({ a: { ...text, default: 1 } }), object({ a: { ...text, default: 2 } }), []],
    [
      'a list in place of an object',
      object({ a: text }),
      { type: 'array' },
      ['breaking changed-output output'],
    ],
    ['a first schema', null, object({ a: text }), ['fine narrowed-output output']],
    ['no schema any more', object({ a: text }), null, ['breaking widened-output output']],
  ])('%s', (_what, before, after, expected) => {
    expect(changes({ t: tool({ outputSchema: before }) }, { t: tool({ outputSchema: after }) })).toEqual(
      expected,
    );
  });

  it('a union whose members nothing tells apart: what may be is undecided where it would break, and fine where not', () => {
    const of = (type: string) => ({
      anyOf: [object({ a: { type } }, { required: ['a'] }), object({ b: { type } }, { required: ['b'] })],
    });
    const wider = { anyOf: [...of('integer').anyOf, ...of('string').anyOf.slice(0, 1)] };
    expect(
      changes(
        { t: tool({ inputSchema: object({ x: of('integer') }) }) },
        { t: tool({ inputSchema: object({ x: wider }) }) },
      ),
    ).toEqual(['fine widened-input input.x']);
    expect(
      changes({ t: tool({ outputSchema: of('integer') }) }, { t: tool({ outputSchema: wider }) }),
    ).toEqual(['perhaps undecided output']);
  });
});

describe('tools', () => {
  it.each<[string, Partial<LockedTool>, Partial<LockedTool>, string[]]>([
    [
      'another description',
      { description: 'a' },
      { description: 'b' },
      ['fine changed-description description'],
    ],
    ['another title', { displayName: 'a' }, { displayName: 'b' }, []],
    ['no longer read-only', { readOnly: true }, { readOnly: null }, ['breaking lost-read-only readOnly']],
    ['read-only now', { readOnly: false }, { readOnly: true }, ['fine gained-read-only readOnly']],
    ['said to change things', { readOnly: null }, { readOnly: false }, []],
    [
      'another scope',
      { scopes: ['a'] },
      { scopes: ['b'] },
      ['breaking new-scope scopes', 'fine dropped-scope scopes'],
    ],
    ['scopes where none were told', { scopes: null }, { scopes: ['b'] }, []],
  ])('%s', (_what, before, after, expected) => {
    expect(changes({ t: tool(before) }, { t: tool(after) })).toEqual(expected);
  });

  it('come and go, in the order of their names', () => {
    expect(changes({ b: tool(), constructor: tool() }, { b: tool(), a: tool() })).toEqual([
      'fine added-tool',
      'breaking removed-tool',
    ]);
  });
});
