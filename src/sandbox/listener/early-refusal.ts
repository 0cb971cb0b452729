import type { IncomingMessage } from 'node:http';
import { Refusal } from '../refusal.ts';

/** What browsers and programs reach a loopback address by; the port is another's where one is forwarded. */
const LOOPBACK_AUTHORITY = /^(([a-z0-9-]+\.)*localhost\.?|127(\.\d{1,3}){3}|\[::1\])(:\d{1,5})?$/i;

/** Why a request is not even looked at, whoever it is for. */
export function earlyRefusal({
  method,
  url = '',
  headers,
  rawHeaders,
}: IncomingMessage): Refusal | undefined {
  // In place of `:authority` and in addition to it; several of one name would be several opinions (RFC 9112 section 3.2).
  const authorities = [headers[':authority'], headers.host].filter((value) => value !== undefined);
  // A page of another site reaches 127.0.0.1 through a name of its own that it makes resolve to it.
  if (!authorities.every((value) => typeof value === 'string' && LOOPBACK_AUTHORITY.test(value))) {
    const message = 'the sandbox answers to loopback names only: 127.0.0.1, localhost and [::1]';
    return new Refusal('permission_denied', 'HOST_NOT_LOOPBACK', message);
  }
  if (authorities.length === 0 || countHosts(rawHeaders) > 1) return invalid('one Host header is required');
  // Only `/path` is served: a target with a host in it would have two.
  if (!url.startsWith('/')) return invalid('the request target must be a path');
  // It would show the client the credential that the proxy adds (RFC 9110 section 9.3.8).
  if (method === 'TRACE' || method === 'TRACK') return invalid(`${method} is not served`);
  return undefined;
}

function countHosts(rawHeaders: readonly string[]): number {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') count += 1;
  }
  return count;
}

function invalid(message: string): Refusal {
  return new Refusal('invalid_argument', 'INVALID_REQUEST', message);
}
