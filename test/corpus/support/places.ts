import { followLocalRef } from '../../../src/json/local-ref.ts';
import { isJsonObject, type JsonObject } from '../../../src/json/object.ts';

export interface Place {
  /** Names of properties, and 0 for the elements of lists. */
  path: readonly (string | number)[];
  /** Its references followed. */
  schema: JsonObject;
}

const DEEPEST = 8;

/** Every place in a tool's input that its schema names, whatever alternative it belongs to. */
export function* placesOf(root: JsonObject): Generator<Place> {
  yield* within(root, root, []);
}

function* within(root: JsonObject, schema: JsonObject, path: Place['path']): Generator<Place> {
  if (path.length > DEEPEST) return;
  for (const part of partsOf(root, schema)) {
    const { properties, items } = part;
    const inner: [string | number, unknown][] = isJsonObject(properties) ? Object.entries(properties) : [];
    if (isJsonObject(items)) inner.push([0, items]);
    for (const [head, value] of inner) {
      const resolved = resolve(root, value);
      if (resolved === undefined) continue;
      yield { path: [...path, head], schema: resolved };
      yield* within(root, resolved, [...path, head]);
    }
  }
}

/** A schema and its alternatives. */
function partsOf(root: JsonObject, schema: JsonObject): JsonObject[] {
  const { anyOf, oneOf, allOf } = schema;
  const inner = [anyOf, oneOf, allOf].filter(Array.isArray).flat() as unknown[];
  const resolved = inner.map((each) => resolve(root, each)).filter((each) => each !== undefined);
  return [schema, ...resolved.flatMap((each) => partsOf(root, each))];
}

function resolve(root: JsonObject, schema: unknown): JsonObject | undefined {
  const ref = isJsonObject(schema) ? schema['$ref'] : undefined;
  const target = typeof ref === 'string' ? followLocalRef(root, ref) : schema;
  return isJsonObject(target) ? target : undefined;
}
