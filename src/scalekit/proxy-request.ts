import type { AxiosRequestConfig } from 'axios';
import type { HeaderList } from '../http/headers.ts';
import type { ProxyCall } from './proxy-input.ts';

/** In axios' words: `false` keeps it from setting a header of its own. */
type Headers = Record<string, string | string[] | false>;

type RequestConfig = AxiosRequestConfig & { url: string; headers: Headers };

/** A call as axios sends it, but for its body: nothing encoded, decoded, limited or followed. */
export function requestConfig(envUrl: string, call: ProxyCall): RequestConfig {
  // A URL drops the spaces at its end.
  const path = call.path.replaceAll(' ', '%20');
  return {
    url: `${envUrl}/proxy${path.startsWith('/') ? '' : '/'}${path}`,
    method: call.method,
    headers: requestHeaders(call),
    responseType: 'stream',
    decompress: false,
    validateStatus: () => true,
    transformRequest: [],
    transformResponse: [],
    // It would count the time that a long body takes; src/scalekit/sending.ts looks at what moves.
    timeout: 0,
  };
}

/** One by one, without what is not sent. */
export function headersFrom(headers: Headers): HeaderList {
  return Object.entries(headers).flatMap(([name, values]) =>
    [values].flat().flatMap((value) => (value === false ? [] : [[name, value] as const])),
  );
}

function requestHeaders(call: ProxyCall): Headers {
  const headers: Headers = {
    accept: '*/*',
    'accept-encoding': 'gzip, deflate, br',
    // A body without a type has none; axios would call it a form.
    'content-type': false,
    ...framing(call.body),
  };
  for (const [name, value] of call.headers ?? []) {
    const key = name.toLowerCase();
    const given =
      call.headers?.filter(([other]) => other.toLowerCase() === key).map(([, each]) => each) ?? [];
    headers[key] = given.length > 1 ? given : value;
  }
  return { ...headers, connection_name: call.connectionName, identifier: call.identifier };
}

/**
 * RFC 9112 section 6: said for every method, as Node sends the body of a GET or DELETE without any. Where there is no
 * body Node says so for the methods that may have one: `content-length: 0` (RFC 9110 section 8.6).
 */
function framing(body: ProxyCall['body']): Headers {
  if (body === undefined) return {};
  const length = body instanceof Uint8Array ? body.byteLength : body.length;
  return length === undefined ? { 'transfer-encoding': 'chunked' } : { 'content-length': String(length) };
}
