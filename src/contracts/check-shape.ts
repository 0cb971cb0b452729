import { unescapeSegment } from '../json/pointer.ts';
import { compileSchema } from '../json/schema.ts';
import type { Finding, PathKey } from './problems.ts';
import toolsSchema from './tools.schema.json' with { type: 'json' };

/** Where a value is not of the format's shape. */
export async function checkShape(value: unknown): Promise<Finding[]> {
  // What is said of schemas is for editors: they are compiled one by one, and by the draft that each is of.
  const definitions = { ...toolsSchema.definitions, jsonSchema: {} };
  const validate = await compileSchema(
    { ...toolsSchema, $id: 'tools', definitions },
    {
      unknownProperty: 'is not known here',
    },
  );
  return validate(value).map(({ path, message }) => ({ path: keysOf(value, path), message }));
}

/** The keys of a JSON pointer (RFC 6901); in a list they are numbers. */
export function keysOf(value: unknown, pointer: string): PathKey[] {
  let at = value;
  const segments = pointer.split('/').slice(1);
  return segments.map((segment) => {
    const name = unescapeSegment(segment);
    const key = Array.isArray(at) ? Number(name) : name;
    at = typeof at === 'object' && at !== null ? Reflect.get(at, key) : undefined;
    return key;
  });
}
