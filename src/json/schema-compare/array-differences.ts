import { at, type Comparison, type Difference, valueDifference } from './difference.ts';
import type { ArrayShape } from './model.ts';
import { limitDifferences } from './set-differences.ts';

export function arrayDifferences(
  { between }: Comparison,
  before: ArrayShape,
  after: ArrayShape,
): Difference[] {
  const longest = Math.max(before.prefix.length, after.prefix.length);
  const item = ({ prefix, rest }: ArrayShape, index: number) => prefix[index] ?? rest;
  return [
    ...limitDifferences('minItems', before.minItems, after.minItems, 1),
    ...limitDifferences('maxItems', before.maxItems, after.maxItems, -1),
    ...(before.isUnique === after.isUnique
      ? []
      : [
          after.isUnique
            ? valueDifference('narrowed', 'items have to be unique now', false, true)
            : valueDifference('widened', 'items no longer have to be unique', true, false),
        ]),
    ...Array.from({ length: longest }, (_, index) =>
      at(`[${index}]`, between(item(before, index), item(after, index))),
    ).flat(),
    ...at('[]', between(before.rest, after.rest)),
  ];
}
