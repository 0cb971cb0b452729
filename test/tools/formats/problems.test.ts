import { describe, expect, it } from 'vitest';
import { loadDialectCheck } from '../../../src/json/dialect.ts';
import type { JsonObject } from '../../../src/json/object.ts';
import { defineTool } from '../../../src/tools/formats/definition.ts';
import { formats } from '../../../src/tools/formats/formats.ts';
import { FORMAT_NAMES, type FormatName } from '../../../src/tools/formats/names.ts';
import { createFormatNotes } from '../../../src/tools/formats/notes.ts';
import type { Definable } from '../../../src/tools/formats/tool-format.ts';
import { definable, objectOf, TRICKY } from './support/tools.ts';

const A = { a: { type: 'string' } };

function problems(format: FormatName, schema: JsonObject | null, facts: Partial<Definable> = {}): string[] {
  return defineTool(definable(schema, facts), formats[format]).problems.map(({ rule, place }) =>
    place === undefined ? rule : `${rule} at ${place}`,
  );
}

describe.each(['anthropic', 'openai', 'openai-responses'] as const)('%s', (format) => {
  it.each<[what: string, schema: JsonObject, rule: string]>([
    ['a union at the top', objectOf(A, { anyOf: [] }), 'anyOf at the top of the schema'],
    ['no object', { type: 'string' }, 'an input that is no object'],
    [
      'a $ref elsewhere',
      objectOf({ a: { $ref: 'https://example.com/a.json' } }),
      'a $ref that leads out of the schema at /properties/a',
    ],
    [
      'a $ref nowhere',
      objectOf({ a: { $ref: '#/$defs/x' } }),
      'a $ref that leads out of the schema at /properties/a',
    ],
  ])('%s', (_what, schema, rule) => {
    expect(problems(format, schema)).toEqual([rule]);
  });

  it('what stands in an enum or a default is no schema', () => {
    const schema = objectOf({ a: { enum: [{ $ref: 'x', type: 'array' }], default: { $ref: 'x' } } });
    expect(problems(format, schema)).toEqual([]);
  });

  it.each([
    ['a.b', 'a name with other characters than letters, digits, _ and -'],
    ['größe', 'a name with other characters than letters, digits, _ and -'],
    ['', 'no name'],
  ])('the name %j', (name, rule) => {
    expect(problems(format, objectOf(A), { name })).toEqual([rule]);
  });

  it('the name as long as it may be, and longer', () => {
    const most = format === 'anthropic' ? 128 : 64;
    expect(problems(format, objectOf(A), { name: 'x'.repeat(most) })).toEqual([]);
    expect(problems(format, objectOf(A), { name: 'x'.repeat(most + 1) })).toEqual([
      `a name of more than ${most} characters`,
    ]);
  });
});

it('anthropic: names of inputs', () => {
  const schema = objectOf({ a: {}, 'filter[id]': {}, 'b.c-d_9': {} });
  expect(problems('anthropic', schema)).toEqual([
    'an input whose name does not match ^[a-zA-Z0-9_.-]{1,64}$ at filter[id]',
  ]);
  expect(problems('openai', schema)).toEqual([]);
});

it('openai: arrays without items', () => {
  const schema = objectOf({
    a: { type: 'array' },
    b: { type: ['array', 'null'] },
    c: { type: 'array', items: {} },
  });
  expect(problems('openai', schema)).toEqual([
    'an array without items at /properties/a',
    'an array without items at /properties/b',
  ]);
  expect(problems('anthropic', schema)).toEqual([]);
});

it('openai: long descriptions, in Chat Completions', () => {
  const facts = { description: 'x'.repeat(1025) };
  expect(problems('openai', objectOf(A), facts)).toEqual(['a description of more than 1024 characters']);
  expect(problems('openai-responses', objectOf(A), facts)).toEqual([]);
});

it('mcp: names, and outputs that are no objects', () => {
  expect(problems('mcp', objectOf(A), { name: 'a.b', outputSchema: { type: 'array' } })).toEqual([
    'an output that is no object',
  ]);
  expect(problems('mcp', objectOf(A), { name: 'a b' })).toEqual([
    'a name that is not 1 to 128 letters, digits, _, - and .',
  ]);
});

it.each(FORMAT_NAMES)('%s has nothing against what is right', (format) => {
  for (const tool of TRICKY) {
    expect(defineTool(tool, formats[format]).problems, tool.name).toEqual([]);
  }
});

it.each<[schema: JsonObject, place: string | undefined]>([
  [objectOf({ a: { type: 'nonsense' } }), '/properties/a/type'],
  [
    objectOf({ a: { type: 'integer', minimum: 0, exclusiveMinimum: true } }),
    '/properties/a/exclusiveMinimum',
  ],
  [{ ...objectOf(A), $schema: 'http://json-schema.org/draft-07/schema#' }, undefined],
  [objectOf({ a: { type: 'string', 'x-own': 1 } }), undefined],
])('%j by draft 2020-12', async (schema, place) => {
  expect((await loadDialectCheck())(schema)).toBe(place);
});

describe('notes', () => {
  function notes(tools: readonly Definable[], format: FormatName, isStrict = false): string[] {
    const gathered = createFormatNotes(formats[format]);
    for (const tool of tools) gathered.add(tool.name, defineTool(tool, formats[format], isStrict));
    return gathered.lines();
  }
  const named = (...names: string[]) => names.map((name) => definable(objectOf(A), { name }));

  it('none where nothing is wrong', () => {
    expect(notes(TRICKY, 'anthropic')).toEqual([]);
  });

  it('by what is wrong, with the first tools', () => {
    expect(notes(named('a.1', 'a.2', 'a.3', 'a.4', 'good', 'x'.repeat(65)), 'openai')).toEqual([
      "OpenAI's Chat Completions API refuses 5 of these 6 tools:",
      '  a name with other characters than letters, digits, _ and -: a.1, a.2, a.3 and 1 more',
      `  a name of more than 64 characters: ${'x'.repeat(65)}`,
    ]);
  });

  it('a name that comes again; control characters on one line', () => {
    expect(notes(named('a', 'a', 'b\n\u001b[2J'), 'anthropic')).toEqual([
      'The Anthropic API refuses 2 of these 3 tools:',
      '  a name that another tool has too: a',
      '  a name with other characters than letters, digits, _ and -: b ␛[2J',
    ]);
  });

  it('too many tools for one request', () => {
    const tools = Array.from({ length: 129 }, (_, index) => definable(objectOf(A), { name: `t${index}` }));
    expect(notes(tools, 'openai')).toEqual([
      "OpenAI's Chat Completions API takes at most 128 tools in one request; these are 129.",
    ]);
    expect(notes(tools.slice(1), 'openai')).toEqual([]);
    expect(notes(tools, 'anthropic')).toEqual([]);
    expect(notes(tools, 'anthropic', true)).toEqual([
      'The Anthropic API takes at most 20 strict tools in one request; these are 129.',
    ]);
  });

  it('what strict variants mean, and why some have none', () => {
    const tools = [
      definable(objectOf({ ...A, b: { type: 'integer', minimum: 1 } }), { name: 'optional' }),
      definable(objectOf({ a: {} }), { name: 'any' }),
    ];
    expect(notes(tools, 'openai', true)).toEqual([
      '1 of these 2 tools cannot be strict and stay as they are:',
      '  a value of any kind: any (/properties/a)',
      '1 strict tool: optional inputs are required now, and null where they are left out. Drop those nulls before the tool is called.',
    ]);
    expect(notes(tools, 'anthropic', true).at(-1)).toBe(
      '1 strict tool: limits that strict mode does not enforce are told in the descriptions. Check what the model sends.',
    );
  });
});
