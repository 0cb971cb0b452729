import { wordsOf } from '../../contracts/lint/words.ts';

/** In snake_case, as the inputs of Scalekit's own tools are named. */
export function inputName(...words: readonly string[]): string {
  const name = words.flatMap(wordsOf).join('_');
  return name === '' ? 'input' : name;
}

/** `user_id` for what follows `users` in a path. */
export function idName(segmentBefore: string | undefined, value: string): string {
  const kind = value.includes('@') ? 'email' : 'id';
  return inputName(singular(wordsOf(segmentBefore ?? '').at(-1) ?? ''), kind);
}

/** The first of these that is free, and no name that the caller fills. */
export function freeName(candidates: readonly string[], taken: ReadonlySet<string>): string {
  const isFree = (name: string) => !taken.has(name) && name !== 'identifier';
  const last = candidates.at(-1) ?? 'input';
  for (let number = 2; ; number++) {
    const free = candidates.find(isFree);
    if (free !== undefined) return free;
    const numbered = `${last}_${number}`;
    if (isFree(numbered)) return numbered;
  }
}

function singular(word: string): string {
  if (word.endsWith('ies')) return word.replace(/ies$/, 'y');
  if (/(ss|x|ch|sh|us)es$/.test(word)) return word.replace(/es$/, '');
  return /[^su]s$/.test(word) ? word.slice(0, -1) : word;
}
