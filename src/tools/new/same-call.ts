import { isDeepStrictEqual } from 'node:util';
import { headerValue } from '../../http/headers.ts';
import type { ProxyCall } from '../../scalekit/proxy-input.ts';

/** What of a call is not as it was in another, spelling aside; undefined where they mean the same. */
export function difference(one: ProxyCall, other: ProxyCall): string | undefined {
  if (one.method !== other.method) return 'method';
  const [onePath, otherPath] = [pathOf(one), pathOf(other)];
  if (!isDeepStrictEqual(onePath.segments, otherPath.segments)) return 'path';
  if (!isDeepStrictEqual(onePath.query, otherPath.query)) return 'query';
  if (!isDeepStrictEqual(headersOf(one), headersOf(other))) return 'headers';
  return isDeepStrictEqual(bodyOf(one), bodyOf(other)) ? undefined : 'body';
}

function pathOf({ path }: ProxyCall) {
  const [pathname = '', ...search] = path.split('?');
  return {
    segments: pathname.replace(/^\/?/, '/').split('/').map(decoded),
    query: search.join('?').split('&').filter(Boolean).map(pairOf).sort(byName),
  };
}

function pairOf(text: string): [string, string] {
  const [name = '', ...value] = text.split('=');
  return [decoded(name), decoded(value.join('=').replaceAll('+', ' '))];
}

/** Stable: the order of those with the same name stays. */
function byName([one]: readonly [string, string], [other]: readonly [string, string]): number {
  return one < other ? -1 : Number(one > other);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function headersOf({ headers = [] }: ProxyCall): [string, string][] {
  return headers
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .map(([name, value]): [string, string] => [name, name === 'content-type' ? mediaType(value) : value])
    .sort(byName);
}

function mediaType(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim().toLowerCase();
}

function bodyOf({ body, headers = [] }: ProxyCall): unknown {
  if (!(body instanceof Uint8Array)) return body;
  const text = Buffer.from(body).toString('utf8');
  const type = mediaType(headerValue(headers, 'content-type') ?? '');
  if (type === 'application/x-www-form-urlencoded') return [...new URLSearchParams(text)].sort(byName);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
