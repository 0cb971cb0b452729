import { describe, expect, it } from 'vitest';
import { urlencodedContent } from '../../../src/request/call/urlencoded.ts';
import { bytesOf, usageErrorOf } from './reading.ts';

describe('--urlencoded', () => {
  it.each([
    [['a=1', 'b=2', 'a=3'], 'a=1&b=2&a=3'],
    [['a=b c', 'd=e+f', 'g=h=i'], 'a=b+c&d=e%2Bf&g=h%3Di'],
    [['ü[]=é&'], '%C3%BC%5B%5D=%C3%A9%26'],
    [['a='], 'a='],
    [['a=~*-._!'], 'a=%7E*-._%21'],
    [['a=@file'], 'a=%40file'],
    [['a=x\r\ny'], 'a=x%0D%0Ay'],
  ])('%j is %s', async (pairs, encoded) => {
    const { body } = urlencodedContent(pairs);
    expect((await bytesOf(body?.data)).toString()).toBe(encoded);
    expect(body?.contentType).toBe('application/x-www-form-urlencoded');
  });

  it.each([
    ['a', '--urlencoded "a" has no value', '--urlencoded a=value'],
    ['=1', 'has no name', '--urlencoded name=value'],
  ])('%j is refused: %s', async (pair, message, hint) => {
    const error = await usageErrorOf(() => urlencodedContent([pair]));
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
  });
});
