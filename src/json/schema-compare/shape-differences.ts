import { arrayDifferences } from './array-differences.ts';
import { conditionDifferences } from './conditions.ts';
import { type Comparison, type Difference, valueDifference } from './difference.ts';
import { formatDifferences } from './formats.ts';
import type { Bound, NumberShape, Shape, StringShape } from './model.ts';
import { objectDifferences } from './object-differences.ts';
import { limitDifferences, setDifferences } from './set-differences.ts';

/** What became of one shape in another of the same type. */
export function shapeDifferences(comparison: Comparison, before: Shape, after: Shape): Difference[] {
  return [
    ...ownDifferences(comparison, before, after),
    ...conditionDifferences(comparison.classes, before.conditions, after.conditions),
  ];
}

function ownDifferences(comparison: Comparison, before: Shape, after: Shape): Difference[] {
  if (before.type === 'number' && after.type === 'number') return numberDifferences(before, after);
  if (before.type === 'string' && after.type === 'string') return stringDifferences(before, after);
  if (before.type === 'array' && after.type === 'array') return arrayDifferences(comparison, before, after);
  if (before.type === 'object' && after.type === 'object')
    return objectDifferences(comparison, before, after);
  return [];
}

function numberDifferences(before: NumberShape, after: NumberShape): Difference[] {
  return [
    ...(before.isInteger === after.isInteger
      ? []
      : [
          before.isInteger
            ? valueDifference('widened', 'type integer → number', 'integer', 'number')
            : valueDifference('narrowed', 'type number → integer', 'number', 'integer'),
        ]),
    ...boundDifferences('inimum', before.minimum, after.minimum, 1),
    ...boundDifferences('aximum', before.maximum, after.maximum, -1),
    ...multipleDifferences(before.multiples, after.multiples),
    ...formatDifferences(before.formats, after.formats),
  ];
}

function boundDifferences(
  side: 'inimum' | 'aximum',
  before: Bound | undefined,
  after: Bound | undefined,
  tighter: 1 | -1,
): Difference[] {
  const order = (bound: Bound | undefined): number =>
    bound === undefined ? -Infinity : tighter * bound.value;
  const moved =
    order(after) - order(before) ||
    Number(after?.isExclusive ?? false) - Number(before?.isExclusive ?? false);
  if (order(after) === order(before) && (before?.isExclusive ?? false) === (after?.isExclusive ?? false))
    return [];
  const name = (bound: Bound | undefined) => (bound?.isExclusive ? `exclusiveM${side}` : `m${side}`);
  const text = (bound: Bound | undefined) => (bound === undefined ? 'none' : String(bound.value));
  const [from, to] = [name(before ?? after), name(after ?? before)];
  const message =
    from === to
      ? `${from} ${text(before)} → ${text(after)}`
      : `${from} ${text(before)} → ${to} ${text(after)}`;
  return [valueDifference(moved > 0 ? 'narrowed' : 'widened', message, before?.value, after?.value)];
}

function stringDifferences(before: StringShape, after: StringShape): Difference[] {
  return [
    ...limitDifferences('minLength', before.minLength, after.minLength, 1),
    ...limitDifferences('maxLength', before.maxLength, after.maxLength, -1),
    ...patternDifferences(before.patterns, after.patterns),
    ...formatDifferences(before.formats, after.formats),
  ];
}

/** One pattern more narrows, one less widens; what another one takes is not told. */
function patternDifferences(before: readonly string[], after: readonly string[]): Difference[] {
  return setDifferences('pattern', before, after, 'undecided');
}

function multipleDifferences(before: readonly number[], after: readonly number[]): Difference[] {
  if (before.join() === after.join()) return [];
  const isWithin = (inner: readonly number[], outer: readonly number[]) =>
    outer.every((each) => inner.some((one) => Number.isInteger(one / each)));
  const direction = isWithin(after, before) ? 'narrowed' : isWithin(before, after) ? 'widened' : 'changed';
  const text = (all: readonly number[]) => all.join(' and ') || 'none';
  return [
    valueDifference(direction, `multipleOf ${text(before)} → ${text(after)}`, text(before), text(after)),
  ];
}
