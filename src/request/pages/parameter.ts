import { appendQuery } from '../call/query.ts';

/** The first value of a query parameter, decoded; undefined where the path has none of that name. */
export function parameterOf(path: string, name: string): string | undefined {
  const pair = split(path).pairs.find((each) => nameOf(each) === name);
  return pair === undefined ? undefined : decode(pair.slice(pair.indexOf('=') + 1 || pair.length));
}

/** The path with one value for a parameter, in place of what it had; every other byte stays. */
export function withParameter(path: string, name: string, value: string): string {
  const { pathname, pairs } = split(path);
  const at = pairs.findIndex((pair) => nameOf(pair) === name);
  if (at < 0) return appendQuery(path, [[name, value]]);
  const written = pairs[at]?.split('=', 1)[0] ?? '';
  const replaced = pairs.flatMap((pair, index) => {
    if (index === at) return [`${written}=${encodeURIComponent(value)}`];
    return nameOf(pair) === name ? [] : [pair];
  });
  return `${pathname}?${replaced.join('&')}`;
}

function split(path: string): { pathname: string; pairs: string[] } {
  const at = path.indexOf('?');
  if (at < 0) return { pathname: path, pairs: [] };
  return { pathname: path.slice(0, at), pairs: path.slice(at + 1).split('&') };
}

function nameOf(pair: string): string {
  return decode(pair.split('=', 1)[0] ?? '');
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return text;
  }
}
