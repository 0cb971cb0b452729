import { followLocalRef } from '../../../json/local-ref.ts';
import { isJsonObject, type JsonObject } from '../../../json/object.ts';
import { literalTypes } from './nullable.ts';

/**
 * Whether no value can fit two of these alternatives, so that `oneOf` means the same as `anyOf`: their types differ,
 * or they are objects that tell themselves apart by a required property with one fixed value.
 */
export function areExclusive(alternatives: readonly unknown[], root: JsonObject): boolean {
  const schemas = alternatives.map((each) => resolved(each, root));
  return schemas.every((schema, index) => schemas.slice(index + 1).every((other) => differ(schema, other)));
}

function resolved(value: unknown, root: JsonObject): JsonObject {
  const schema = isJsonObject(value) ? value : {};
  const target = typeof schema['$ref'] === 'string' ? followLocalRef(root, schema['$ref']) : undefined;
  return isJsonObject(target) ? target : schema;
}

function differ(a: JsonObject, b: JsonObject): boolean {
  const [valuesOfA, valuesOfB] = [literals(a), literals(b)];
  if (valuesOfA !== undefined && valuesOfB !== undefined) {
    return !valuesOfA.some((value) => valuesOfB.includes(value));
  }
  const [typesOfA, typesOfB] = [types(a), types(b)];
  if (typesOfA.length > 0 && typesOfB.length > 0 && !typesOfA.some((type) => typesOfB.includes(type)))
    return true;
  return discriminators(a).some(([name, value]) =>
    discriminators(b).some(([otherName, other]) => name === otherName && value !== other),
  );
}

/** `integer` counts as `number`, which its values fit. */
function types(schema: JsonObject): string[] {
  const declared = [schema['type']].flat().filter((type) => typeof type === 'string');
  const all = declared.length > 0 ? declared : literalTypes(literals(schema) ?? []);
  return all.map((type) => (type === 'integer' ? 'number' : type));
}

function literals(schema: JsonObject): unknown[] | undefined {
  if (schema['const'] !== undefined) return [schema['const']];
  return Array.isArray(schema['enum']) ? schema['enum'] : undefined;
}

function discriminators(schema: JsonObject): [name: string, value: unknown][] {
  const { properties, required, type } = schema;
  if (type !== 'object' || !isJsonObject(properties) || !Array.isArray(required)) return [];
  return Object.entries(properties).flatMap(([name, property]): [string, unknown][] => {
    const values = isJsonObject(property) ? literals(property) : undefined;
    const [only] = values ?? [];
    const isFixed = values?.length === 1 && (typeof only !== 'object' || only === null);
    return isFixed && required.includes(name) ? [[name, only]] : [];
  });
}
