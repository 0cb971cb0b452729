import { at, type Comparison, type Difference, directionOf, keyPath, valueDifference } from './difference.ts';
import { ANY, NEVER, type ObjectShape, type SchemaNode } from './model.ts';
import { matchesPattern } from './pattern.ts';
import { limitDifferences } from './set-differences.ts';
import { typesText } from './words.ts';

export function objectDifferences(
  comparison: Comparison,
  before: ObjectShape,
  after: ObjectShape,
): Difference[] {
  const keys = new Set([
    ...before.properties.keys(),
    ...after.properties.keys(),
    ...before.required,
    ...after.required,
  ]);
  return [
    ...[...keys].flatMap((key) => at(keyPath(key), keyDifferences(comparison, before, after, key))),
    ...patternDifferences(comparison, before, after),
    ...additionalDifferences(comparison, before, after),
    ...limitDifferences('minProperties', before.minProperties, after.minProperties, 1),
    ...limitDifferences('maxProperties', before.maxProperties, after.maxProperties, -1),
  ];
}

function keyDifferences(
  { classes, between }: Comparison,
  before: ObjectShape,
  after: ObjectShape,
  key: string,
): Difference[] {
  const [old, now] = [before.properties.get(key), after.properties.get(key)];
  if (old !== undefined && now === undefined) {
    const rest = undeclared(after, key);
    if (rest === ANY || rest === NEVER)
      return [removed(old, rest, before.required.has(key) && !after.required.has(key))];
  }
  if (old === undefined && now !== undefined) {
    const rest = undeclared(before, key);
    const isRequired = after.required.has(key) && !before.required.has(key);
    if (rest === ANY || rest === NEVER) {
      return isRequired ? [requiredNow(now, rest)] : [added(now, rest), ...requirement(before, after, key)];
    }
  }
  const [from, to] = [old ?? undeclared(before, key), now ?? undeclared(after, key)];
  const own =
    from === undefined || to === undefined
      ? [valueDifference('undecided', 'what several patterns say of it cannot be put together')]
      : classes.of(from) === classes.of(to)
        ? []
        : between(from, to);
  return [...own, ...requirement(before, after, key)];
}

/** What is said of a key that has no schema of its own; undefined where that takes more than one. */
function undeclared({ patterns, additional }: ObjectShape, key: string): SchemaNode | undefined {
  const matching = [...patterns].filter(([pattern]) => matchesPattern(pattern, key) !== false);
  const [only] = matching;
  if (only === undefined) return additional;
  return matching.length === 1 ? only[1] : undefined;
}

function removed(old: SchemaNode, rest: SchemaNode, isReleased: boolean): Difference {
  const isRefused = rest === NEVER;
  return {
    path: '',
    direction: directionOf(isRefused, !isRefused || isReleased) ?? 'widened',
    subject: 'removed',
    message: `removed${isRefused ? ' and refused now' : ''} (${typesText(old)})`,
    before: typesText(old),
  };
}

/** Where any key was allowed, one that has to be of a type now was taken with another. */
function added(now: SchemaNode, rest: SchemaNode): Difference {
  return {
    path: '',
    direction: rest === NEVER ? 'widened' : 'narrowed',
    subject: 'added',
    message: `added (${typesText(now)})`,
    after: typesText(now),
  };
}

function requiredNow(now: SchemaNode, rest: SchemaNode): Difference {
  const direction = directionOf(true, rest === NEVER) ?? 'narrowed';
  const message = `added (${typesText(now)}) and required`;
  return { path: '', direction, subject: 'required', message, after: typesText(now) };
}

function requirement(
  { required: old }: ObjectShape,
  { required: now }: ObjectShape,
  key: string,
): Difference[] {
  if (old.has(key) === now.has(key)) return [];
  const base = { path: '', before: old.has(key), after: now.has(key), subject: 'required' } as const;
  return [
    now.has(key)
      ? { ...base, direction: 'narrowed', message: 'required now' }
      : { ...base, direction: 'widened', message: 'no longer required' },
  ];
}

function additionalDifferences(
  { between }: Comparison,
  before: ObjectShape,
  after: ObjectShape,
): Difference[] {
  const [old, now] = [before.additional, after.additional];
  if (old === now) return [];
  if (now === NEVER) return [valueDifference('narrowed', 'no longer takes properties that it does not name')];
  if (old === NEVER) return [valueDifference('widened', 'also takes properties that it does not name')];
  return at('.*', between(old, now));
}

/** A pattern that only one side has: its keys were or are among the others. */
function patternDifferences({ between }: Comparison, before: ObjectShape, after: ObjectShape): Difference[] {
  return [...new Set([...before.patterns.keys(), ...after.patterns.keys()])].flatMap((pattern) => {
    const [old, now] = [before.patterns.get(pattern), after.patterns.get(pattern)];
    if (old !== undefined && now !== undefined) return at(`[/${pattern}/]`, between(old, now));
    const isAlone = before.patterns.size + after.patterns.size === 1;
    if (!isAlone) return [valueDifference('undecided', 'patternProperties are written otherwise')];
    return at(`[/${pattern}/]`, between(old ?? before.additional, now ?? after.additional));
  });
}
