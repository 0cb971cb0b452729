import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { indentJson, isJson } from '../../src/json/indent.ts';
import { createJsonLayout, type JsonLayoutOptions, type JsonPaint } from '../../src/json/layout.ts';
import { anyText, inChunks, jsonText, tokensOf } from './json-text.ts';

function laidOut(chunks: readonly string[], options?: JsonLayoutOptions) {
  const layout = createJsonLayout(options);
  const parts = chunks.map((chunk) => layout.write(chunk));
  parts.push(layout.end());
  return { parts, text: parts.join(''), isBroken: layout.isBroken(), brokenAt: layout.brokenAt() };
}

const indents = fc.constantFrom(0, 1, 2, 4);

describe('any JSON text, in any chunks', () => {
  it('keeps every token: literals, escapes, order, repeated keys', () => {
    fc.assert(
      fc.property(inChunks(jsonText), indents, ({ text, chunks }, indent) => {
        const result = laidOut(chunks, { indent });
        expect(result).toMatchObject({ isBroken: false, brokenAt: undefined });
        expect(tokensOf(result.text)).toEqual(tokensOf(text));
        expect(JSON.parse(result.text)).toEqual(JSON.parse(text));
        expect(result.text).toBe(indentJson(text, indent));
      }),
      { numRuns: 500 },
    );
  });

  it('is laid out as JSON.stringify does it', () => {
    fc.assert(
      fc.property(inChunks(fc.json()), indents, ({ text, chunks }, indent) => {
        expect(laidOut(chunks, { indent }).text).toBe(JSON.stringify(JSON.parse(text), null, indent));
      }),
    );
  });

  it('changes no more the second time, and back is back', () => {
    fc.assert(
      fc.property(jsonText, indents, (text, indent) => {
        const once = indentJson(text, indent);
        expect(indentJson(once, indent)).toBe(once);
        expect(indentJson(once, 0)).toBe(indentJson(text, 0));
      }),
    );
  });

  it('painted, is the same text in parts that were each painted', () => {
    fc.assert(
      fc.property(inChunks(jsonText), ({ text, chunks }) => {
        const painted: string[] = [];
        const keep = (part: string) => {
          painted.push(part);
          return part;
        };
        const paint = { key: keep, string: keep, literal: keep, punctuation: keep, rest: keep };
        expect(laidOut(chunks, { paint }).text).toBe(indentJson(text));
        expect(painted.join('')).toBe(tokensOf(text).join(''));
      }),
    );
  });
});

describe('any text at all, in any chunks', () => {
  const withoutSpace = (text: string) => text.replace(/[ \t\r\n]+/g, '');

  it.each([{}, { isSequence: true, indent: 0 }])('comes out complete, in its order (%j)', (options) => {
    fc.assert(
      fc.property(inChunks(anyText), ({ text, chunks }) => {
        const result = laidOut(chunks, options);
        const isSequence = 'isSequence' in options;
        const kept = isSequence && !result.isBroken ? text.replaceAll('\x1e', '') : text;
        if (!isSequence || !text.includes('\x1e') || !result.isBroken) {
          expect(withoutSpace(result.text)).toBe(withoutSpace(kept));
        }
        if (!isSequence) expect(result.isBroken).toBe(!isJson(text.replace(/^\ufeff/, '')));
        if (result.brokenAt !== undefined)
          expect(result.text.endsWith(text.slice(result.brokenAt))).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('can be encoded part by part', () => {
    const encoded = (parts: readonly string[]) => Buffer.concat(parts.map((part) => Buffer.from(part)));
    fc.assert(
      fc.property(inChunks(anyText), ({ chunks }) => {
        const { parts, text } = laidOut(chunks);
        expect(encoded(parts)).toEqual(Buffer.from(text));
      }),
      { numRuns: 500 },
    );
  });
});

it.each([
  ['{"a":[1,{}],"b":""}', '{\n  "a": [\n    1,\n    {}\n  ],\n  "b": ""\n}', undefined],
  ['\ufeff[1]', '\ufeff[\n  1\n]', undefined],
  ['[1, 2 ,  x, 3]', '[\n  1,\n  2,  x, 3]', 9],
  ['{"a":1,\r\n  a:1}', '{\n  "a": 1,\r\n  a:1}', 11],
  ['[1,\n"a\nb", 2]', '[\n  1,\n"a\nb", 2]', 6],
  ['<p>no\tJSON</p>\n', '<p>no\tJSON</p>\n', 0],
  ['  tea', '  tea', 3],
  ['[1,  ', '[\n  1,  ', 5],
  ['[1] [2]', '[\n  1\n] [2]', 4],
  ['1.e5', '1.e5', 2],
  ['', '', 0],
  ['\ufeff', '\ufeff', 1],
])('%j becomes %j, broken at %j', (text, expected, brokenAt) => {
  expect(laidOut([text])).toMatchObject({ text: expected, isBroken: brokenAt !== undefined, brokenAt });
  expect(laidOut(text.split(''))).toMatchObject({ isBroken: brokenAt !== undefined, brokenAt });
});

it.each([
  [['[1,', ' ', '\t', '\n x'], '[\n  1, \t\n x'],
  [['\n\n', ' ', 'x'], '\n\n x'],
  [['[1 ', '\r\n', ' '], '[\n  1 \r\n '],
])('white space before what is wrong stays, in whatever chunks it came: %j', (chunks, expected) => {
  expect(laidOut(chunks)).toMatchObject({ text: expected, isBroken: true });
});

describe('a sequence', () => {
  it('has each value laid out, one below the other', () => {
    const separators = fc.constantFrom('\n', '\r\n', ' ', '\n\n', '\n\x1e');
    fc.assert(
      fc.property(fc.array(jsonText), separators, indents, (texts, separator, indent) => {
        const joined = texts.map((text) => text + separator).join('');
        const options = { indent, isSequence: true };
        const expected = texts.map((text) => indentJson(text, indent)).join('\n');
        expect(laidOut([joined], options)).toMatchObject({ text: expected, isBroken: false });
        expect(laidOut(joined.split(''), options)).toMatchObject({ text: expected, isBroken: false });
      }),
    );
  });

  it.each([
    ['{}{}[]"a""b"', '{}\n{}\n[]\n"a"\n"b"', undefined],
    ['\x1e1\n\x1e2\n', '1\n2', undefined],
    ['', '', undefined],
    ['1 true', '1\ntrue', undefined],
    ['1true', '1true', 1],
    ['01', '01', 1],
    ['1{}', '1{}', 1],
    ['[\x1e1]', '[\x1e1]', 1],
    ['1\n[2\n', '1\n[2\n', 5],
  ])('%j becomes %j, broken at %j', (text, expected, brokenAt) => {
    expect(laidOut([text], { indent: 0, isSequence: true })).toMatchObject({ text: expected, brokenAt });
  });
});

const paint: JsonPaint = {
  key: (text) => `k(${text})`,
  string: (text) => `s(${text})`,
  literal: (text) => `l(${text})`,
  punctuation: (text) => text,
  rest: (text) => `r(${text})`,
};

it.each([
  [['{"a":["b",1,null]}'], '{k("a"):[s("b"),l(1),l(null)]}'],
  [['{"ke', 'y":"va', 'lu', 'e","":tr', 'ue}'], '{k("ke)k(y"):s("va)s(lu)s(e"),k(""):l(tr)l(ue)}'],
  [['[1', ',2', ']'], '[l(1),l(2)]'],
  [['[1, x', 'y]'], '[l(1),r( x)r(y])'],
])('%j is painted as %j', (chunks, expected) => {
  expect(laidOut(chunks, { indent: 0, paint }).text).toBe(expected);
});

describe('in bounded memory', () => {
  it('a string of any length comes out as it comes in', () => {
    const layout = createJsonLayout();
    expect(layout.write('{"a":"')).toBe('{\n  "a": "');
    const megabyte = 'x\\n'.repeat(350_000);
    for (let count = 0; count < 30; count++) expect(layout.write(megabyte)).toBe(megabyte);
    expect(layout.write('"}') + layout.end()).toBe('"\n}');
  });

  it('a surrogate pair that was split comes out whole', () => {
    expect(laidOut(['"\ud83d', '\ude00"']).parts).toEqual(['"', '\u{1f600}"', '']);
  });

  it.each([100_000, 3_000_000])('%i levels take no more than a few times their length', (depth) => {
    const text = '[{"a":'.repeat(depth / 2) + '}]'.repeat(depth / 2).replace('}', '1}');
    const result = laidOut([text]);
    expect(result.isBroken).toBe(false);
    expect(result.text.length).toBeLessThan(text.length + 300_000);
    expect(indentJson(result.text, 0)).toBe(text);
  });

  it('the deepest levels that have lines of their own are all closed on their own', () => {
    const lines = indentJson('['.repeat(300) + ']'.repeat(300)).split('\n');
    expect(lines).toHaveLength(513);
    expect(lines[256]).toBe(`${' '.repeat(512)}${'['.repeat(44)}${']'.repeat(44)}`);
    expect(lines.at(-2)).toBe('  ]');
  });
});
