import type { Classes } from './classes.ts';
import { type Comparison, type Difference, type Direction, valueDifference } from './difference.ts';
import { areApart } from './disjoint.ts';
import type { Shape } from './model.ts';
import { shapeDifferences } from './shape-differences.ts';
import { alternativeText } from './words.ts';

/** What became of the shapes that the values of one type may have. */
export function unionDifferences(
  comparison: Comparison,
  old: readonly Shape[],
  now: readonly Shape[],
): Difference[] {
  if (old.length === 0 || now.length === 0) return [];
  const { classes } = comparison;
  const [gone, come] = [without(classes, old, now), without(classes, now, old)];
  const paired = new Set<Shape>();
  const rest = (shapes: readonly Shape[]) => shapes.filter((shape) => !paired.has(shape));
  const pairs = alikeButConditions(classes, gone, come);
  for (const shape of pairs.flat()) paired.add(shape);
  pairs.push(...likelyPairs(rest(gone), rest(come)));
  for (const shape of pairs.flat()) paired.add(shape);
  return [
    ...withoutRepeats(pairs.flatMap(([before, after]) => shapeDifferences(comparison, before, after))),
    ...rest(gone).flatMap((shape) =>
      uncovered(shape, now, 'narrowed', (other) => shapeDifferences(comparison, shape, other)),
    ),
    ...rest(come).flatMap((shape) =>
      uncovered(shape, old, 'widened', (other) => shapeDifferences(comparison, other, shape)),
    ),
  ];
}

function without(classes: Classes, shapes: readonly Shape[], others: readonly Shape[]): Shape[] {
  const known = new Set(others.map((other) => classes.ofAlternative(other)));
  return shapes.filter((shape) => !known.has(classes.ofAlternative(shape)));
}

/** Those that differ in conditions alone: what `oneOf` excludes is one of each member. */
function alikeButConditions(
  classes: Classes,
  gone: readonly Shape[],
  come: readonly Shape[],
): [Shape, Shape][] {
  const heirs = new Map(come.map((shape) => [classes.ofFacts(shape), shape]));
  return gone.flatMap((before): [Shape, Shape][] => {
    const key = classes.ofFacts(before);
    const heir = heirs.get(key);
    heirs.delete(key);
    return heir === undefined ? [] : [[before, heir]];
  });
}

/** Those of which each can only have become the other. */
function likelyPairs(gone: readonly Shape[], come: readonly Shape[]): [Shape, Shape][] {
  return gone.flatMap((before): [Shape, Shape][] => {
    const heirs = come.filter((after) => !areApart(before, after));
    const [heir] = heirs;
    if (heir === undefined || heirs.length > 1) return [];
    const claimants = gone.filter((each) => !areApart(each, heir));
    return claimants.length === 1 ? [[before, heir]] : [];
  });
}

/** The condition of a union is told once for all of its members. */
function withoutRepeats(differences: readonly Difference[]): Difference[] {
  const byText = new Map(differences.map((each) => [`${each.direction} ${each.path} ${each.message}`, each]));
  return [...byText.values()];
}

/** Of a shape that has no counterpart: whether one of those on the other side takes all that it does. */
function uncovered(
  shape: Shape,
  others: readonly Shape[],
  direction: 'narrowed' | 'widened',
  compare: (other: Shape) => readonly Difference[],
): Difference[] {
  const harmless: Direction = direction === 'narrowed' ? 'widened' : 'narrowed';
  const candidates = others.filter((other) => !areApart(shape, other));
  const found = candidates.map(compare);
  if (found.some((differences) => differences.every((each) => each.direction === harmless))) return [];
  const isSure =
    candidates.length === 0 ||
    (candidates.length === 1 &&
      found.flat().some((each) => each.direction !== 'undecided' && each.direction !== harmless));
  const [surely, perhaps] =
    direction === 'narrowed'
      ? ['no longer takes', 'may no longer take all of']
      : ['also takes', 'may take more than'];
  const told = valueDifference(direction, `${isSure ? surely : perhaps} ${alternativeText(shape)}`);
  return [isSure ? told : { ...told, isUnsure: true }];
}
