import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/json/object.ts';
import { compileSchema } from '../../src/json/schema.ts';
import { exampleInput } from '../../src/tools/example-input.ts';
import { inputWords } from '../../src/tools/example-words.ts';
import { readInput } from '../../src/tools/input/read.ts';
import { everythingTools, objectOf, TRICKY } from './formats/support/tools.ts';

const reading = {} as Parameters<typeof readInput>[0];

/** What `tools exec` reads from the words of the example. */
async function readBack(schema: JsonObject | null, input: JsonObject): Promise<JsonObject> {
  const words = inputWords(input);
  if (words[0] === '--input') return readInput(reading, schema, { input: words[1] ?? '' });
  return readInput(reading, schema, { param: words.filter((word) => word !== '-p') });
}

it.each<[schema: JsonObject, value: unknown]>([
  [{ type: 'string' }, 'a'],
  [{ type: 'string', examples: ['given'], default: 'other' }, 'given'],
  [{ type: 'string', example: 'of OpenAPI' }, 'of OpenAPI'],
  [{ type: 'integer', default: 7 }, 7],
  [{ enum: [null, 'x'] }, 'x'],
  [{ const: 'fixed' }, 'fixed'],
  [{ type: ['null', 'integer'], minimum: 5 }, 5],
  [{ anyOf: [{ type: 'null' }, { type: 'boolean' }] }, false],
  [{ type: 'integer', exclusiveMinimum: 4, multipleOf: 3 }, 6],
  [{ type: 'integer', maximum: -2 }, -2],
  [{ type: 'integer', maximum: 10, minimum: 8, multipleOf: 4 }, 8],
  [{ type: 'number', exclusiveMaximum: 0 }, -0.5],
  [{ type: 'string', minLength: 5 }, 'a....'],
  [{ type: 'string', format: 'date-time' }, '2025-01-31T12:00:00Z'],
  [{ type: 'string', format: 'uuid' }, '123e4567-e89b-42d3-a456-426614174000'],
  [{ type: 'array', items: { type: 'integer' }, minItems: 2 }, [1, 1]],
  [{ type: 'array', items: { type: 'integer' } }, [1]],
  [objectOf({ a: { type: 'string' }, b: { type: 'string' } }), { a: 'a' }],
  [{ type: 'string', default: '@file' }, '@file'],
  [{ type: 'string', default: 'null' }, 'null'],
  [{ type: 'string', default: '007' }, '007'],
  [{ type: 'string', default: 'it’s "quoted" $HOME' }, 'it’s "quoted" $HOME'],
  [{}, 'a'],
])('%j gives %j, which fits and is read back', async (a, value) => {
  const schema = objectOf({ a });
  const input = exampleInput(schema);
  expect(input).toEqual({ a: value });
  expect((await compileSchema(schema))(input)).toEqual([]);
  expect(await readBack(schema, input)).toEqual(input);
});

it('an example of the whole input', () => {
  expect(exampleInput(objectOf({ a: {} }, { examples: [{ a: 1, b: 2 }] }))).toEqual({ a: 1, b: 2 });
});

it('keys with dots and equals signs', async () => {
  const schema = { type: 'object', properties: { 'a=b': {}, 'c.d': {} }, required: ['a=b', 'c.d'] };
  expect(await readBack(schema, exampleInput(schema))).toEqual({ 'a=b': 'a=b', 'c.d': 'c.d' });
});

describe('real tools', () => {
  it('every example fits its schema and is read back', async () => {
    const tools = [...(await everythingTools()), ...TRICKY];
    for (const { name, inputSchema } of tools) {
      const input = exampleInput(inputSchema);
      expect((await compileSchema(inputSchema ?? {}))(input), name).toEqual([]);
      expect(await readBack(inputSchema, input), name).toEqual(input);
    }
  });
});

it('a schema that requires itself ends', () => {
  const schema = objectOf({ a: { $ref: '#' } });
  expect(JSON.stringify(exampleInput(schema)).length).toBeLessThan(200);
});
