import { followLocalRef } from '../../json/local-ref.ts';
import { isJsonObject, type JsonObject } from '../../json/object.ts';
import type { PathKey } from '../problems.ts';

/** A schema inside of an input schema. */
export interface SchemaNode {
  schema: JsonObject;
  /** Within the tool. */
  path: readonly PathKey[];
  /** Of the property that it describes, or belongs to: `tags` for the items of `tags`. */
  name: string | undefined;
  /** Whether it is what a property is described by, and no part of that. */
  isProperty: boolean;
}

/** The input schema and every schema in it, outer ones first. References are not followed: what they lead to comes by itself. */
export function* schemaNodes(inputSchema: JsonObject): Generator<SchemaNode> {
  yield* walk(inputSchema, ['input_schema'], undefined, false);
}

const LISTS = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const SINGLE = ['items', 'additionalProperties', 'if', 'then', 'else'];
const NAMED = ['$defs', 'definitions', 'patternProperties'];

function* walk(
  schema: unknown,
  path: readonly PathKey[],
  name: string | undefined,
  isProperty: boolean,
): Generator<SchemaNode> {
  if (!isJsonObject(schema)) return;
  yield { schema, path, name, isProperty };
  for (const [key, property] of entries(schema['properties']))
    yield* walk(property, [...path, 'properties', key], key, true);
  for (const keyword of SINGLE) yield* walk(schema[keyword], [...path, keyword], name, false);
  for (const keyword of LISTS) {
    const members = schema[keyword];
    if (!Array.isArray(members)) continue;
    for (const [index, member] of members.entries())
      yield* walk(member, [...path, keyword, index], name, false);
  }
  for (const keyword of NAMED) {
    for (const [key, member] of entries(schema[keyword]))
      yield* walk(member, [...path, keyword, key], key, false);
  }
}

function entries(value: unknown): [string, unknown][] {
  return isJsonObject(value) ? Object.entries(value) : [];
}

/** The types that a schema names itself. */
export function ownTypes({ type }: JsonObject): string[] {
  return [type].flat().filter((each) => typeof each === 'string');
}

/** A keyword of a schema, or else of what its `$ref` leads to. */
export function keywordOf(root: JsonObject, schema: JsonObject, keyword: string): unknown {
  const seen = new Set<unknown>();
  let found: unknown = schema;
  while (isJsonObject(found) && !seen.has(found)) {
    seen.add(found);
    if (found[keyword] !== undefined) return found[keyword];
    found = typeof found['$ref'] === 'string' ? followLocalRef(root, found['$ref']) : undefined;
  }
  return undefined;
}

/** The inputs of a tool by name. */
export function inputsOf(inputSchema: JsonObject): [name: string, schema: unknown][] {
  return entries(inputSchema['properties']);
}
