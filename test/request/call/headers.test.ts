import { describe, expect, it } from 'vitest';
import { parseHeader } from '../../../src/request/call/headers.ts';
import { usageErrorOf } from './reading.ts';

describe('parseHeader', () => {
  it.each([
    ['X-A: b', 'X-A', 'b'],
    ['X-A:b', 'X-A', 'b'],
    ['X-A:', 'X-A', ''],
    ['X-A: ', 'X-A', ''],
    ['x-a:  b: c ', 'x-a', 'b: c'],
  ])('%j', (header, name, value) => {
    expect(parseHeader(header)).toEqual([name, value]);
  });

  it.each([
    ['NoColon', '"NoColon"'],
    ['X-Api-Key=abcdef', '"X-Api-Key…"'],
    ['X-Api-Key abcdef', '"X-Api-Key…"'],
    [': b', '"…"'],
    ['', '""'],
  ])('%j is refused, and what may be a key is not shown', async (header, shown) => {
    const error = await usageErrorOf(() => parseHeader(header));
    expect(error.message).toBe(`the header ${shown} has no name and value`);
    expect(error.hint).toContain('-H "Name: value"');
  });
});
