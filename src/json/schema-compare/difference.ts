import type { Classes } from './classes.ts';
import type { SchemaNode } from './model.ts';

/** What became of one node in another. Empty where they surely take the same. */
export type Between = (before: SchemaNode, after: SchemaNode) => readonly Difference[];

/** Two graphs that are held against each other. */
export interface Comparison {
  classes: Classes;
  between: Between;
}

/**
 * `narrowed`: something that was taken is not any more. `widened`: something is taken that was not. `changed`: both.
 * `undecided`: it is written otherwise, and which of them holds cannot be told.
 */
export type Direction = 'narrowed' | 'widened' | 'changed' | 'undecided';

/** What became of it: a property that came, went or is required now, a type that was implied, or what a value may be. */
export type Subject = 'added' | 'removed' | 'required' | 'implied' | 'value';

export interface Difference {
  /** `.filter.tags[]`; empty for the whole value. */
  path: string;
  direction: Direction;
  /** It may be so, or nothing may have become of it. */
  isUnsure?: boolean;
  subject: Subject;
  message: string;
  before?: unknown;
  after?: unknown;
}

export function valueDifference(
  direction: Direction,
  message: string,
  before?: unknown,
  after?: unknown,
): Difference {
  return { path: '', direction, subject: 'value', message, before, after };
}

/** The same, of what is at `path`. */
export function at(path: string, differences: readonly Difference[]): Difference[] {
  return differences.map((each) => ({ ...each, path: `${path}${each.path}` }));
}

export function keyPath(key: string): string {
  return /^[\p{L}_$][\p{L}\p{N}_$-]*$/u.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}

/** By what surely was or came: nothing says `changed`, either alone says itself. */
export function directionOf(isNarrowed: boolean, isWidened: boolean): Direction | undefined {
  if (isNarrowed) return isWidened ? 'changed' : 'narrowed';
  return isWidened ? 'widened' : undefined;
}
