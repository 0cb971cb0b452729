import type { JsonObject } from '../../../../src/json/object.ts';
import type { Definable } from '../../../../src/tools/formats/tool-format.ts';
import { corpus } from '../../../corpus/support/corpus.ts';

export function definable(inputSchema: JsonObject | null, facts: Partial<Definable> = {}): Definable {
  return {
    name: 'tool',
    displayName: null,
    description: null,
    inputSchema,
    outputSchema: null,
    readOnly: null,
    ...facts,
  };
}

/** An object with these properties, `a` required. */
export const objectOf = (properties: JsonObject, more: JsonObject = {}): JsonObject => ({
  type: 'object',
  properties,
  required: ['a'],
  ...more,
});

/** What @modelcontextprotocol/server-everything offers. */
export async function everythingTools(): Promise<Definable[]> {
  const tools = await corpus();
  return tools.filter(({ serverName }) => serverName === 'everything').map(({ listed }) => listed);
}

/** Schemas as they are met: each takes an object, and all APIs take each. */
export const TRICKY: readonly Definable[] = [
  definable(null, { name: 'no_schema', description: 'It does not say what it takes' }),
  definable({}, { name: 'empty_schema' }),
  definable({ type: 'object' }, { name: 'any-object', description: '' }),
  definable({ type: ['object', 'null'], properties: {} }, { name: 'nullable_object' }),
  definable({ properties: { a: { type: 'string' } } }, { name: 'no_type' }),
  definable(
    {
      $schema: 'http://json-schema.org/draft-07/schema#',
      $ref: '#/definitions/Input',
      definitions: { Input: objectOf({ a: { type: 'string', enum: ['x', 'y'] } }) },
    },
    { name: 'zod_named' },
  ),
  definable(
    objectOf(
      {
        a: { $ref: '#/$defs/Node', description: 'a tree' },
        b: { anyOf: [{ type: 'string' }, { type: 'null' }], default: null },
      },
      {
        $defs: {
          Node: objectOf({
            a: { type: 'string' },
            children: { type: 'array', items: { $ref: '#/$defs/Node' } },
          }),
        },
      },
    ),
    { name: 'recursive', description: 'Zeilen\nund „Anführungszeichen“ \u0007 日本語 😀' },
  ),
  definable(
    objectOf({
      a: { type: 'integer', minimum: 1, maximum: 100, default: 10 },
      b: { type: 'string', format: 'uri', minLength: 3 },
      c: { type: 'array', items: { type: 'string', format: 'date' }, minItems: 2, uniqueItems: true },
      d: { type: 'object', additionalProperties: { type: 'string' } },
      e: { const: 'fixed' },
      f: { type: ['string', 'number', 'null'] },
      __proto__x: { type: 'boolean' },
    }),
    {
      name: 'constraints',
      displayName: 'All kinds',
      readOnly: true,
      outputSchema: objectOf({ a: { type: 'number' } }),
    },
  ),
  definable(
    objectOf({
      a: {
        oneOf: [
          objectOf({ a: { const: 'x' }, n: { type: 'integer' } }),
          objectOf({ a: { const: 'y' }, s: { type: 'string' } }),
        ],
      },
      b: { allOf: [{ type: 'string', maxLength: 5 }], description: 'wrapped' },
    }),
    { name: 'unions', readOnly: false },
  ),
];
