import type { JsonObject } from './object.ts';
import { type Formats, plainlyFits } from './proof.ts';
import { compileSchema, type SchemaOptions, type Violation } from './schema.ts';

/**
 * What of a value does not fit a schema, as `compileSchema` tells it. Throws where the schema itself is broken, unless
 * the value plainly fits what of it applies.
 */
export async function violationsOf(
  schema: JsonObject | boolean,
  value: unknown,
  options: Omit<SchemaOptions, 'isStrict'> = {},
): Promise<Violation[]> {
  if (plainlyFits(schema, value, await formatsFor(schema))) return [];
  return (await compileSchema(schema, options))(value);
}

/** For `plainlyFits`: none where the schema asks for no format. */
export async function formatsFor(schema: JsonObject | boolean): Promise<Formats | undefined> {
  if (!JSON.stringify(schema).includes('"format"')) return undefined;
  return (await import('ajv-formats/dist/formats.js')).fullFormats;
}
