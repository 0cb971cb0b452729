import { describe, expect, it } from 'vitest';
import { indentJson, isJson } from '../../src/json/indent.ts';

describe('indentJson', () => {
  it.each([
    ['{}', '{}'],
    [' [ ] ', '[]'],
    ['[[],{}]', '[\n  [],\n  {}\n]'],
    ['{"a":{"b":[1]}}', '{\n  "a": {\n    "b": [\n      1\n    ]\n  }\n}'],
    ['{"a":1,"a":2}', '{\n  "a": 1,\n  "a": 2\n}'],
    ['9007199254740993', '9007199254740993'],
    ['[1e400,-0,1.10,1E+2]', '[\n  1e400,\n  -0,\n  1.10,\n  1E+2\n]'],
    ['"\\u0041\\/\\ud83d"', '"\\u0041\\/\\ud83d"'],
    ['"{[:,]}\\" \\\\"', '"{[:,]}\\" \\\\"'],
    ['{"a\\":":"\\\\"}', '{\n  "a\\":": "\\\\"\n}'],
    ['"\u2028 \u00e9 \u{1F600}"', '"\u2028 \u00e9 \u{1F600}"'],
  ])('%j becomes %j', (text, expected) => {
    expect(indentJson(text)).toBe(expected);
  });

  it.each([
    [' { "a" : [ 1 , true ] , "b" : { } } ', '{"a":[1,true],"b":{}}'],
    ['[\n]', '[]'],
  ])('%j is on one line %j with indent 0', (text, expected) => {
    expect(indentJson(text, 0)).toBe(expected);
  });
});

it.each([
  ['', false],
  [' 1 ', true],
  ['{"a":1,}', false],
  ['{a:1}', false],
  ["'a'", false],
  ['NaN', false],
  ['01', false],
  ['1 2', false],
  ['\uFEFF1', false],
  ['"\\ud800"', true],
])('isJson(%j) is %j', (text, expected) => {
  expect(isJson(text)).toBe(expected);
});
