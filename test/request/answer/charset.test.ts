import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { charsetOf, createTextStream } from '../../../src/request/answer/charset.ts';

/** Fed in pieces of so many bytes. */
function read(bytes: Uint8Array, contentType: string | undefined, size: number): string {
  const stream = createTextStream(contentType, bytes);
  let text = '';
  for (let at = 0; at < bytes.length; at += size) text += stream.write(bytes.subarray(at, at + size));
  return text + stream.end();
}

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16();

describe('createTextStream', () => {
  it.each([
    ['UTF-8', Buffer.from('añ日🙂'), undefined, 'añ日🙂'],
    ['UTF-8 with a byte order mark', Buffer.from('\uFEFFaé'), 'text/plain', 'aé'],
    ['UTF-16 with one, whatever is declared', utf16be('\uFEFFa🙂'), 'text/plain; charset=utf-8', 'a🙂'],
    ['UTF-16LE with one', Buffer.from('\uFEFFa日', 'utf16le'), undefined, 'a日'],
    ['UTF-16LE without one', Buffer.from('a日', 'utf16le'), 'text/plain; charset=UTF-16LE', 'a日'],
    ['Shift_JIS', Buffer.from([0x93, 0xfa, 0x96, 0x7b]), 'text/html; charset=Shift_JIS', '日本'],
    ['windows-1252', Buffer.from([0x80, 0xe9]), 'text/csv;charset="windows-1252"', '€é'],
    [
      'ISO-8859-1, which browsers read as windows-1252',
      Buffer.from([0xe9]),
      'text/a; charset=iso-8859-1',
      'é',
    ],
    ['a charset that nobody knows', Buffer.from('aé'), 'text/plain; charset=klingon', 'aé'],
    ['what does not decode', Buffer.from([0x61, 0xff, 0x62]), undefined, 'a\uFFFDb'],
    ['a character cut off at the end', Buffer.from([0x61, 0xe6, 0x97]), undefined, 'a\uFFFD'],
    ['nothing', Buffer.alloc(0), undefined, ''],
  ])('%s', (_what, bytes, contentType, text) => {
    for (const size of [1, 2, 3, 1000]) expect(read(bytes, contentType, size)).toBe(text);
  });

  it.each(['utf-8', 'utf-16le'] as const)('any text in %s, split anywhere', (charset) => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 9 }), (text, size) => {
        fc.pre(!text.startsWith('\uFEFF'));
        const bytes = Buffer.from(text, charset === 'utf-8' ? 'utf8' : 'utf16le');
        fc.pre(charsetOf(`text/plain; charset=${charset}`, bytes) === charset);
        expect(read(bytes, `text/plain; charset=${charset}`, size)).toBe(text);
      }),
    );
  });
});
