import { usageError } from '../../errors.ts';
import type { HeaderList } from '../../http/headers.ts';
import { isJson } from '../../json/indent.ts';
import type { AccountKey } from '../../scalekit/accounts.ts';
import { checkProxyCall, type ProxyCall } from '../../scalekit/proxy-input.ts';
import { type Reading, readArgument } from '../../terminal/input.ts';
import type { CallOptions } from '../options.ts';
import type { TypedCall } from './typed-call.ts';

/** The proxied call that was typed. Throws a usage error for anything that must not be sent. */
export async function buildCall(
  reading: Reading,
  account: AccountKey,
  [first, second]: readonly string[],
  options: CallOptions,
): Promise<TypedCall> {
  if (second === undefined && COMMON_METHODS.has(first ?? '')) {
    throw usageError(
      `${first} is a method: the path is missing`,
      `Write: sk-connect request ${first} /v1/customers`,
    );
  }
  const method = second === undefined ? undefined : checkMethod(first ?? '');
  const path = appendQuery(second ?? first ?? '', options.query ?? []);
  const body =
    options.data === undefined ? undefined : await readArgument(reading, options.data, '-d/--data');
  const headers = (options.header ?? []).map(parseHeader);
  const call: ProxyCall = {
    ...account,
    method: method ?? (body === undefined ? 'GET' : 'POST'),
    path,
    headers: body === undefined ? headers : withContentType(headers, body),
    ...(body === undefined ? {} : { body }),
  };
  checkProxyCall(call);
  return { call, path: second ?? first ?? '', query: [], headers, body: undefined };
}

const COMMON_METHODS = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

function checkMethod(method: string): string {
  if (/^[A-Za-z][A-Za-z-]*$/.test(method)) return method.toUpperCase();
  throw usageError(
    `${JSON.stringify(method)} is no HTTP method`,
    'Write METHOD PATH: sk-connect request GET /v1/customers',
  );
}

/** Each pair encoded once, behind what the path has already. */
function appendQuery(path: string, pairs: readonly string[]): string {
  return pairs.reduce((whole, pair) => {
    const at = pair.indexOf('=');
    const parts = at < 0 ? [pair] : [pair.slice(0, at), pair.slice(at + 1)];
    return `${whole}${whole.includes('?') ? '&' : '?'}${parts.map(encodeURIComponent).join('=')}`;
  }, path);
}

function parseHeader(header: string): [string, string] {
  const at = header.indexOf(':');
  if (at < 1)
    throw usageError(`the header ${JSON.stringify(header)} has no name and value`, 'Write -H "Name: value".');
  return [header.slice(0, at).trim(), header.slice(at + 1).trim()];
}

/** The SDK would call text a form: the type follows from the body unless it is given. */
function withContentType(headers: HeaderList, body: Uint8Array): HeaderList {
  if (headers.some(([name]) => name.toLowerCase() === 'content-type')) return headers;
  const type = isJson(Buffer.from(body).toString('utf8')) ? 'application/json' : 'text/plain; charset=utf-8';
  return [...headers, ['content-type', type]];
}
