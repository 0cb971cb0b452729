import { usageError } from '../../errors.ts';
import { type FieldKey, ITEM } from './field-key.ts';

/** JSON that is put together from fields. Literals are kept as text: a number would lose its digits. */
export type JsonTree = JsonMembers | JsonItems | { kind: 'literal'; json: string };

export interface JsonMembers {
  kind: 'object';
  /** A map, so that `__proto__` is a key like others and `2` stays behind `b`. */
  members: Map<string, JsonTree>;
}

interface JsonItems {
  kind: 'list';
  items: JsonTree[];
}

export function emptyObject(): JsonMembers {
  return { kind: 'object', members: new Map() };
}

export function literal(json: string): JsonTree {
  return { kind: 'literal', json };
}

/** As compact JSON. */
export function writeJson(tree: JsonTree): string {
  if (tree.kind === 'literal') return tree.json;
  if (tree.kind === 'list') return `[${tree.items.map(writeJson).join(',')}]`;
  const members = [...tree.members].map(([name, value]) => `${JSON.stringify(name)}:${writeJson(value)}`);
  return `{${members.join(',')}}`;
}

/**
 * Puts a value where the key says; `undefined` is an empty list. `typed` names the field in errors.
 * Throws a usage error where something else stands there already.
 */
export function setField(root: JsonMembers, key: FieldKey, value: JsonTree | undefined, typed: string): void {
  const conflict = () =>
    usageError(
      `the field ${JSON.stringify(typed)} contradicts one before it: another value has its place`,
      'Give a field once; name[]=… makes a list, name[key]=… an object.',
      { code: 'field_conflict' },
    );
  const [name, ...rest] = key;
  place(root, name, rest, value, conflict);
}

type Rest = readonly (string | typeof ITEM)[];
type Conflict = () => Error;

function place(
  into: JsonMembers,
  name: string,
  rest: Rest,
  value: JsonTree | undefined,
  conflict: Conflict,
): void {
  const found = into.members.get(name);
  const [next, ...after] = rest;
  if (next === undefined) {
    if (found !== undefined || value === undefined) throw conflict();
    into.members.set(name, value);
    return;
  }
  const child = found ?? (next === ITEM ? { kind: 'list', items: [] } : emptyObject());
  into.members.set(name, child);
  if (next === ITEM) return placeItem(child, after, value, conflict);
  if (child.kind !== 'object') throw conflict();
  place(child, next, after, value, conflict);
}

function placeItem(list: JsonTree, rest: Rest, value: JsonTree | undefined, conflict: Conflict): void {
  if (list.kind !== 'list') throw conflict();
  const [name, ...after] = rest;
  if (typeof name !== 'string') {
    if (value !== undefined) list.items.push(value);
    else if (list.items.length > 0) throw conflict();
    return;
  }
  let last = list.items.at(-1);
  if (last?.kind !== 'object' || isTaken(last, name, after)) {
    last = emptyObject();
    list.items.push(last);
  }
  place(last, name, after, value, conflict);
}

/** Whether an object has a value there already, so that a repeated key begins the next object of its list. */
function isTaken(object: JsonMembers, name: string, rest: Rest): boolean {
  const found = object.members.get(name);
  const [next, ...after] = rest;
  if (found === undefined) return false;
  if (next === undefined) return true;
  if (next === ITEM) return false;
  return found.kind === 'object' && isTaken(found, next, after);
}
