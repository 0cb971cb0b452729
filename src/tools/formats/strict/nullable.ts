import { isJsonObject, type JsonObject } from '../../../json/object.ts';

/** The same schema with null added, where it does not fit yet: how strict modes write an optional property. */
export function nullable(schema: JsonObject): JsonObject {
  const { type, anyOf, title, description, ...rest } = schema;
  const about = {
    ...(title === undefined ? {} : { title }),
    ...(description === undefined ? {} : { description }),
  };
  if (Array.isArray(anyOf)) {
    return anyOf.some(isNull) ? schema : { anyOf: [...anyOf, { type: 'null' }], ...about };
  }
  const types = [type].flat().filter((each) => typeof each === 'string');
  const isNested = types.includes('object') || types.includes('array');
  if (types.length === 0 || isNested || 'const' in rest) {
    return { anyOf: [{ ...(type === undefined ? {} : { type }), ...rest }, { type: 'null' }], ...about };
  }
  const values = rest['enum'];
  const list = Array.isArray(values) && !values.includes(null) ? { enum: [...values, null] } : {};
  return { type: types.includes('null') ? type : [...types, 'null'], ...rest, ...list, ...about };
}

function isNull(member: unknown): boolean {
  if (!isJsonObject(member)) return false;
  return [member['type']].flat().includes('null') || member['const'] === null;
}

/** The JSON Schema types of some values, each once. */
export function literalTypes(values: readonly unknown[]): string[] {
  return [...new Set(values.map(literalType))];
}

function literalType(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}

export function fitsType(value: unknown, types: readonly unknown[]): boolean {
  const [type] = literalTypes([value]);
  return types.includes(type) || (type === 'integer' && types.includes('number'));
}
