import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/json/object.ts';
import { tidySchema } from '../../../src/json/tidy-schema.ts';
import { lockedConnection, lockfileText } from '../../../src/tools/lock/entries.ts';
import type { ListedTool } from '../../../src/tools/toolbox.ts';
import { document, randomFrom, rewritten } from '../../json/schema-compare/random.ts';

const listed = (name: string, inputSchema: JsonObject): ListedTool => ({
  name,
  displayName: null,
  description: null,
  provider: 'p',
  connectionName: 'c',
  connectedAccountId: null,
  source: 'mcp',
  inputSchema,
  outputSchema: null,
  tags: [],
  readOnly: null,
  scopes: null,
});

describe('what is written', () => {
  it('is the same whatever order tools, keys and lists without order come in', () => {
    const names = fc.uniqueArray(fc.constantFrom('a', 'b', '10', '9', '__proto__', 'ä'), { minLength: 1 });
    const rest = fc.tuple(fc.array(document, { minLength: 6, maxLength: 6 }), fc.integer());
    fc.assert(
      fc.property(names, rest, (chosen, [schemas, seed]) => {
        const random = randomFrom(seed);
        const tools = chosen.map((name, index) => listed(name, schemas[index] ?? {}));
        const others = tools
          .map((tool) => ({ ...tool, inputSchema: reordered(tool.inputSchema, random) as JsonObject }))
          .toReversed();
        const [one, other] = [tools, others].map((each) =>
          lockfileText({ lockfileVersion: 1, connections: { c: lockedConnection('p', each) } }),
        );
        expect(other).toBe(one);
        expect(one).toMatch(/\}\n$/);
        const { tools: read } = (JSON.parse(one ?? '') as { connections: { c: { tools: object } } })
          .connections.c;
        expect(Object.keys(read).sort()).toEqual([...chosen].sort());
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it('tidied once more it is the same', () => {
    fc.assert(
      fc.property(document, (schema) => {
        const once = tidySchema(schema);
        expect(JSON.stringify(tidySchema(once))).toBe(JSON.stringify(once));
      }),
      { numRuns: 300, seed: 4 },
    );
  });

  it('keeps what is said, and the order of what has one', () => {
    const schema = {
      type: ['string', 'null'],
      required: ['b', 'a'],
      enum: ['b', 'a'],
      examples: ['b', 'a'],
      default: { z: ['b', 'a'], a: 1 },
      prefixItems: [{ type: 'string' }, { type: 'null' }],
      anyOf: [{ type: 'string' }, { const: 1 }],
      properties: { required: { type: 'boolean' }, enum: { enum: [2, 1] } },
      'x-own': ['b', 'a'],
    };
    expect(tidySchema(schema)).toEqual({
      ...schema,
      type: ['null', 'string'],
      required: ['a', 'b'],
      enum: ['a', 'b'],
      anyOf: [{ const: 1 }, { type: 'string' }],
      properties: { enum: { enum: [1, 2] }, required: { type: 'boolean' } },
    });
    expect(Object.keys(tidySchema(schema))).toEqual(Object.keys(schema).sort());
  });
});

/** Another order of the same, without other words for it. */
function reordered(value: unknown, random: () => number): unknown {
  return rewritten(value, random, { isOrderOnly: true });
}
