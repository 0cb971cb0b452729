import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/json/object.ts';
import { violationsOf } from '../../src/json/violations.ts';
import type { Reading } from '../../src/terminal/input.ts';
import { readInput } from '../../src/tools/input/read.ts';
import { corpus } from './support/corpus.ts';
import { pairsOf } from './support/pairs.ts';
import { type Place, placesOf } from './support/places.ts';
import { samplesOf } from './support/samples.ts';

const tools = await corpus();

/** Nothing is read: neither a file nor stdin. */
const reading = {} as Reading;
const SAMPLES = 6;

describe('what a schema describes', () => {
  it.each(tools)('$title', async ({ inputSchema }) => {
    const samples = samplesOf(inputSchema, SAMPLES);
    expect(samples).toHaveLength(SAMPLES);
    for (const sample of samples) {
      expect(await readInput(reading, inputSchema, { input: JSON.stringify(sample) })).toEqual(sample);
      for (const isDotted of [false, true]) {
        const typed = await readInput(reading, inputSchema, { param: pairsOf(sample, isDotted) });
        expect(typed).toEqual(sample);
        expect(await violationsOf(inputSchema, typed)).toEqual([]);
      }
    }
  });
});

it.each(tools)('what is missing is told of: $title', async ({ inputSchema }) => {
  const required = (inputSchema['required'] ?? []) as string[];
  const missing = (await violationsOf(inputSchema, {})).filter(({ message }) => message === 'is required');
  expect(missing.map(({ path }) => path).toSorted()).toEqual(required.map((name) => `/${name}`).toSorted());
});

describe('every value that a schema lists', () => {
  const listing = tools.map((tool) => ({
    ...tool,
    listed: [...placesOf(tool.inputSchema)].filter(isListing),
  }));

  it.each(listing.filter(({ listed }) => listed.length > 0))('$title', async ({ inputSchema, listed }) => {
    for (const { path, schema } of listed) {
      for (const value of valuesListed(schema)) {
        const text = typeof value === 'string' ? value : JSON.stringify(value);
        const typed = await readInput(reading, inputSchema, { param: [`${path.join('.')}=${text}`] });
        expect(at(typed, path), path.join('.')).toEqual(value);
      }
    }
  });
});

function isListing({ schema }: Place): boolean {
  return valuesListed(schema).length > 0;
}

function valuesListed(schema: JsonObject): unknown[] {
  const values = schema['enum'];
  return Array.isArray(values) ? values : Object.hasOwn(schema, 'const') ? [schema['const']] : [];
}

function at(value: unknown, path: Place['path']): unknown {
  return path.reduce<unknown>(
    (inside, head) => (inside as Record<string, unknown> | undefined)?.[head],
    value,
  );
}
