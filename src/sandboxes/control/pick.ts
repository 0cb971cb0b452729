import { usageError } from '../../errors.ts';

const MOST_NAMED = 5;

/** The only one there is, else a usage error that names those there are. */
export function pickOne<T>(
  first: T,
  candidates: readonly T[],
  shown: (candidate: T) => string,
  hint: string,
): T {
  if (candidates.length === 1) return first;
  const named = candidates.slice(0, MOST_NAMED).map(shown).join(', ');
  const more = candidates.length > MOST_NAMED ? `, and ${candidates.length - MOST_NAMED} more` : '';
  throw usageError(`it could be one of ${candidates.length}: ${named}${more}`, hint, { code: 'ambiguous' });
}
