import { expect, it } from 'vitest';
import { isLoopback } from '../../src/http/loopback.ts';

it.each([
  ['localhost', true],
  ['a.b.localhost', true],
  ['127.255.0.1', true],
  ['[::1]', true],
  ['::1', false],
  ['128.0.0.1', false],
  ['localhost.example', false],
  ['.localhost', false],
])('isLoopback(%j) is %j', (hostname, expected) => {
  expect(isLoopback(hostname)).toBe(expected);
});
