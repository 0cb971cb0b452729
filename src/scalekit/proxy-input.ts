import type { Readable } from 'node:stream';
import { usageError } from '../errors.ts';
import type { HeaderList } from '../http/headers.ts';

/**
 * What a proxied call must not carry, found before anything is sent. The gateway puts the path behind
 * `/proxy` with the environment's token attached, and the connection and user into headers: what would
 * be normalised away or silently dropped on the way could reach another place or another account.
 */

export interface ProxyCall {
  connectionName: string;
  identifier: string;
  method: string;
  /** Under the connector's `proxy_url`, with its query. */
  path: string;
  headers?: HeaderList;
  /** Sent byte for byte; a content-type belongs into `headers`. */
  body?: Uint8Array | StreamedBody;
}

/** A body that is not held in memory. */
export interface StreamedBody {
  /** A stream of the bytes, from their beginning: as many as `length` says, or an error, which is what the call rejects with. */
  open(): Readable;
  /** In bytes; where it is not known the body is sent chunked. */
  length?: number;
  /** Whether it can be opened again: stdin cannot. */
  isRepeatable: boolean;
}

export function isRepeatable(body: ProxyCall['body']): boolean {
  return body === undefined || body instanceof Uint8Array || body.isRepeatable;
}

/** A method or a header's name (RFC 9110 section 5.6.2). */
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** Throws a usage error for a call that must not be sent. */
export function checkProxyCall(call: ProxyCall): void {
  checkAccountHeader('connection name', call.connectionName);
  checkAccountHeader('identifier', call.identifier);
  if (!TOKEN.test(call.method)) throw usageError(`${JSON.stringify(call.method)} is no HTTP method`);
  checkPath(call.path);
  for (const [name, value] of call.headers ?? []) checkHeader(name, value);
}

/** Throws a usage error unless a header can carry the value as it is: the SDK drops other characters, `日本` becomes empty. */
function checkAccountHeader(label: 'identifier' | 'connection name', value: string): void {
  if (value === '') throw usageError(`the ${label} is empty`);
  if (value !== value.trim())
    throw usageError(`the ${label} begins or ends with a space: ${JSON.stringify(value)}`);
  const bad = /[^\x20-\x7e]/u.exec(value)?.[0];
  if (bad === undefined) return;
  throw usageError(
    `the ${label} ${JSON.stringify(value)} holds ${describe(bad)}, which an HTTP header cannot carry`,
    'Proxied calls name the account in headers, in ASCII only. Choose an identifier such as a database id.',
    { code: 'not_header_safe' },
  );
}

/** Throws a usage error for a path that would not arrive under the connector's `proxy_url` as it was typed. */
function checkPath(path: string): void {
  const [pathname = ''] = path.split('?', 1);
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) {
    throw pathError(path, 'is a whole URL', 'Give the path only; Scalekit adds the connector’s base URL.');
  }
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  const control = /[\u0000-\u001f\u007f]/.exec(path)?.[0];
  if (control !== undefined) throw pathError(path, `holds ${describe(control)}`, 'Percent-encode it.');
  if (path.includes('\\')) {
    throw pathError(
      path,
      'holds a backslash, which URLs read as a slash',
      'Write %5C for a backslash that is meant.',
    );
  }
  if (path.includes('#')) {
    throw pathError(
      path,
      'holds “#”, and what follows it would never be sent',
      'Write %23 for a “#” that is meant.',
    );
  }
  const segments = pathname.split(/\/|%2f|%5c/i).map((segment) => segment.replace(/%2e/gi, '.'));
  if (segments.some((segment) => segment === '.' || segment === '..')) {
    throw pathError(
      path,
      'holds a “.” or “..” segment, which could leave the connector',
      'Write the path it stands for.',
    );
  }
}

function pathError(path: string, problem: string, hint: string) {
  return usageError(`the path ${JSON.stringify(path)} ${problem}`, hint, { code: 'bad_path' });
}

const SET_BY_SDK = 'The SDK sets it, and what is given here would be dropped.';

const refusedHeaders = new Map([
  ['host', 'Scalekit resolves the host from the connector.'],
  ['authorization', 'Scalekit injects the connected account’s credentials.'],
  ['connection_name', 'Use -c/--connection.'],
  ['identifier', 'Use -i/--identifier.'],
  ['user-agent', SET_BY_SDK],
  ['x-sdk-version', SET_BY_SDK],
  ['x-api-version', SET_BY_SDK],
  ['content-length', 'It follows from the body.'],
  ['transfer-encoding', 'It follows from the body.'],
  ['connection', 'It belongs to one connection, not to the call.'],
]);

/** Throws a usage error for a header that would be dropped, would select another account, or cannot be sent. */
function checkHeader(name: string, value: string): void {
  if (!TOKEN.test(name)) {
    throw usageError(`${JSON.stringify(name)} is not a header name`, 'Write -H "Name: value".');
  }
  const reason = refusedHeaders.get(name.toLowerCase());
  if (reason !== undefined)
    throw usageError(`the header ${name} cannot be set`, reason, { code: 'refused_header' });
  const bad = /[^\t\x20-\x7e]/u.exec(value)?.[0];
  if (bad !== undefined)
    throw usageError(`the value of header ${name} holds ${describe(bad)}`, 'Encode it as the API documents.');
}

function describe(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return /\p{C}/u.test(character) ? `the control character U+${code}` : `“${character}” (U+${code})`;
}
