import { usageError } from '../../errors.ts';

/** Decoded; a name alone has no value. */
export type QueryPair = readonly [name: string, value?: string];

/** `k=v`, `k=` or `k`. Throws a usage error for a pair without a name. */
export function parseQuery(pair: string): QueryPair {
  const at = pair.indexOf('=');
  if (pair === '' || at === 0) {
    throw usageError('a parameter of -q has no name', 'Write -q name=value, or -q name alone.');
  }
  return at < 0 ? [pair] : [pair.slice(0, at), pair.slice(at + 1)];
}

/** The path with each pair encoded once, behind what it has already. */
export function appendQuery(path: string, pairs: readonly QueryPair[]): string {
  return pairs.reduce((whole, pair) => {
    const encoded = pair.map((part) => encodeURIComponent(part ?? '')).join('=');
    return `${whole}${separator(whole)}${encoded}`;
  }, path);
}

function separator(path: string): string {
  if (!path.includes('?')) return '?';
  return path.endsWith('?') || path.endsWith('&') ? '' : '&';
}
