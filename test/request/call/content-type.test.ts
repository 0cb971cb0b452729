import { describe, expect, it } from 'vitest';
import { contentTypeOf, streamedContentType } from '../../../src/request/call/content-type.ts';

const JSON_TYPE = 'application/json';
const TEXT = 'text/plain; charset=utf-8';
const BINARY = 'application/octet-stream';

const kinds: [what: string, bytes: string | Uint8Array, type: string][] = [
  ['an object', '{"é": [1, "日本"]}\n', JSON_TYPE],
  ['a number', ' 12 ', JSON_TYPE],
  ['JSON behind a BOM', '\uFEFF{}', JSON_TYPE],
  ['words', 'hello é', TEXT],
  ['nothing', '', TEXT],
  ['JSON that is cut off', '{"a":', TEXT],
  ['two documents', '{} {}', TEXT],
  ['a form', 'a=1&b=2', TEXT],
  ['Latin-1', Buffer.from('{"a":"é"}', 'latin1'), BINARY],
  ['half a character at the end', Buffer.from('日').subarray(0, 2), BINARY],
  ['a NUL', 'a\0b', BINARY],
];

describe('the content type', () => {
  it.each(kinds)('of %s', (_what, given, type) => {
    expect(contentTypeOf(Buffer.from(given))).toBe(type);
  });

  it.each(kinds)('of %s that comes byte by byte', async (_what, given, type) => {
    const bytes = Buffer.from(given);
    expect(await streamedContentType(Array.from(bytes, (byte) => Buffer.from([byte])))).toBe(type);
  });

  it.each([
    ['the beginning of JSON', '{"a": [1, "x', JSON_TYPE],
    ['the beginning of words', 'hello', TEXT],
    ['half a character', Buffer.from('"日').subarray(0, 3), JSON_TYPE],
    ['half a character of words', Buffer.from('a日').subarray(0, 3), TEXT],
    ['bytes', Buffer.from([0xff]), BINARY],
  ])('of %s', async (_what, given, type) => {
    expect(await streamedContentType([Buffer.from(given)], false)).toBe(type);
  });

  it('looks no further than it has to', async () => {
    async function* endless() {
      yield Buffer.from('{');
      for (;;) yield Buffer.from([0xff]);
    }
    expect(await streamedContentType(endless())).toBe(BINARY);
  });
});
