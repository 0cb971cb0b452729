import { describe, expect, it } from 'vitest';
import { baseName, parsePart } from '../../../src/request/call/form-part.ts';
import { usageErrorOf } from './reading.ts';

describe('parsePart', () => {
  it.each([
    ['a=b', 'b'],
    ['a=', ''],
    ['a=b=c;type=text/plain', 'b=c;type=text/plain'],
    ['a=@@b', '@b'],
    ['a=@@', '@'],
    ['a=x@y', 'x@y'],
  ])('%j is text', (text, value) => {
    expect(parsePart(text)).toEqual({ name: 'a', text: value });
  });

  it.each([
    ['a=@b.png', 'b.png', undefined, undefined],
    ['a=@-', '-', undefined, undefined],
    ['a=@b.png;type=image/webp', 'b.png', 'image/webp', undefined],
    ['a=@b;filename=c d.txt;type=text/plain;charset=utf-8', 'b', 'text/plain;charset=utf-8', 'c d.txt'],
    ['a=@b;type=text/plain; charset="utf-8";filename=c', 'b', 'text/plain; charset="utf-8"', 'c'],
    ['a=@b;filename="c \\"d\\" \\\\.txt"', 'b', undefined, 'c "d" \\.txt'],
    ['a=@b;filename="c', 'b', undefined, '"c'],
    ['a=@b;c=d;e', 'b;c=d;e', undefined, undefined],
    ['a=@C:\\x\\y.png;type=image/png', 'C:\\x\\y.png', 'image/png', undefined],
  ])('%j is a file', (text, file, type, filename) => {
    expect(parsePart(text)).toEqual({ name: 'a', file, type, filename });
  });

  it.each([
    ['name', '--form name has no value', '--form name=value'],
    ['=v', 'a field of --form has no name', '--form name=value'],
    ['a=@b;type=', 'no media type: ""', 'image/png'],
    ['a=@b;type=png', 'no media type: "png"', 'image/png'],
    ['a=@b;type=a/b\r\nX-C: d', 'no media type', 'image/png'],
    ['a=@b;type=a/b;c\r\nX-C: d', 'no media type', 'image/png'],
    ['a=@b;type=a/b;type=c/d', 'two ;type=', 'once'],
    ['a=@b;filename=', 'an empty ;filename=', 'Leave it out'],
  ])('%j is refused: %s', async (text, message, hint) => {
    const error = await usageErrorOf(() => parsePart(text));
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
  });
});

describe('baseName', () => {
  it.each([
    ['a/b/c.png', 'linux', 'c.png'],
    ['a\\b.png', 'linux', 'a\\b.png'],
    ['C:\\x\\y.png', 'win32', 'y.png'],
    ['C:/x/y.png', 'win32', 'y.png'],
    ['-', 'linux', '-'],
  ] as const)('%s on %s is %s', (file, platform, name) => {
    expect(baseName(file, platform)).toBe(name);
  });
});
