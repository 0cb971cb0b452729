import { isJsonObject, type JsonObject } from '../../json/object.ts';
import { pointerTo } from '../../json/pointer.ts';

export interface Subschema {
  schema: JsonObject;
  /** A JSON pointer (RFC 6901). */
  place: string;
}

const SINGLE = [
  'additionalItems',
  'additionalProperties',
  'contains',
  'contentSchema',
  'else',
  'if',
  'items',
  'not',
  'propertyNames',
  'then',
  'unevaluatedItems',
  'unevaluatedProperties',
];
const LISTS = ['allOf', 'anyOf', 'items', 'oneOf', 'prefixItems'];
const MAPS = ['$defs', 'definitions', 'dependencies', 'dependentSchemas', 'patternProperties', 'properties'];

/** A schema and all schemas in it: what stands in `enum`, `const`, `default` and `examples` is none. */
export function* subschemas(root: JsonObject): Generator<Subschema> {
  // A list instead of recursion: schemas come from other people's servers, however deep.
  const waiting: Subschema[] = [{ schema: root, place: '' }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    yield next;
    waiting.push(...children(next).toReversed());
  }
}

function children({ schema, place }: Subschema): Subschema[] {
  const found: Subschema[] = [];
  const add = (value: unknown, ...segments: (string | number)[]) => {
    if (isJsonObject(value)) found.push({ schema: value, place: place + pointerTo(...segments) });
  };
  for (const key of SINGLE) add(schema[key], key);
  for (const key of LISTS) {
    const list = schema[key];
    if (Array.isArray(list)) list.forEach((value, index) => add(value, key, index));
  }
  for (const key of MAPS) {
    const map = schema[key];
    if (isJsonObject(map)) for (const [name, value] of Object.entries(map)) add(value, key, name);
  }
  return found;
}
