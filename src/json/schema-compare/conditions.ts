import type { Classes } from './classes.ts';
import { type Difference, valueDifference } from './difference.ts';
import type { Condition } from './model.ts';

/** A condition more can only narrow, and one less only widen; which of two holds more often is not told. */
export function conditionDifferences(
  classes: Classes,
  before: readonly Condition[],
  after: readonly Condition[],
): Difference[] {
  const [old, now] = [new Set(before.map(classes.ofCondition)), new Set(after.map(classes.ofCondition))];
  const gone = keywordsOf(before.filter((each) => !now.has(classes.ofCondition(each))));
  const come = keywordsOf(after.filter((each) => !old.has(classes.ofCondition(each))));
  return [...new Set([...gone, ...come])].map((keyword) => {
    if (!come.has(keyword)) return valueDifference('widened', `${keyword} is gone`);
    if (!gone.has(keyword)) return valueDifference('narrowed', `${keyword} is new`);
    return valueDifference('undecided', `${keyword} is written otherwise`);
  });
}

function keywordsOf(conditions: readonly Condition[]): Set<string> {
  return new Set(conditions.map(({ keyword }) => keyword));
}
