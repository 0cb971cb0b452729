import { type Difference, type Direction, directionOf, valueDifference } from './difference.ts';
import { shorten } from './words.ts';

/** `minLength`, `maxItems` and the like; 0 and infinity are none. */
export function limitDifferences(
  keyword: string,
  before: number,
  after: number,
  tighter: 1 | -1,
): Difference[] {
  if (before === after) return [];
  const value = (limit: number) => ((limit === 0 && tighter === 1) || limit === Infinity ? undefined : limit);
  const message = `${keyword} ${value(before) ?? 'none'} → ${value(after) ?? 'none'}`;
  const direction = tighter * (after - before) > 0 ? 'narrowed' : 'widened';
  return [valueDifference(direction, message, value(before), value(after))];
}

/** Of texts that all have to hold: one more narrows, one less widens; `ofOthers` where some came and some went. */
export function setDifferences(
  keyword: string,
  before: readonly string[],
  after: readonly string[],
  ofOthers: Direction,
): Difference[] {
  const isNarrowed = after.some((each) => !before.includes(each));
  const isWidened = before.some((each) => !after.includes(each));
  const direction = directionOf(isNarrowed, isWidened);
  if (direction === undefined) return [];
  const text = (all: readonly string[]) => (all.length === 0 ? 'none' : all.map(shorten).join(' and '));
  const message = `${keyword} ${text(before)} → ${text(after)}`;
  return [
    valueDifference(
      direction === 'changed' ? ofOthers : direction,
      message,
      before.join(' '),
      after.join(' '),
    ),
  ];
}
