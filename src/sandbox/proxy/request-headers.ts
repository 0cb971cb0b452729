import type { IncomingMessage } from 'node:http';

/** RFC 9110 section 7.6.1, and what the two connections agree on among themselves. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** And what only concerns Scalekit, and what the sandbox sets anew. */
const NOT_UPSTREAM = new Set([
  ...HOP_BY_HOP,
  'authorization',
  'connection_name',
  'identifier',
  'x-sdk-version',
  'x-api-version',
  'host',
  'expect',
]);

type RawHeaders = readonly string[];

/** Names and values by turns, in the order, spelling and number they came in. */
export function upstreamHeaders(request: IncomingMessage, credential: [string, string] | null): string[] {
  const kept = without(request.rawHeaders, NOT_UPSTREAM, credential?.[0].toLowerCase());
  if (credential) kept.push(...credential);
  return kept;
}

export function clientHeaders(raw: RawHeaders): string[] {
  return without(raw, HOP_BY_HOP);
}

function without(raw: RawHeaders, dropped: ReadonlySet<string>, replaced?: string): string[] {
  const named = namedByConnection(raw);
  const kept: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    const lower = name.toLowerCase();
    if (dropped.has(lower) || lower === replaced || named.has(lower)) continue;
    kept.push(name, raw[index + 1] ?? '');
  }
  return kept;
}

function namedByConnection(raw: RawHeaders): ReadonlySet<string> {
  const named = new Set<string>();
  for (let index = 0; index + 1 < raw.length; index += 2) {
    if (raw[index]?.toLowerCase() !== 'connection') continue;
    for (const name of (raw[index + 1] ?? '').split(',')) named.add(name.trim().toLowerCase());
  }
  return named;
}
