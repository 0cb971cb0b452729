import { describe, expect, it } from 'vitest';
import { isJsonObject, type JsonObject } from '../../src/json/object.ts';
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

describe('what a schema describes', () => {
  it.each(tools)('$title', async ({ inputSchema }) => {
    const samples = samplesOf(inputSchema);
    expect(samples).toHaveLength(6);
    const meant = [...placesOf(inputSchema)].some(isTextOrElse) ? asText : (value: unknown) => value;
    for (const sample of samples) {
      expect(await readInput(reading, inputSchema, { input: JSON.stringify(sample) })).toEqual(sample);
      for (const isDotted of [false, true]) {
        const typed = await readInput(reading, inputSchema, { param: pairsOf(sample, isDotted) });
        expect(meant(typed)).toEqual(meant(sample));
        expect(await violationsOf(inputSchema, typed)).toEqual([]);
      }
    }
  });
});

/** Where `-p a=1` may be text and a number, it is text. */
function isTextOrElse({ schema }: Place): boolean {
  if (valuesListed(schema).length > 0) return false;
  const members = [schema, ...[schema['anyOf'] ?? [], schema['oneOf'] ?? []].flat()] as JsonObject[];
  if (members.some((member) => typeof member['$ref'] === 'string')) return true;
  const types = members.flatMap(({ type }) => type ?? []);
  const isText = types.includes('string') && types.some((type) => type !== 'string' && type !== 'null');
  return types.length === 0 || isText;
}

/** Apart from what a text could be as well. */
function asText(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 1 ? asText(value[0]) : value.map(asText);
  if (!isJsonObject(value)) return String(value);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, asText(each)]));
}

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
