import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/json/object.ts';
import { compareSchemas, schemaHash } from '../../../src/json/schema-compare/compare.ts';
import { document, edited, instance, likely, randomFrom, rewritten } from './random.ts';

/** FC_RUNS=100000 looks for more, elsewhere each time. */
const RUNS = process.env['FC_RUNS'];
const parameters = RUNS === undefined ? { numRuns: 1_500, seed: 4 } : { numRuns: Number(RUNS) };

/** What ajv says of a value; undefined where it breaks: `unevaluatedProperties` beside patterns and unions is too much for it. */
function validator(schema: JsonObject): (value: unknown) => boolean | undefined {
  const ajv = new Ajv2020({ strict: false, logger: false, validateSchema: false });
  const validate = attempt(() => ajv.compile(schema));
  return (value) => attempt(() => validate?.(value));
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run();
  } catch {
    return undefined;
  }
}

describe('the comparison against what ajv takes', () => {
  it('says that something narrowed or widened, or that it cannot tell, wherever a value is taken by one only', () => {
    const pair = fc.oneof(
      { weight: 3, arbitrary: edited },
      { weight: 1, arbitrary: fc.tuple(document, document) },
    );
    fc.assert(
      fc.property(
        pair,
        fc.array(instance, { minLength: 8, maxLength: 8 }),
        fc.integer(),
        ([before, after], any, seed) => {
          const [old, now] = [validator(before), validator(after)];
          const directions = new Set(
            compareSchemas(before, after).differences.map(({ direction }) => direction),
          );
          const isOpen = directions.has('undecided') || directions.has('changed');
          for (const value of [...any, ...likelyOf(before, after, seed)]) {
            const [fitted, fits] = [old(value), now(value)];
            if (fitted === true && fits === false)
              expect(isOpen || directions.has('narrowed'), `${JSON.stringify(value)} is lost`).toBe(true);
            if (fitted === false && fits === true)
              expect(isOpen || directions.has('widened'), `${JSON.stringify(value)} is new`).toBe(true);
          }
        },
      ),
      parameters,
    );
  });

  it('finds no difference in the same schema in other words, and the same hash', () => {
    fc.assert(
      fc.property(document, fc.integer(), (schema, seed) => {
        // Both are compared as text: what is evaluated beside it, and patterns of several schemas at once.
        fc.pre(!/unevaluated|patternProperties.*patternProperties/.test(JSON.stringify(schema)));
        const other = rewritten(schema, randomFrom(seed));
        expect(compareSchemas(schema, other).differences).toEqual([]);
        expect(schemaHash(other)).toBe(schemaHash(schema));
      }),
      parameters,
    );
  });

  it('has one hash only for schemas that take the same', () => {
    fc.assert(
      fc.property(edited, fc.integer(), ([before, after], seed) => {
        if (schemaHash(before) !== schemaHash(after)) return;
        const [old, now] = [validator(before), validator(after)];
        for (const value of likelyOf(before, after, seed)) {
          const fits = now(value);
          if (fits !== undefined) expect(old(value) ?? fits, JSON.stringify(value)).toBe(fits);
        }
      }),
      parameters,
    );
  });
});

function likelyOf(before: JsonObject, after: JsonObject, seed: number): unknown[] {
  const random = randomFrom(seed);
  return [before, after].flatMap((schema) =>
    Array.from({ length: 30 }, () => likely(schema, schema, random)),
  );
}
