import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createJsonCheck } from '../../src/json/check.ts';
import { isJson } from '../../src/json/indent.ts';
import { anyText, damagedText, inChunks, jsonText } from './json-text.ts';

function isChecked(chunks: readonly string[]): boolean {
  const check = createJsonCheck();
  for (const chunk of chunks) check.write(chunk);
  return check.end();
}

describe('createJsonCheck agrees with JSON.parse', () => {
  it('takes every JSON text', () => {
    fc.assert(fc.property(inChunks(jsonText), ({ text, chunks }) => isJson(text) && isChecked(chunks)));
  });

  it.each([
    ['damaged ones', damagedText],
    ['any text at all', anyText],
  ])('%s', (_what, texts) => {
    const agrees = ({ text, chunks }: { text: string; chunks: string[] }) =>
      isChecked(chunks) === isJson(text);
    fc.assert(fc.property(inChunks(texts), agrees), { numRuns: 2000 });
  });

  it.each([
    '',
    ' ',
    '-',
    '-0',
    '01',
    '-01',
    '1.',
    '.1',
    '1.e1',
    '1e',
    '1e+',
    '1e+1',
    '+1',
    '0x1',
    'NaN',
    'Infinity',
    'tru',
    'truee',
    'True',
    'nul\0',
    '1 2',
    '"',
    '"\\',
    '"\\x"',
    '"\\u12g4"',
    '"\\uD800"',
    '"\t"',
    '"\u007f"',
    "'a'",
    '[1,]',
    '[,1]',
    '[1 2]',
    '[1:2]',
    '[}',
    '{]',
    '[',
    ']',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{,"a":1}',
    '{1:1}',
    '{"a":1 "b":2}',
    '{"a"::1}',
    '{"a":1}}',
    '[1]\u00a0',
    '\ufeff1',
    '\u000b1',
    '/**/1',
    '\x1e1',
    '{"a":{"b":[]}}',
    '[[],{}]',
  ])('on %j', (text) => {
    expect(isChecked([text])).toBe(isJson(text));
    expect(isChecked(text.split(''))).toBe(isJson(text));
  });

  it('on 100,000 levels', () => {
    const text = '['.repeat(100_000) + ']'.repeat(100_000);
    expect(isChecked([text])).toBe(true);
    expect(isChecked([`${text}]`])).toBe(false);
    expect(isChecked([text.slice(1)])).toBe(false);
  });
});

it.each([
  ['at once', ['hello', ' "a"'], [false, false]],
  ['in a later part', ['{"a', '":', 'x', '1}'], [true, true, false, false]],
  ['in the middle of a word', ['tr', 'ux'], [true, false]],
  ['in an escape', ['"\\u1', '23', 'z"'], [true, true, false]],
  ['not, where only the end is missing', ['[1', ',2'], [true, true]],
])('the first wrong character is seen %s', (_when, chunks, expected) => {
  const check = createJsonCheck();
  expect(chunks.map((chunk) => check.write(chunk))).toEqual(expected);
  expect(check.end()).toBe(false);
});
