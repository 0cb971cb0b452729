import { describe, expect, it } from 'vitest';
import type { HeaderList } from '../../../src/http/headers.ts';
import { inWords } from '../../../src/request/retry/duration.ts';
import { waitBeforeRetry } from '../../../src/request/retry/wait.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const NOW_S = now / 1000;
const waitFor = (status: number | undefined, headers: HeaderList, attempt = 1, random = 0.5) =>
  waitBeforeRetry(status === undefined ? {} : { status, headers }, attempt, { now, random });

describe('our own back-off', () => {
  it.each([
    [1, 0, 0],
    [1, 0.5, 250],
    [1, 1, 500],
    [2, 1, 1_000],
    [3, 1, 2_000],
    [6, 1, 16_000],
    [7, 1, 30_000],
    [7, 0.1, 3_000],
    [2_000, 1, 30_000],
  ])('attempt %i, random %d: %d ms', (attempt, random, durationMs) => {
    expect(waitFor(503, [], attempt, random)).toEqual({ durationMs });
    expect(waitFor(undefined, [], attempt, random)).toEqual({ durationMs });
  });
});

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['30', 30_000],
    [' 30 ', 30_000],
    ['1.5', 1_500],
    ['Sun, 01 Mar 2026 12:00:20 GMT', 20_000],
    ['Sunday, 01-Mar-26 12:00:20 GMT', 20_000],
    ['Sun Mar  1 12:00:20 2026', 20_000],
    ['Sun, 01 Mar 2026 11:59:00 GMT', 0],
  ])('%s is %d ms', (value, durationMs) => {
    expect(waitFor(503, [['retry-after', value]])).toEqual({ durationMs, askedBy: 'Retry-After' });
  });

  it.each(['', 'soon', '-5', '30, 30', 'Infinity', '1e9', 'Sun, 99 Mar 2026 12:00:20 GMT'])(
    '%j asks for nothing',
    (value) => {
      expect(waitFor(503, [['Retry-After', value]])).toEqual({ durationMs: 250 });
    },
  );

  it("a date is meant by the provider's clock", () => {
    const headers: HeaderList = [
      ['Date', 'Sun, 01 Mar 2026 13:00:00 GMT'],
      ['Retry-After', 'Sun, 01 Mar 2026 13:00:07 GMT'],
    ];
    expect(waitFor(429, headers)).toEqual({ durationMs: 7_000, askedBy: 'Retry-After' });
    expect(waitFor(429, [['Date', 'yesterday'], ...headers.slice(1)])).toMatchObject({
      durationMs: 3_607_000,
    });
  });

  it('comes before the reset of the rate limit', () => {
    const headers: HeaderList = [
      ['X-RateLimit-Reset', '60'],
      ['Retry-After', '2'],
    ];
    expect(waitFor(429, headers)).toEqual({ durationMs: 2_000, askedBy: 'Retry-After' });
  });
});

describe('the reset of the rate limit', () => {
  it.each([
    ['seconds since the epoch', 'X-RateLimit-Reset', String(NOW_S + 42), 42_000],
    ['milliseconds since the epoch', 'x-ratelimit-reset', String(now + 1_234), 1_234],
    ['seconds from now', 'X-RateLimit-Reset', '15', 15_000],
    ['a fraction of a second', 'x-ratelimit-reset', '0.25', 250],
    ['the past', 'x-ratelimit-reset', String(NOW_S - 5), 0],
    ["the IETF draft's name", 'RateLimit-Reset', '9', 9_000],
    ["Twitter's name", 'x-rate-limit-reset', String(NOW_S + 1), 1_000],
  ])('%s', (_what, name, value, durationMs) => {
    expect(waitFor(429, [[name, value]])).toMatchObject({
      durationMs,
      askedBy: expect.stringMatching(/reset/i),
    });
  });

  it('of the clock that the answer shows', () => {
    const headers: HeaderList = [
      ['date', 'Sun, 01 Mar 2026 11:00:00 GMT'],
      ['x-ratelimit-reset', String(NOW_S - 3_600 + 5)],
    ];
    expect(waitFor(429, headers)).toMatchObject({ durationMs: 5_000 });
  });

  it('is not waited for where no limit was met: GitHub sends it with every answer', () => {
    const reset: HeaderList = [['x-ratelimit-reset', String(NOW_S + 3_000)]];
    expect(waitFor(502, [...reset, ['x-ratelimit-remaining', '4999']])).toEqual({ durationMs: 250 });
    expect(waitFor(503, [...reset, ['x-ratelimit-remaining', '0']])).toMatchObject({ durationMs: 3_000_000 });
  });

  it.each(['', 'soon', '-1', '2026-03-01T12:00:10Z'])('%j asks for nothing', (value) => {
    expect(waitFor(429, [['x-ratelimit-reset', value]])).toEqual({ durationMs: 250 });
  });
});

it.each([
  [0, '0 s'],
  [40, '0 s'],
  [432, '0.4 s'],
  [1_000, '1 s'],
  [30_000, '30 s'],
  [119_000, '119 s'],
  [720_000, '12 min'],
  [7_200_000, '2 h'],
  [90_000_000, '25 h'],
])('%i ms in words: %s', (durationMs, words) => {
  expect(inWords(durationMs)).toBe(words);
});
