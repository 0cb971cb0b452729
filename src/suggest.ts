import leven from 'leven';

/** The candidates that `name` was most likely meant to be, best first; none where nothing comes close. */
function nearest(name: string, candidates: readonly string[], most = 3): string[] {
  const wanted = name.toLowerCase();
  const tooFar = Math.max(3, Math.ceil(wanted.length / 2));
  return candidates
    .map((candidate) => {
      const lower = candidate.toLowerCase();
      // `search` for `c-docs_search` is far in edits, but plainly what was meant.
      const distance = lower.includes(wanted) ? 1 : leven(wanted, lower);
      return { candidate, distance };
    })
    .filter(({ distance }) => distance < tooFar)
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/** `Did you mean a or b?`, or `otherwise` where nothing comes close. */
export function didYouMean(name: string, candidates: readonly string[], otherwise: string): string {
  const meant = meantBy(name, candidates);
  return meant === undefined ? otherwise : `Did you mean ${meant}?`;
}

/** `a, b or c`; undefined where nothing comes close. */
export function meantBy(name: string, candidates: readonly string[]): string | undefined {
  const close = nearest(name, candidates);
  if (close.length === 0) return undefined;
  return `${close.slice(0, -1).join(', ')}${close.length > 1 ? ' or ' : ''}${close.at(-1)}`;
}
