import { describe, expect, it } from 'vitest';
import { parameterOf, withParameter } from '../../../src/request/pages/parameter.ts';

describe('parameterOf', () => {
  it.each([
    ['/a?page=3', 'page', '3'],
    ['/a?x=1&page=3&page=4', 'page', '3'],
    ['/a?page=', 'page', ''],
    ['/a?page', 'page', ''],
    ['/a?p=a=b', 'p', 'a=b'],
    ['/a?page%5Bnumber%5D=2', 'page[number]', '2'],
    ['/a?page[number]=2', 'page[number]', '2'],
    ['/a?q=a+b%20c', 'q', 'a b c'],
    ['/a?q=%zz', 'q', '%zz'],
    ['/a?pages=3', 'page', undefined],
    ['/a', 'page', undefined],
    ['/a?', 'page', undefined],
  ])('%s: %s is %j', (path, name, value) => {
    expect(parameterOf(path, name)).toBe(value);
  });
});

describe('withParameter', () => {
  it.each([
    ['/a', 'page', '2', '/a?page=2'],
    ['/a?', 'page', '2', '/a?page=2'],
    ['/a?x=1', 'page', '2', '/a?x=1&page=2'],
    ['/a?page=1&x=1', 'page', '2', '/a?page=2&x=1'],
    ['/a?x=1&page&y', 'page', '2', '/a?x=1&page=2&y'],
    ['/a?page=1&x=1&page=9', 'page', '2', '/a?page=2&x=1'],
    ['/a?page%5Bnumber%5D=1', 'page[number]', '2', '/a?page%5Bnumber%5D=2'],
    ['/a', 'page[number]', '2', '/a?page%5Bnumber%5D=2'],
    ['/a?cursor=x', 'cursor', 'a+b/c==&d é', '/a?cursor=a%2Bb%2Fc%3D%3D%26d%20%C3%A9'],
  ])('%s, %s=%s: %s', (path, name, value, expected) => {
    expect(withParameter(path, name, value)).toBe(expected);
  });

  it.each(['x=a%20b+c', 'q=is:open,[a]', 'A=%c3%a9&b=%C3%A9', 'flag&empty=&&x==', 'ü=1', '%zz=%', 'o=\'"<>'])(
    'every other byte stays: %s',
    (query) => {
      expect(withParameter(`/a?${query}&page=1`, 'page', '2')).toBe(`/a?${query}&page=2`);
      expect(withParameter(`/a?page=1&${query}`, 'page', '2')).toBe(`/a?page=2&${query}`);
    },
  );
});
