import { Ajv } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';
import type { JsonObject } from '../../../src/json/object.ts';

/** What ajv by itself says of values, apart from the way the program uses it. */
export function validityOf(schema: JsonObject, { validateFormats = true } = {}): (value: unknown) => boolean {
  const options = { strict: false, logger: false, validateSchema: false, validateFormats } as const;
  const isDraft7 = String(schema['$schema']).includes('draft-07');
  const ajv = isDraft7 ? new Ajv(options) : new Ajv2020(options);
  addFormats.default(ajv);
  return ajv.compile(schema);
}
