import type { IncomingMessage } from 'node:http';

/** RFC 9110 section 7.6.1, and what the two connections agree on among themselves. */
const HOP_BY_HOP = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** What only concerns Scalekit, and what the sandbox sets anew. */
const SCALEKIT_ONLY = [
  'authorization',
  'connection_name',
  'identifier',
  'x-sdk-version',
  'x-api-version',
  'host',
  'expect',
];

type RawHeaders = readonly string[];

/** Names and values by turns, in the order, spelling and number they came in. */
export function upstreamHeaders(request: IncomingMessage, credential: [string, string] | null): string[] {
  const dropped = new Set([...HOP_BY_HOP, ...SCALEKIT_ONLY, ...namedByConnection(request.rawHeaders)]);
  if (credential) dropped.add(credential[0].toLowerCase());
  return [...without(request.rawHeaders, dropped), ...(credential ?? [])];
}

export function clientHeaders(raw: RawHeaders): string[] {
  return without(raw, new Set([...HOP_BY_HOP, ...namedByConnection(raw)]));
}

function without(raw: RawHeaders, dropped: ReadonlySet<string>): string[] {
  const kept: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    const name = raw[index] ?? '';
    if (!dropped.has(name.toLowerCase())) kept.push(name, raw[index + 1] ?? '');
  }
  return kept;
}

function namedByConnection(raw: RawHeaders): string[] {
  const named: string[] = [];
  for (let index = 0; index + 1 < raw.length; index += 2) {
    if (raw[index]?.toLowerCase() !== 'connection') continue;
    for (const name of (raw[index + 1] ?? '').split(',')) named.push(name.trim().toLowerCase());
  }
  return named;
}
