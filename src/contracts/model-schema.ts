import { isJsonObject, type JsonObject } from '../json/object.ts';

/**
 * A custom tool's input schema without its `identifier`, which whoever calls the tool fills in: a model that is shown
 * it has to make one up.
 */
export function forModel(schema: JsonObject): JsonObject {
  const { properties, required } = schema;
  if (!isJsonObject(properties) || !Object.hasOwn(properties, 'identifier')) return schema;
  const { identifier: _callers, ...own } = properties;
  const rest = Array.isArray(required) ? required.filter((name) => name !== 'identifier') : [];
  const { required: _all, ...others } = schema;
  return { ...others, properties: own, ...(rest.length === 0 ? {} : { required: rest }) };
}
