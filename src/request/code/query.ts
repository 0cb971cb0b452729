import type { TypedCall } from '../call/typed-call.ts';
import type { Variable, Variables } from './variables.ts';

export interface PathAndParameters {
  /** Percent-encoded as it leaves, with what of the query must stay as it is. */
  path: string;
  /** What a dictionary can say: each name once, with a value. */
  parameters: ReadonlyMap<string, string | number | Variable>;
}

interface Pair {
  raw: string;
  /** Undefined where decoding and encoding again would not give the same. */
  decoded: readonly [name: string, value: string] | undefined;
}

// By axios, which has them for attacks on the prototype.
const DROPPED_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

/** Parameters that a dictionary can hold apart from the path, for whoever reads the program; the others stay in it. */
export function splitQuery({ call }: TypedCall, variables: Variables): PathAndParameters {
  const target = targetOf(call.path);
  const at = target.indexOf('?');
  if (at < 0) return { path: target, parameters: new Map() };
  const pairs = target
    .slice(at + 1)
    .split('&')
    .map(readPair);
  const isPlain = ({ decoded }: Pair) =>
    decoded !== undefined &&
    /^[A-Za-z_][\w.:$-]*$/.test(decoded[0]) &&
    !DROPPED_NAMES.has(decoded[0]) &&
    pairs.filter((other) => other.decoded?.[0] === decoded[0]).length === 1;
  const kept = pairs.filter((pair) => !isPlain(pair)).map(({ raw }) => raw);
  const plain = pairs.flatMap((pair) => (isPlain(pair) && pair.decoded ? [pair.decoded] : []));
  return {
    path: `${target.slice(0, at)}${kept.length === 0 ? '' : `?${kept.join('&')}`}`,
    parameters: new Map(plain.map(([name, value]) => [name, parameterValue(name, value, variables)])),
  };
}

/** The path and query as a URL has them: the command line may have spaces and letters that need encoding. */
function targetOf(path: string): string {
  const absolute = `${path.startsWith('/') ? '' : '/'}${path.replaceAll(' ', '%20')}`;
  const { pathname, search } = new URL(`http://localhost/proxy${absolute}`);
  return `${pathname.slice('/proxy'.length)}${search}`;
}

function readPair(raw: string): Pair {
  const at = raw.indexOf('=');
  // “+” is a space for forms, and itself for some providers.
  if (at < 1 || raw.includes('+')) return { raw, decoded: undefined };
  try {
    const decoded = [decodeURIComponent(raw.slice(0, at)), decodeURIComponent(raw.slice(at + 1))] as const;
    return { raw, decoded };
  } catch {
    return { raw, decoded: undefined };
  }
}

function parameterValue(name: string, value: string, variables: Variables): string | number | Variable {
  const shown = variables.parameter(name, value);
  return typeof shown === 'string' && /^(0|[1-9]\d{0,14})$/.test(shown) ? Number(shown) : shown;
}
