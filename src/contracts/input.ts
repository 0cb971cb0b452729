import { followLocalRef } from '../json/local-ref.ts';
import { isJsonObject, type JsonObject } from '../json/object.ts';
import { ToolFailure } from './failure.ts';

/** The inputs that a tool's schema has, by name. */
export function declaredInputs(schema: JsonObject): Map<string, unknown> {
  const inputs = new Map<string, unknown>();
  const gather = (written: unknown, depth: number) => {
    const part = resolved(schema, written);
    if (part === undefined || depth > DEEPEST) return;
    const { properties, allOf, anyOf, oneOf } = part;
    if (isJsonObject(properties))
      for (const [name, each] of Object.entries(properties)) inputs.set(name, each);
    for (const each of [allOf, anyOf, oneOf].flat()) gather(each, depth + 1);
  };
  gather(schema, 0);
  return inputs;
}

export function declares(schema: JsonObject, name: string): boolean {
  return declaredInputs(schema).has(name);
}

/**
 * The input with the caller's identifier, where the schema asks for one and none was given. Throws a ToolFailure
 * where another one was: an identifier that a model made up would reach another user's account.
 */
export function withIdentifier(
  schema: JsonObject,
  input: JsonObject,
  identifier: string | undefined,
): JsonObject {
  if (identifier === undefined || !declares(schema, 'identifier')) return input;
  const given = input['identifier'];
  if (given === undefined) return { ...input, identifier };
  if (given === identifier) return input;
  throw new ToolFailure('invalid_input', "the input's identifier is not the one that the tool is called for");
}

/** The input with the defaults of the schema, its nested objects and lists included. */
export function withDefaults(schema: JsonObject, input: JsonObject): JsonObject {
  return filled(schema, schema, input, 0) as JsonObject;
}

const DEEPEST = 16;

function filled(root: JsonObject, written: unknown, value: unknown, depth: number): unknown {
  const schema = resolved(root, written);
  if (schema === undefined || depth > DEEPEST) return value;
  if (Array.isArray(value)) return value.map((each) => filled(root, schema['items'], each, depth + 1));
  const properties = schema['properties'];
  if (!isJsonObject(value) || !isJsonObject(properties)) return value;
  const declared = Object.entries(properties).flatMap(([name, property]) => {
    const own = Object.hasOwn(value, name) ? value[name] : defaultOf(root, property);
    return own === undefined ? [] : [[name, filled(root, property, own, depth + 1)] as const];
  });
  return Object.fromEntries([...Object.entries(value), ...declared]);
}

function defaultOf(root: JsonObject, property: unknown): unknown {
  const [near, far] = [property, resolved(root, property)];
  const given = isJsonObject(near) && Object.hasOwn(near, 'default') ? near['default'] : far?.['default'];
  return structuredClone(given);
}

function resolved(root: JsonObject, schema: unknown): JsonObject | undefined {
  let found: unknown = schema;
  for (let hops = 0; hops < DEEPEST && isJsonObject(found); hops++) {
    const ref = found['$ref'];
    if (typeof ref !== 'string') return found;
    found = followLocalRef(root, ref);
  }
  return undefined;
}
