import { STATUS_CODES } from 'node:http';
import { isJsonType } from '../../request/answer/content.ts';
import type { ContractResponse } from '../host.ts';
import type { ClientResponse } from './interface.ts';

type Headers = ContractResponse['headers'];

/** The answer as it came, as far as that can be told from what the SDK has parsed it into. */
export function fromResponse({ status, statusText, headers: given, data }: ClientResponse): ContractResponse {
  const headers = headerList(given);
  const { text, contentType } = bodyOf(data, headers.find(([name]) => isContentType(name))?.[1]);
  const rest = headers.filter(([name]) => !isContentType(name) && !isOfBytes(name));
  return {
    status,
    statusText,
    headers: contentType === undefined ? rest : [...rest, ['content-type', contentType]],
    body: Buffer.from(text),
  };
}

/** axios parses whatever reads as JSON, and leaves a text where nothing does; bytes it has decoded as UTF-8. */
function bodyOf(data: unknown, declared: string | undefined): { text: string; contentType?: string } {
  if (data === undefined || data === '') return { text: '' };
  const type = declared?.split(';', 1)[0]?.trim();
  const isJson = type !== undefined && isJsonType(type);
  if (typeof data === 'string' && !isJson) {
    const wasCharset = declared?.includes('charset') === true;
    return {
      text: data,
      ...(type === undefined ? {} : { contentType: wasCharset ? `${type}; charset=utf-8` : type }),
    };
  }
  // `true` as text/plain is a text, and a text as application/json was a JSON string.
  const isText = type !== undefined && !isJson && (typeof data !== 'object' || data === null);
  if (isText) return { text: JSON.stringify(data), contentType: 'text/plain; charset=utf-8' };
  return { text: JSON.stringify(data), contentType: 'application/json' };
}

function headerList(headers: object): Headers {
  return Object.entries(headers).flatMap(([name, value]: [string, unknown]) =>
    [value].flat().flatMap((each) => (typeof each === 'string' ? [[name, each] as [string, string]] : [])),
  );
}

function isContentType(name: string): boolean {
  return name.toLowerCase() === 'content-type';
}

/** What counts or names bytes that are there no more. */
function isOfBytes(name: string): boolean {
  return ['content-length', 'content-encoding', 'transfer-encoding'].includes(name.toLowerCase());
}

/** Whether the SDK was led to another place, which it does not tell. */
export function wasRedirected({ config, request }: ClientResponse): boolean {
  const answeredAt = property(property(request, 'res'), 'responseUrl');
  if (typeof answeredAt !== 'string' || config.url === undefined) return false;
  return href(answeredAt) !== href(config.url);
}

function href(url: string): string {
  return URL.canParse(url) ? new URL(url).href : url;
}

/** Of the SDK's exception for an answer of status 400 and above. */
export interface RefusedAnswer {
  /** Undefined where the exception does not let it be known. */
  status: number | undefined;
  statusText: string;
  data: unknown;
}

/**
 * What an exception of `actions.request` says of the answer; undefined where there was none. Its `httpStatus` is 500
 * for most statuses, its message `[object Object]`; the gRPC status that it was mapped to, and the reason phrase, are
 * right.
 */
export function refusedAnswer(error: unknown): RefusedAnswer | undefined {
  const [grpcStatus, reason] = [property(error, 'grpcStatus'), property(error, 'errorCode')];
  if (typeof grpcStatus !== 'number' || typeof reason !== 'string') return undefined;
  return {
    status: STATUS_OF_GRPC[grpcStatus] ?? statusOfReason(reason),
    statusText: reason,
    data: property(error, 'errDetails'),
  };
}

/** The SDK's own map, read backwards; what is not in it became 2, UNKNOWN. */
const STATUS_OF_GRPC: Readonly<Record<number, number>> = {
  3: 400,
  4: 504,
  5: 404,
  6: 409,
  7: 403,
  8: 429,
  12: 501,
  13: 500,
  14: 503,
  16: 401,
};

function statusOfReason(reason: string): number | undefined {
  const known = Object.entries(STATUS_CODES).find(
    ([, phrase]) => phrase?.toLowerCase() === reason.toLowerCase(),
  );
  return known === undefined ? undefined : Number(known[0]);
}

export function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
