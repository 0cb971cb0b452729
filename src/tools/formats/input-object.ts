import { followLocalRef } from '../../json/local-ref.ts';
import { isJsonObject, type JsonObject } from '../../json/object.ts';

/**
 * The schema of a tool's input with `type: object` at its top, which APIs insist on: a tool's input is never anything
 * else, whether its schema says so or not. A reference at the top is replaced by what it means.
 */
export function inputObject(schema: JsonObject | null): JsonObject {
  if (schema === null) return { type: 'object', properties: {} };
  const { type, ...rest } = withoutRootRef(schema);
  const isObject = type === undefined || (Array.isArray(type) && type.includes('object'));
  return { type: isObject ? 'object' : type, ...rest };
}

const BESIDE_REF = new Set([
  '$ref',
  '$defs',
  'definitions',
  '$schema',
  '$id',
  '$comment',
  'title',
  'description',
]);

function withoutRootRef(schema: JsonObject): JsonObject {
  const { $ref, ...rest } = schema;
  if (typeof $ref !== 'string' || !Object.keys(schema).every((key) => BESIDE_REF.has(key))) return schema;
  const target = followLocalRef(schema, $ref);
  const isPlain = isJsonObject(target) && target['$ref'] === undefined && target['$defs'] === undefined;
  return isPlain && target['definitions'] === undefined ? { ...target, ...rest } : schema;
}
