import { isJsonObject } from '../object.ts';
import { areAllDisjoint } from './disjoint.ts';
import { condition, type Flat, flatten, type Parts, type Union } from './flatten.ts';
import { impliedType } from './implied-type.ts';
import { isOpen } from './keywords.ts';
import { type Alternative, ANY, NEVER, type SchemaNode } from './model.ts';
import { createDocument } from './resolve.ts';
import { alternativesOf, mergedLiterals } from './shapes.ts';

/** Thrown for a schema that would take too long. */
export class SchemaTooLarge extends Error {
  constructor() {
    super('the schema is too large to be compared');
  }
}

const MOST_NODES = 20_000;
/** Alternatives of unions that all have to hold: every one with every other. */
const MOST_COMBINATIONS = 256;

export interface GraphOptions {
  /** Only objects are given, whatever else the schema takes. */
  isObject?: boolean;
}

const OBJECT = { type: 'object' };

/** What a schema takes: the node that it is, with those that it leads to. Throws SchemaTooLarge. */
export function schemaGraph(root: unknown, { isObject = false }: GraphOptions = {}): SchemaNode {
  const ids = new Map<object, number>();
  const nodes = new Map<string, SchemaNode>();
  const pending = new Map<SchemaNode, readonly unknown[]>();
  const document = createDocument(root);
  const parts: Parts = { document, node };

  function node(schemas: readonly unknown[]): SchemaNode {
    const asking = schemas.filter((schema) => !isOpen(schema));
    if (asking.length === 0) return ANY;
    if (asking.includes(false)) return NEVER;
    const key = [...new Set(asking.map(idOf))].sort().join(' ');
    const known = nodes.get(key);
    if (known !== undefined) return known;
    if (nodes.size >= MOST_NODES) throw new SchemaTooLarge();
    const made: SchemaNode = { alternatives: [], isFilled: false };
    nodes.set(key, made);
    pending.set(made, asking);
    return made;
  }

  function idOf(schema: unknown): string {
    if (!isJsonObject(schema)) return JSON.stringify(schema) ?? '';
    if (!ids.has(schema)) ids.set(schema, ids.size);
    return `#${ids.get(schema)}`;
  }

  function fill(unfilled: SchemaNode): SchemaNode {
    const schemas = pending.get(unfilled);
    if (schemas === undefined) return unfilled;
    pending.delete(unfilled);
    const flat = flatten(parts, schemas);
    const described = flat.plain.find(({ description }) => typeof description === 'string');
    const defaulted = flat.plain.find((schema) => 'default' in schema);
    const implied = impliedType(flat);
    Object.assign(unfilled, {
      alternatives: alternatives(flat),
      isFilled: true,
      ...(described === undefined ? {} : { description: described['description'] }),
      ...(defaulted === undefined ? {} : { defaultValue: { value: defaulted['default'] } }),
      ...(implied === undefined ? {} : { impliedType: implied }),
    });
    return unfilled;
  }

  function alternatives(flat: Flat): Alternative[] {
    if (flat.isNever) return [];
    const { unions } = flat;
    const count = unions.reduce((product, { members }) => product * members.length, 1);
    const isTooMany = count > MOST_COMBINATIONS && !(unions.length === 1 && unions.every(isListing));
    const conditions = [
      ...flat.conditions,
      ...unions.filter((union) => isTooMany || !isUnion(union)).map(asCondition),
    ];
    const rest: Flat = { ...flat, unions: [], conditions };
    if (unions.length === 0 || isTooMany) return alternativesOf(parts, rest);
    const chosen = combinations(unions.map(({ members }) => members));
    return mergedLiterals(chosen.flatMap((members) => alternatives(flatten(parts, members, rest))));
  }

  /** Whether `oneOf` is as `anyOf`: nothing fits two of its members. */
  function isUnion({ keyword, members }: Union): boolean {
    if (keyword === 'anyOf') return true;
    return areAllDisjoint(
      members.map((member) => fill(node([member]))),
      fill,
    );
  }

  function asCondition({ keyword, members }: Union) {
    return condition(
      keyword,
      '',
      members.map((member) => ['', node([member])]),
    );
  }

  const top = node(isObject ? [root, OBJECT] : [root]);
  for (const each of pending.keys()) fill(each);
  return top;
}

/** Long lists of constants, each with a title, are written like this. */
function isListing({ members }: Union): boolean {
  return members.every((member) => isJsonObject(member) && 'const' in member);
}

function combinations(lists: readonly (readonly unknown[])[]): unknown[][] {
  return lists.reduce<unknown[][]>(
    (all, list) => all.flatMap((chosen) => list.map((member) => [...chosen, member])),
    [[]],
  );
}
