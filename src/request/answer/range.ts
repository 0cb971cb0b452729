import { SkConnectError } from '../../errors.ts';
import { headerValue } from '../../http/headers.ts';
import type { ProxyResponse } from '../../scalekit/proxy.ts';

/** What tells whether two answers are parts of the same bytes: a strong ETag, or when they were last modified. */
export interface Validator {
  etag?: string;
  lastModified?: string;
}

/**
 * What `If-Range` takes to get the rest of the same bytes, or undefined where a download cannot be gone on with.
 * `asked` is what it was gone on with this time: a 206 to anything else is not the beginning.
 */
export function resumableBy({ status, headers }: ProxyResponse, asked?: Validator): Validator | undefined {
  if (status !== 200 && (status !== 206 || asked === undefined)) return undefined;
  if (isEncoded(headers) || headerValue(headers, 'accept-ranges')?.toLowerCase() === 'none') return undefined;
  const etag = headerValue(headers, 'etag');
  if (etag !== undefined && /^"[^"]*"$/.test(etag)) return { etag };
  const lastModified = headerValue(headers, 'last-modified');
  if (lastModified !== undefined && isStrongDate(lastModified, headerValue(headers, 'date'))) {
    return { lastModified };
  }
  // A 206 may leave out what the one before told.
  const isKnown = asked?.etag !== undefined || asked?.lastModified !== undefined;
  return status === 206 && isKnown ? asked : undefined;
}

/** RFC 9110 section 8.8.2.2: what was modified in the second it was sent in may have been modified again in it. */
function isStrongDate(lastModified: string, date: string | undefined): boolean {
  const modifiedAt = Date.parse(lastModified);
  if (Number.isNaN(modifiedAt)) return false;
  return date === undefined || Date.parse(date) - modifiedAt >= 1000;
}

/** The headers that ask for what is behind the first `bytes`. */
export function rangeHeaders(bytes: number, { etag, lastModified }: Validator): [string, string][] {
  const validator = etag ?? lastModified;
  return [
    ['range', `bytes=${bytes}-`],
    ...(validator === undefined ? [] : ([['if-range', validator]] satisfies [string, string][])),
  ];
}

/** Whether a 416 says that those bytes are all there are. */
export function saysComplete({ status, headers }: ProxyResponse, bytes: number): boolean {
  const whole = /^bytes \*\/(\d+)$/i.exec(headerValue(headers, 'content-range') ?? '')?.[1];
  return status === 416 && whole !== undefined && Number(whole) === bytes;
}

/** How many bytes a 206 brings that goes on behind `bytes`. Throws `upstream` for any other part. */
export function checkRange({ headers, status }: ProxyResponse, bytes: number, { etag }: Validator): number {
  const range = headerValue(headers, 'content-range') ?? 'no Content-Range';
  const [, first, last, whole] = /^bytes (\d+)-(\d+)\/(\d+|\*)$/i.exec(range) ?? [];
  const newEtag = headerValue(headers, 'etag');
  const isOther = etag !== undefined && newEtag !== undefined && newEtag !== etag;
  const isRest = Number(first) === bytes && (whole === '*' || Number(last) === Number(whole) - 1);
  if (isRest && !isOther && !isEncoded(headers)) return Number(last) - bytes + 1;
  const got = isOther ? `ETag ${newEtag} in place of ${etag}` : isEncoded(headers) ? 'encoded bytes' : range;
  throw new SkConnectError(
    'upstream',
    `the provider was asked for the bytes from ${bytes} on, and answered ${status} with ${got}`,
    {
      code: 'wrong_range',
      httpStatus: status,
      hint: 'What was downloaded earlier is as it was. Leave --continue out to start from the beginning.',
    },
  );
}

function isEncoded(headers: ProxyResponse['headers']): boolean {
  return (headerValue(headers, 'content-encoding') ?? 'identity').toLowerCase() !== 'identity';
}
