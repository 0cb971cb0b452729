import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { checkRange, rangeHeaders, resumableBy, saysComplete } from '../../../src/request/answer/range.ts';
import type { ProxyResponse } from '../../../src/scalekit/proxy.ts';

function answer(status: number, headers: Record<string, string>): ProxyResponse {
  return {
    status,
    statusText: '',
    headers: Object.entries(headers),
    body: Readable.from([]),
    answeredBy: 'provider',
  };
}

const MODIFIED = 'Tue, 06 Jan 2026 10:00:00 GMT';
const LATER = 'Tue, 06 Jan 2026 10:00:01 GMT';

describe('resumableBy', () => {
  it.each([
    ['a strong ETag', 200, { etag: '"v1"' }, { etag: '"v1"' }],
    ['the ETag before the date', 200, { etag: '"v1"', 'last-modified': MODIFIED }, { etag: '"v1"' }],
    ['a date', 200, { 'last-modified': MODIFIED, date: LATER }, { lastModified: MODIFIED }],
    [
      'a date, and nobody says what time it is',
      200,
      { 'last-modified': MODIFIED },
      { lastModified: MODIFIED },
    ],
    ['modified in the second it was sent', 200, { 'last-modified': MODIFIED, date: MODIFIED }, undefined],
    ['no date', 200, { 'last-modified': 'yesterday' }, undefined],
    ['a weak ETag', 200, { etag: 'W/"v1"' }, undefined],
    ['a weak ETag and a date', 200, { etag: 'W/"1"', 'last-modified': MODIFIED }, { lastModified: MODIFIED }],
    ['encoded bytes', 200, { etag: '"v1"', 'content-encoding': 'gzip' }, undefined],
    ['identity', 200, { etag: '"v1"', 'content-encoding': 'identity' }, { etag: '"v1"' }],
    ['no ranges', 200, { etag: '"v1"', 'accept-ranges': 'none' }, undefined],
    ['nothing', 200, {}, undefined],
    ['a part that was not asked for', 206, { etag: '"v1"' }, undefined],
    ['an error', 500, { etag: '"v1"' }, undefined],
  ])('%s', (_what, status, headers, validator) => {
    expect(resumableBy(answer(status, headers))).toEqual(validator);
  });

  it('a 206 that says nothing is of the version that was asked for', () => {
    expect(resumableBy(answer(206, {}), { etag: '"v1"' })).toEqual({ etag: '"v1"' });
    expect(resumableBy(answer(206, { etag: '"v2"' }), {})).toEqual({ etag: '"v2"' });
    expect(resumableBy(answer(206, {}), {})).toBeUndefined();
    expect(resumableBy(answer(200, {}), { etag: '"v1"' })).toBeUndefined();
  });
});

it('rangeHeaders', () => {
  expect(rangeHeaders(7, { etag: '"v1"' })).toEqual([
    ['range', 'bytes=7-'],
    ['if-range', '"v1"'],
  ]);
  expect(rangeHeaders(7, { lastModified: MODIFIED })).toEqual([
    ['range', 'bytes=7-'],
    ['if-range', MODIFIED],
  ]);
  expect(rangeHeaders(7, {})).toEqual([['range', 'bytes=7-']]);
});

describe('checkRange', () => {
  it.each([
    ['bytes 100-999/1000', 900],
    ['bytes 100-999/*', 900],
    ['Bytes 100-100/101', 1],
  ])('%s goes on', (range, bytes) => {
    expect(checkRange(answer(206, { 'content-range': range, etag: '"v1"' }), 100, { etag: '"v1"' })).toBe(
      bytes,
    );
  });

  it.each([
    ['from the beginning', { 'content-range': 'bytes 0-999/1000' }],
    ['with a gap', { 'content-range': 'bytes 200-999/1000' }],
    ['not to the end', { 'content-range': 'bytes 100-500/1000' }],
    ['in other units', { 'content-range': 'items 100-999/1000' }],
    ['several ranges', {}],
    ['of another version', { 'content-range': 'bytes 100-999/1000', etag: '"v2"' }],
    ['encoded', { 'content-range': 'bytes 100-999/1000', 'content-encoding': 'gzip' }],
  ])('%s: refused', (_what, headers) => {
    expect(() => checkRange(answer(206, headers as Record<string, string>), 100, { etag: '"v1"' })).toThrow(
      expect.objectContaining({ kind: 'upstream', code: 'wrong_range' }),
    );
  });
});

describe('saysComplete', () => {
  it.each([
    [416, 'bytes */1000', 1000, true],
    [416, 'bytes */1001', 1000, false],
    [416, 'bytes */*', 1000, false],
    [200, 'bytes */1000', 1000, false],
  ])('%i %s', (status, range, bytes, expected) => {
    expect(saysComplete(answer(status, { 'content-range': range }), bytes)).toBe(expected);
  });

  it('a 416 that says nothing says nothing', () => {
    expect(saysComplete(answer(416, {}), 1000)).toBe(false);
  });
});
