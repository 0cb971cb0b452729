import type { JsonObject } from '../object.ts';
import { condition, type Parts } from './flatten.ts';
import { hasInPlaceSchemas, isOpen, numbersOf } from './keywords.ts';
import type { ArrayShape, Condition } from './model.ts';

export function arrayShape(
  parts: Parts,
  plain: readonly JsonObject[],
  conditions: readonly Condition[],
): ArrayShape {
  const lists = plain.map(listOf);
  const longest = Math.max(0, ...lists.map(({ prefix }) => prefix.length));
  const at = (index: number) =>
    lists.map(({ prefix, rest }) => (index < prefix.length ? prefix[index] : rest));
  return {
    type: 'array',
    minItems: Math.max(0, ...numbersOf(plain, 'minItems')),
    maxItems: Math.min(Infinity, ...numbersOf(plain, 'maxItems')),
    isUnique: plain.some(({ uniqueItems }) => uniqueItems === true),
    prefix: Array.from({ length: longest }, (_, index) => parts.node(at(index))),
    rest: parts.node(lists.map(({ rest }) => rest)),
    conditions: [...conditions, ...plain.flatMap((schema) => conditionsOf(parts, schema))],
  };
}

/** A list in `items` is what `prefixItems` is from 2020-12 on, and `additionalItems` the `items` beside it. */
function listOf(schema: JsonObject): { prefix: readonly unknown[]; rest: unknown } {
  const { items, prefixItems, additionalItems, unevaluatedItems } = schema;
  const left = hasInPlaceSchemas(schema) ? undefined : unevaluatedItems;
  if (Array.isArray(items)) return { prefix: items, rest: additionalItems ?? left };
  return { prefix: Array.isArray(prefixItems) ? prefixItems : [], rest: items ?? left };
}

function conditionsOf({ node, document }: Parts, schema: JsonObject): Condition[] {
  const { contains, minContains, maxContains, unevaluatedItems } = schema;
  return [
    ...(contains === undefined
      ? []
      : [condition('contains', JSON.stringify([minContains ?? 1, maxContains]), [['', node([contains])]])]),
    ...(isOpen(unevaluatedItems) || !hasInPlaceSchemas(schema)
      ? []
      : [condition('unevaluatedItems', document.text())]),
  ];
}
