import fc from 'fast-check';
import { expect, it } from 'vitest';
import { elementsOf } from '../../src/json/elements.ts';
import { indentJson } from '../../src/json/indent.ts';
import { anyText, jsonText, tokensOf } from './json-text.ts';

it.each([
  ['[]', []],
  [' [ ] ', []],
  ['[1]', ['1']],
  ['[1.10, 9007199254740993 ,1e400]', ['1.10', '9007199254740993', '1e400']],
  ['[{"a": [1, 2], "a": "x, y"}, [ [ ] , { } ], "a b"]', ['{"a":[1,2],"a":"x, y"}', '[[],{}]', '"a b"']],
  ['["\\u00e9\\/",null]', ['"\\u00e9\\/"', 'null']],
  ['{"a":1}', undefined],
  ['1', undefined],
  ['"[1]"', undefined],
  ['[1,]', undefined],
  ['[1', undefined],
  ['[1] [2]', undefined],
  ['\ufeff[1]', undefined],
  ['', undefined],
])('the elements of %j are %j', (json, expected) => {
  expect(elementsOf(json)).toEqual(expected);
});

it('they are the array: no token is lost or changed, no white space kept', () => {
  fc.assert(
    fc.property(fc.array(jsonText), (texts) => {
      const elements = elementsOf(`[${texts.join(',')}]`);
      expect(elements).toEqual(texts.map((text) => indentJson(text, 0)));
      expect(elements?.map(tokensOf)).toEqual(texts.map(tokensOf));
    }),
  );
});

it('there are some exactly where a text is a JSON array', () => {
  const isArray = (text: string) => {
    try {
      return Array.isArray(JSON.parse(text));
    } catch {
      return false;
    }
  };
  fc.assert(
    fc.property(anyText, (text) => (elementsOf(text) !== undefined) === isArray(text)),
    { numRuns: 1000 },
  );
});
