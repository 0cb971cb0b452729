import { isJsonObject, type JsonObject } from '../json/object.ts';

/** The schema of one input, its local `$ref` followed. */
export function propertySchema(schema: JsonObject | null, key: string): JsonObject | undefined {
  const properties = schema?.['properties'];
  if (typeof properties !== 'object' || properties === null || !Object.hasOwn(properties, key))
    return undefined;
  return resolveRef(schema ?? {}, (properties as JsonObject)[key]);
}

/** The types a value may have, those of `anyOf` and `oneOf` included; none where the schema does not say. */
export function typesOf(schema: JsonObject | undefined): string[] {
  if (schema === undefined) return [];
  const { type } = schema;
  const own = [type].flat().filter((each) => typeof each === 'string');
  const unions = [schema['anyOf'], schema['oneOf']].filter((union) => Array.isArray(union)).flat();
  return [...own, ...unions.flatMap((member) => typesOf(isJsonObject(member) ? member : undefined))];
}

function resolveRef(root: JsonObject, schema: unknown, depth = 0): JsonObject | undefined {
  if (!isJsonObject(schema)) return undefined;
  const ref = schema['$ref'];
  if (typeof ref !== 'string' || !ref.startsWith('#/') || depth > 8) return schema;
  const segments = ref
    .slice(2)
    .split('/')
    .map((segment) => decodeURIComponent(segment).replaceAll('~1', '/').replaceAll('~0', '~'));
  const target = segments.reduce<unknown>(
    (value, segment) => (isJsonObject(value) ? value[segment] : undefined),
    root,
  );
  return resolveRef(root, target, depth + 1);
}
