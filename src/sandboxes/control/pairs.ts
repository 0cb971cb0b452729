import { usageError } from '../../errors.ts';

/** `name=value` each, or with another separator. */
export function pairs(given: readonly string[], flag: string, separator = '='): Record<string, string> {
  return Object.fromEntries(
    given.map((pair) => {
      const at = pair.indexOf(separator);
      if (at < 1)
        throw usageError(`${flag} ${pair}: it takes name${separator}value`, undefined, { code: 'usage' });
      return [pair.slice(0, at).trim(), pair.slice(at + 1).trim()];
    }),
  );
}
