import fc from 'fast-check';
import { isJsonObject, type JsonObject } from '../../../src/json/object.ts';
import { validityOf } from './validity.ts';
import { valuesOf } from './values.ts';

const MOST = 6;
const cache = new WeakMap<JsonObject, JsonObject[]>();

/** The same inputs in every run, all of them valid; at most six. */
export function samplesOf(schema: JsonObject, count = MOST): JsonObject[] {
  const known = cache.get(schema) ?? generated(schema);
  cache.set(schema, known);
  return known.slice(0, count);
}

function generated(schema: JsonObject): JsonObject[] {
  const isValid = validityOf(schema);
  const samples = fc.sample(valuesOf(schema), { numRuns: 3 * MOST, seed: 4 });
  return samples.filter((value): value is JsonObject => isJsonObject(value) && isValid(value)).slice(0, MOST);
}
