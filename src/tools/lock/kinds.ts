import type { Difference } from '../../json/schema-compare/difference.ts';

/** Kinds of change, and whether those who call the tool, or read what it gives, have to follow. */
export const BREAKING_KINDS = [
  'removed-tool',
  'removed-input',
  'new-required-input',
  'narrowed-input',
  'changed-input',
  'removed-output',
  'widened-output',
  'changed-output',
  'lost-read-only',
  'new-scope',
] as const;

export const OTHER_KINDS = [
  'added-tool',
  'added-input',
  'widened-input',
  'added-output',
  'narrowed-output',
  'gained-read-only',
  'dropped-scope',
  'stated-type',
  'changed-default',
  'changed-description',
] as const;

/** `undecided`: of two schemas that are written otherwise it cannot be told which takes more. */
export type ChangeKind = (typeof BREAKING_KINDS)[number] | (typeof OTHER_KINDS)[number] | 'undecided';

export const KINDS: readonly ChangeKind[] = [...BREAKING_KINDS, 'undecided', ...OTHER_KINDS];

export interface Verdict {
  kind: ChangeKind;
  /** Null where that cannot be told. */
  isBreaking: boolean | null;
}

export function verdictOn(kind: ChangeKind): Verdict {
  const isBreaking = (BREAKING_KINDS as readonly ChangeKind[]).includes(kind);
  return { kind, isBreaking: kind === 'undecided' ? null : isBreaking };
}

/** What may be, and would be breaking, is undecided. */
export function verdictOf(side: 'input' | 'output', difference: Difference): Verdict {
  const verdict = side === 'input' ? inputVerdict(difference) : outputVerdict(difference);
  return verdict.isBreaking === true && difference.isUnsure === true ? verdictOn('undecided') : verdict;
}

/** What is given must still be taken: less is breaking, more is not. */
function inputVerdict({ subject, direction }: Difference): Verdict {
  if (direction === 'undecided') return verdictOn('undecided');
  if (subject === 'removed') return verdictOn('removed-input');
  if (subject === 'added') return verdictOn('added-input');
  if (subject === 'implied') return verdictOn('stated-type');
  if (subject === 'required' && direction !== 'widened') return verdictOn('new-required-input');
  return verdictOn(`${direction}-input`);
}

/** What is read must still be as it was said: more is breaking, less is not, unless it is a property that is gone. */
function outputVerdict({ subject, direction }: Difference): Verdict {
  if (direction === 'undecided') return verdictOn('undecided');
  if (subject === 'removed') return verdictOn('removed-output');
  // Where properties that are not named were excluded, a reader that checks would refuse a new one.
  if (subject === 'added') return { kind: 'added-output', isBreaking: direction !== 'narrowed' };
  if (subject === 'implied') return verdictOn('stated-type');
  if (subject === 'required' && direction === 'changed') return { kind: 'added-output', isBreaking: true };
  return verdictOn(`${direction}-output`);
}
