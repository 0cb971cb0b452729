import type { Classes } from './classes.ts';
import { type Between, type Difference, directionOf, valueDifference } from './difference.ts';
import type { SchemaNode, ValueType } from './model.ts';
import { valuesDifferences } from './node-differences.ts';
import { typesText, valueTypes } from './words.ts';

/** Beyond these, what is left is undecided. */
const MOST_PAIRS = 20_000;
const DEEPEST = 200;
/** Of one pair: the first ones, and one of every direction. */
const MOST_DIFFERENCES = 200;

const TOO_LARGE = [valueDifference('undecided', 'is too large to be compared')];

/**
 * Nodes that lead back to a pair that is being compared are taken for the same there: where they are not, that
 * pair says so. A result that was found on that ground is kept only where the pair itself is done.
 */
export function createDiffer(classes: Classes): Between {
  const done = new Map<string, readonly Difference[]>();
  const open = new Map<string, number>();
  let pairs = 0;
  let outermostAssumed = Infinity;

  const between: Between = (before, after) => {
    const key = `${classes.of(before)} ${classes.of(after)}`;
    if (classes.of(before) === classes.of(after)) return [];
    const known = done.get(key);
    if (known !== undefined) return known;
    const depth = open.get(key);
    if (depth !== undefined) {
      outermostAssumed = Math.min(outermostAssumed, depth);
      return [];
    }
    pairs += 1;
    if (pairs > MOST_PAIRS || open.size > DEEPEST) return TOO_LARGE;
    return compare(before, after, key);
  };

  function compare(before: SchemaNode, after: SchemaNode, key: string): readonly Difference[] {
    const own = open.size;
    const outer = outermostAssumed;
    outermostAssumed = Infinity;
    open.set(key, own);
    const found = limited([
      ...typeDifferences(before, after),
      ...valuesDifferences({ classes, between }, before, after),
    ]);
    open.delete(key);
    const isSettled = outermostAssumed >= own;
    if (isSettled) done.set(key, found);
    outermostAssumed = Math.min(outer, isSettled ? Infinity : outermostAssumed);
    return found;
  }
  return between;
}

function limited(differences: readonly Difference[]): readonly Difference[] {
  if (differences.length <= MOST_DIFFERENCES) return differences;
  const [shown, rest] = [differences.slice(0, MOST_DIFFERENCES), differences.slice(MOST_DIFFERENCES)];
  const directions = new Set(shown.map(({ direction }) => direction));
  return [
    ...shown,
    ...rest.filter(({ direction }) => {
      const isNew = !directions.has(direction);
      directions.add(direction);
      return isNew;
    }),
  ];
}

function typeDifferences(before: SchemaNode, after: SchemaNode): Difference[] {
  const [old, now] = [valueTypes(before), valueTypes(after)];
  const direction = directionOf(
    [...old].some((type) => !now.has(type)),
    [...now].some((type) => !old.has(type)),
  );
  if (direction === undefined) return [];
  const [from, to] = [typesText(before), typesText(after)];
  const isImplied =
    (direction === 'narrowed' && isOnly(now, before.impliedType)) ||
    (direction === 'widened' && isOnly(old, after.impliedType));
  if (!isImplied) return [valueDifference(direction, `type ${from} → ${to}`, from, to)];
  const message =
    direction === 'narrowed' ? `now says that it is ${to}` : `no longer says that it is ${from}`;
  return [{ ...valueDifference(direction, message, from, to), subject: 'implied' }];
}

function isOnly(types: ReadonlySet<ValueType>, type: ValueType | undefined): boolean {
  return type !== undefined && types.size === 1 && types.has(type);
}
