import { describe, expect, it } from 'vitest';
import { indentJson, isJson } from '../../src/json/indent.ts';
import type { JsonPaint } from '../../src/json/layout.ts';
import { randomJson, seeded, tokensOf } from './random-json.ts';

const texts = Array.from({ length: 600 }, (_, seed) => randomJson(seeded(seed)));

describe('over random JSON texts', () => {
  it('the texts are valid, and many', () => {
    for (const text of texts) expect(isJson(text), text).toBe(true);
    expect(new Set(texts).size).toBeGreaterThan(500);
  });

  it.each([0, 1, 2, 4])('indent %i leaves the value what it was', (indent) => {
    for (const text of texts) expect(JSON.parse(indentJson(text, indent)), text).toEqual(JSON.parse(text));
  });

  it.each([0, 2])(
    'indent %i leaves every token as it was: literals, escapes, order, repeated keys',
    (indent) => {
      for (const text of texts) expect(tokensOf(indentJson(text, indent)), text).toEqual(tokensOf(text));
    },
  );

  it.each([0, 2])('indent %i a second time changes nothing', (indent) => {
    for (const text of texts) {
      const once = indentJson(text, indent);
      expect(indentJson(once, indent), text).toBe(once);
    }
  });

  it('any indent can be taken back', () => {
    for (const text of texts) expect(indentJson(indentJson(text, 2), 0), text).toBe(indentJson(text, 0));
  });

  it('what JSON.stringify wrote is laid out as JSON.stringify does it', () => {
    for (const text of texts) {
      const value: unknown = JSON.parse(text);
      const compact = JSON.stringify(value);
      expect(indentJson(compact), text).toBe(JSON.stringify(value, null, 2));
      expect(indentJson(JSON.stringify(value, null, 3), 0), text).toBe(compact);
    }
  });

  it('painted parts put together are the text that was painted', () => {
    const painted: string[] = [];
    const keep = (text: string) => {
      painted.push(text);
      return text;
    };
    const paint: JsonPaint = { key: keep, string: keep, literal: keep, punctuation: keep, rest: keep };
    for (const text of texts) {
      painted.length = 0;
      indentJson(text, 2, paint);
      expect(painted.join(''), text).toBe(tokensOf(text).join(''));
    }
  });
});

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

  it('paints keys, strings, literals and punctuation apart', () => {
    const paint: JsonPaint = {
      key: (text) => `k${text}`,
      string: (text) => `s${text}`,
      literal: (text) => `l${text}`,
      punctuation: (text) => `p${text}`,
      rest: (text) => `r${text}`,
    };
    expect(indentJson('{"a":["b",1,null]}', 0, paint)).toBe('p{k"a"p:p[s"b"p,l1p,lnullp]p}');
  });

  it('takes a few MB in its stride', () => {
    const text = `[${Array.from({ length: 100_000 }, (_, index) => `{"id":${index},"name":"n"}`).join(',')}]`;
    expect(indentJson(indentJson(text), 0)).toBe(text);
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
