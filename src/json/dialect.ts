import type { JsonObject } from './object.ts';

/** Where a schema breaks the rules that draft 2020-12 has for schemas, as a JSON pointer; undefined where it keeps them. */
export async function loadDialectCheck(): Promise<(schema: JsonObject) => string | undefined> {
  const { Ajv2020 } = await import('ajv/dist/2020.js');
  const ajv = new Ajv2020({ strict: false, logger: false, validateFormats: false });
  const validate = ajv.getSchema('https://json-schema.org/draft/2020-12/schema');
  if (validate === undefined) throw new Error('ajv has no draft 2020-12');
  return (schema) => (validate(schema) === true ? undefined : (validate.errors?.[0]?.instancePath ?? ''));
}
