import fc from 'fast-check';
import { isJsonObject, type JsonObject } from '../../../src/json/object.ts';
import { validityOf } from './validity.ts';
import { valuesOf } from './values.ts';

/** The same inputs in every run, all of them valid. */
export function samplesOf(schema: JsonObject, count: number): JsonObject[] {
  const isValid = validityOf(schema);
  const samples = fc.sample(valuesOf(schema), { numRuns: 3 * count, seed: 4 });
  return samples
    .filter((value): value is JsonObject => isJsonObject(value) && isValid(value))
    .slice(0, count);
}
