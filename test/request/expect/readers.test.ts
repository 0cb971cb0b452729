import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../src/request/answer/answer.ts';
import { expectDuration } from '../../../src/request/expect/duration.ts';
import type { Expectation } from '../../../src/request/expect/expectations.ts';
import { expectTrue } from '../../../src/request/expect/expression.ts';
import { expectHeader } from '../../../src/request/expect/header.ts';
import { expectStatus, readStatuses } from '../../../src/request/expect/status.ts';

interface Given {
  status?: number;
  headers?: [string, string][];
  body?: string | Uint8Array;
  isWhole?: boolean;
  durationMs?: number;
}

function answer({ status = 200, headers = [], body = '', isWhole = true, durationMs = 1 }: Given): Answer {
  return {
    response: { status, statusText: '', headers, body: Readable.from([]), answeredBy: 'provider' },
    body: Buffer.from(body),
    isWhole,
    durationMs,
  };
}

async function got(expectation: Expectation, given: Given): Promise<string | undefined> {
  return (await expectation.check(answer(given)))?.got;
}

describe('--expect-status', () => {
  it.each([
    ['200', [200], [199, 201, 404]],
    ['2xx', [200, 204, 299], [199, 300]],
    ['2XX', [200], [404]],
    ['200-204', [200, 202, 204], [199, 205]],
    ['404, 5xx', [404, 500, 599], [403, 400]],
    ['200,404', [200, 404], [500]],
  ])('%s', async (list, allowed, others) => {
    const expectation = expectStatus(list, readStatuses(list));
    for (const status of allowed) expect(await got(expectation, { status })).toBeUndefined();
    for (const status of others) expect(await got(expectation, { status })).toBe(String(status));
  });

  it.each(['', 'ok', '20', '2000', '2x', '0xx', '200,', '204-200', '200 201', '-200', '2xx-3xx'])(
    'refuses %j',
    (list) => {
      expect(() => readStatuses(list)).toThrow('is no status');
    },
  );
});

describe('--expect-header', () => {
  const headers: [string, string][] = [
    ['Content-Type', 'application/json; charset=utf-8'],
    ['X-A', '1'],
    ['X-A', '2'],
    ['X-Empty', ''],
    ['Set-Cookie', 'session=abcdef; Path=/'],
  ];

  it.each([
    ['X-A', undefined],
    ['x-a: 1', undefined],
    ['x-a:2', undefined],
    ['X-A: 3', '1, 2'],
    ['X-A: 1, 2', undefined],
    ['X-B', 'no such header'],
    ['X-Empty', undefined],
    ['X-Empty:', undefined],
    ['X-A:', '1, 2'],
    ['X-Empty: 1', 'an empty value'],
    ['content-type: application/json', undefined],
    ['content-type: Application/JSON', undefined],
    ['content-type: application/json; charset=latin1', 'application/json; charset=utf-8'],
    ['content-type: application', 'application/json; charset=utf-8'],
    ['set-cookie: other=1', '***'],
  ])('%s: got %s', async (text, expected) => {
    expect(await got(expectHeader(text), { headers })).toBe(expected);
  });

  it.each(['', ': 1', 'two words: 1', 'a"b'])('refuses %j', (text) => {
    expect(() => expectHeader(text)).toThrow('names no header');
  });
});

describe('--expect', () => {
  it.each<[string, Given, string | undefined]>([
    ['.a == 1', { body: '{"a":1}' }, undefined],
    ['.a == 2', { body: '{"a":1}' }, 'false'],
    ['.a', { body: '{"a":1}' }, '1'],
    ['.id == 9007199254740993', { body: '{"id":9007199254740993}' }, undefined],
    ['.[] > 0', { body: '[1,2]' }, undefined],
    ['.[] > 1', { body: '[1,2]' }, 'false, true'],
    ['.[]', { body: '[]' }, 'nothing'],
    ['"true"', { body: '1' }, '"true"'],
    ['. == null', {}, undefined],
    ['.a == 1', { body: '{"a":1}\n{"a":1}\n' }, undefined],
    ['.a == 1', { body: '{"a":1}\n{"a":2}\n' }, 'true, false'],
    ['.a == 1', { body: '\uFEFF{"a":1}' }, undefined],
    ['.a | error("odd")', { body: '{"a":1}' }, 'an error: odd'],
    ['.', { body: '<p>', headers: [['Content-Type', 'text/html']] }, 'a body that is not JSON (text/html)'],
    ['.', { body: Uint8Array.of(0xff, 0) }, 'a body that is no text'],
    ['.', { body: 'true', isWhole: false }, 'a body that was not kept'],
    ['.', { body: `"${'x'.repeat(500)}"` }, `"${'x'.repeat(198)}…`],
    ['.', { body: '"a\\u202eb"' }, '"a\\u202eb"'],
  ])('%s of %j', async (expression, given, expected) => {
    expect(await got(expectTrue(expression), given)).toBe(expected);
  });
});

it.each([
  [300, 300, undefined],
  [300, 12.5, undefined],
  [300, 300.2, '301 ms'],
  [300, 312, '312 ms'],
])('--max-duration %i of %d', async (most, durationMs, expected) => {
  expect(await got(expectDuration(most), { durationMs })).toBe(expected);
});
