import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEventLines, createLines, type Lines } from '../../../src/request/answer/lines.ts';

const all = (lines: Lines, parts: readonly string[]) => [
  ...parts.flatMap((part) => lines.write(part)),
  ...lines.end(),
];

describe('createLines', () => {
  it.each([
    [['a\nb\n'], ['a', 'b']],
    [['a\nb'], ['a', 'b']],
    [
      ['a', 'b\nc', '\n'],
      ['ab', 'c'],
    ],
    [['\n\n'], ['', '']],
    [[''], []],
    [
      ['a\r\nb\r', '\n'],
      ['a\r', 'b\r'],
    ],
  ])('%j', (parts, lines) => {
    expect(all(createLines('\n'), parts)).toEqual(lines);
  });

  it('a line is there as soon as it is ended', () => {
    const lines = createLines('\n');
    expect(lines.write('{"a":1}\n{"a"')).toEqual(['{"a":1}']);
    expect(lines.write(':2}\n')).toEqual(['{"a":2}']);
  });

  it('any text, split anywhere', () => {
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[ab\n]{0,5}$/)), (parts) => {
        const expected = parts.join('').split('\n');
        if (expected.at(-1) === '') expected.pop();
        expect(all(createLines('\n'), parts)).toEqual(expected);
      }),
    );
  });
});

describe('createEventLines', () => {
  it.each([
    ['the three line ends', ['a\rb\nc\r\nd'], ['a', 'b', 'c', 'd']],
    ['a CRLF split between two parts', ['a\r', '\nb\n'], ['a', 'b']],
    ['a CR, then an empty line', ['a\r', '\r\nb\n'], ['a', '', 'b']],
    ['a CR at the end of a part, and nothing in the next', ['a\r', '', '\nb\n'], ['a', 'b']],
  ])('%s', (_what, parts, lines) => {
    expect(all(createEventLines(), parts)).toEqual(lines);
  });

  it('a line that a CR ends is there before it is known what follows', () => {
    expect(createEventLines().write('data: 1\r')).toEqual(['data: 1']);
  });
});
