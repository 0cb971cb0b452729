import { describe, expect, it } from 'vitest';
import { appendQuery, parseQuery } from '../../../src/request/call/query.ts';
import { usageErrorOf } from './reading.ts';

const append = (path: string, pairs: string[]) => appendQuery(path, pairs.map(parseQuery));

describe('appendQuery', () => {
  it.each([
    ['/x', [], '/x'],
    ['/x?', [], '/x?'],
    ['/x?a=1&', [], '/x?a=1&'],
    ['/x', ['a=1'], '/x?a=1'],
    ['/x?', ['a=1'], '/x?a=1'],
    ['/x?a=1', ['b=2'], '/x?a=1&b=2'],
    ['/x?a=1&', ['b=2', 'c=3'], '/x?a=1&b=2&c=3'],
    ['/x', ['a=1', 'a=2', 'a=1'], '/x?a=1&a=2&a=1'],
    ['/x', ['a', 'b='], '/x?a&b='],
    ['/x', ['a=b=c'], '/x?a=b%3Dc'],
    ['/x', ['a=%20', 'b=+', 'c= '], '/x?a=%2520&b=%2B&c=%20'],
    ['/x', ["a=!'()*~-._"], "/x?a=!'()*~-._"],
    ['/x', ['filter[name]=é&?#/'], '/x?filter%5Bname%5D=%C3%A9%26%3F%23%2F'],
    ['/x', ['a=\r\n'], '/x?a=%0D%0A'],
  ])('%s and %j is %s', (path, pairs, whole) => {
    expect(append(path, pairs)).toBe(whole);
  });

  it.each([[''], ['=v']])('%j has no name', async (pair) => {
    const error = await usageErrorOf(() => parseQuery(pair));
    expect(error.message).toBe('a parameter of -q has no name');
    expect(error.hint).toContain('-q name');
  });
});
