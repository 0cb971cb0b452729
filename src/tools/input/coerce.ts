import { usageError } from '../../errors.ts';
import { isJsonObject, type JsonObject } from '../../json/object.ts';
import { type Shape, type Shapes, shapesOf } from '../shape.ts';
import { type Place, placeOf } from './place.ts';
import { type Path, put } from './put.ts';
import { readScalar, type Typed } from './scalar.ts';

/** One `-p key=value`. */
export interface Pair {
  key: string;
  value: Typed;
}

interface Given extends Place {
  key: string;
  values: Typed[];
}

/**
 * The pairs as the schema types them, on top of `base`, which they win over. A key with dots leads into objects and
 * lists; what is repeated is a list. Text that does not read as what is asked for stays text, for the validation to
 * tell. Throws nothing but usage errors, whatever the schema is.
 */
export function coerceInput(
  schema: JsonObject | null,
  pairs: readonly Pair[],
  base: JsonObject = {},
): JsonObject {
  const shapes = shapesOf(schema);
  const given = gathered(shapes, pairs);
  let input: JsonObject = base;
  for (const { path, shapes: of, key, values } of given) {
    refuseWithin(input, path, key, given);
    refuseGap(input, path, key);
    const value = readValues(shapes, key, values, of);
    input = put(input, path, value) as JsonObject;
  }
  return input;
}

/** Of one place all values, in the order in which they can be put there. */
function gathered(shapes: Shapes, pairs: readonly Pair[]): Given[] {
  const given = new Map<string, Given>();
  for (const { key, value } of pairs) {
    const place = placeOf(shapes, key);
    const id = JSON.stringify(place.path);
    const earlier = given.get(id);
    if (earlier === undefined) given.set(id, { ...place, key, values: [value] });
    else earlier.values.push(value);
  }
  return inOrder([...given.values()]);
}

/** What is outside before what is within, elements of lists as they are counted, names as they came. */
function inOrder(given: readonly Given[]): Given[] {
  const ranks = new Map<string, number>();
  const rankOf = (path: Path, depth: number): number => {
    const head = path[depth];
    if (typeof head === 'number') return head;
    const id = JSON.stringify(path.slice(0, depth + 1));
    const rank = ranks.get(id) ?? ranks.size;
    ranks.set(id, rank);
    return rank;
  };
  return given
    .map((each) => ({ each, ranks: each.path.map((_head, depth) => rankOf(each.path, depth)) }))
    .sort((a, b) => compared(a.ranks, b.ranks))
    .map(({ each }) => each);
}

function compared(a: readonly number[], b: readonly number[]): number {
  const depth = a.findIndex((rank, index) => rank !== b[index]);
  return depth === -1 ? a.length - b.length : (a[depth] ?? 0) - (b[depth] ?? -1);
}

function readValues(shapes: Shapes, key: string, values: readonly Typed[], of: readonly Shape[]): unknown {
  const [first] = values;
  if (values.length === 1 && first !== undefined) {
    const read = readScalar(key, first, of);
    if (read !== undefined) return read.value;
  }
  if (of.some(({ types }) => types?.includes('array'))) {
    return values.map((each, index) => readElement(key, each, shapes.element(of, index)));
  }
  if (values.length > 1) {
    throw usageError(`-p ${key} is given ${values.length} times, and is no list`, 'Give it once.');
  }
  return first?.text ?? '';
}

function readElement(key: string, value: Typed, of: readonly Shape[]): unknown {
  const read = readScalar(key, value, of);
  return read === undefined ? value.text : read.value;
}

/** `-p a=1 -p a.b=2` says two things of one place. */
function refuseWithin(input: JsonObject, path: Path, key: string, given: readonly Given[]): void {
  let value: unknown = input;
  for (const [depth, head] of path.slice(0, -1).entries()) {
    value = isJsonObject(value) || Array.isArray(value) ? own(value as JsonObject, String(head)) : undefined;
    if (value === undefined) return;
    if (typeof value === 'object' && value !== null) continue;
    const outer = given.find((each) => isSame(each.path, path.slice(0, depth + 1)));
    if (outer === undefined) return;
    throw usageError(
      `-p ${key} leads into ${outer.key}, which -p gives a value that is no object`,
      'Leave one of them out.',
    );
  }
}

/** A list has no holes. */
function refuseGap(input: JsonObject, path: Path, key: string): void {
  let value: unknown = input;
  for (const head of path) {
    if (typeof head === 'number' && head > (Array.isArray(value) ? value.length : 0)) {
      throw usageError(
        `-p ${key}: there is no element ${head - 1} before it`,
        'Elements are counted from 0.',
      );
    }
    value = isJsonObject(value) || Array.isArray(value) ? own(value as JsonObject, String(head)) : undefined;
  }
}

function own(object: JsonObject, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}

function isSame(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index]);
}
