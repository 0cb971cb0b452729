import type { Alternative, ObjectShape, SchemaNode } from './model.ts';
import { typeOfValue, type ValueType } from './model.ts';

type Fill = (node: SchemaNode) => SchemaNode;

/** Whether surely no value fits two of the nodes. `fill` makes what is not made yet. */
export function areAllDisjoint(nodes: readonly SchemaNode[], fill: Fill): boolean {
  const lists = nodes.map(listed);
  // Thousands of constants are not held against each other.
  if (lists.every((list) => list !== undefined)) {
    const texts = lists.flat();
    return new Set(texts).size === texts.length;
  }
  return nodes.every((a, index) => nodes.slice(index + 1).every((b) => areDisjoint(a, b, fill)));
}

/** Whether surely no value fits both nodes. */
function areDisjoint(a: SchemaNode, b: SchemaNode, fill: Fill): boolean {
  if (!a.isFilled || !b.isFilled) return false;
  return a.alternatives.every((one) => b.alternatives.every((other) => areApart(one, other, fill)));
}

/** By their types, the values that they list, or a property that tells them apart. */
export function areApart(a: Alternative, b: Alternative, fill: Fill = (node) => node): boolean {
  const types = typesOf(b);
  if (![...typesOf(a)].some((type) => types.has(type))) return true;
  if (a.type === 'literals' && b.type === 'literals')
    return [...a.values.keys()].every((key) => !b.values.has(key));
  if (a.type === 'object' && b.type === 'object') return isToldApart(a, b, fill);
  return false;
}

function typesOf(alternative: Alternative): ReadonlySet<ValueType> {
  if (alternative.type !== 'literals') return new Set([alternative.type]);
  return new Set([...alternative.values.values()].map(typeOfValue));
}

/** A key that one of them requires and whose listed values differ. */
function isToldApart(a: ObjectShape, b: ObjectShape, fill: Fill): boolean {
  return [...a.required, ...b.required].some((key) => {
    const [ours, theirs] = [a.properties.get(key), b.properties.get(key)];
    if (ours === undefined || theirs === undefined) return false;
    const [one, other] = [listed(fill(ours)), listed(fill(theirs))];
    return one !== undefined && other !== undefined && one.every((text) => !other.includes(text));
  });
}

/** The values of a node that lists all of them. */
function listed({ alternatives, isFilled }: SchemaNode): string[] | undefined {
  if (!isFilled) return undefined;
  const texts: string[] = [];
  for (const alternative of alternatives) {
    if (alternative.type !== 'literals') return undefined;
    texts.push(...alternative.values.keys());
  }
  return texts;
}
