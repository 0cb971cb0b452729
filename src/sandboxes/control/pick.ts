import { type SkConnectError, usageError } from '../../errors.ts';

const MOST_NAMED = 5;

/** The only one there is. Throws where there is none, or a usage error that names those there are. */
export function pickOne<T>(
  candidates: readonly T[],
  shown: (candidate: T) => string,
  none: () => SkConnectError,
  hint: string,
): T {
  const [first, ...others] = candidates;
  if (first === undefined) throw none();
  if (others.length === 0) return first;
  const named = candidates.slice(0, MOST_NAMED).map(shown).join(', ');
  const more = candidates.length > MOST_NAMED ? `, and ${candidates.length - MOST_NAMED} more` : '';
  throw usageError(`it could be one of ${candidates.length}: ${named}${more}`, hint, { code: 'ambiguous' });
}
