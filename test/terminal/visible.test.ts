import { describe, expect, it } from 'vitest';
import { visible, visibleLine } from '../../src/terminal/visible.ts';

describe('visible', () => {
  it.each([
    ['plain text', 'añ日🙂', 'añ日🙂'],
    ['tab and newline stay', 'a\tb\nc', 'a\tb\nc'],
    ['CRLF stays', 'a\r\nb', 'a\r\nb'],
    ['a CR alone could overwrite the line', 'safe\revil', 'safe␍evil'],
    ['a CR at the end', 'a\r', 'a␍'],
    ['escape sequences', '\u001b[2J\u001b]0;title\u0007', '␛[2J␛]0;title␇'],
    ['NUL, backspace, delete', '\u0000\b\u007f', '␀␈␡'],
    ['C1 controls', '\u009b31m\u0085', '\\u009b31m\\u0085'],
    ['bidirectional controls', 'a\u202eb\u2066c\u2069', 'a\\u202eb\\u2066c\\u2069'],
  ])('%s', (_what, text, shown) => {
    expect(visible(text)).toBe(shown);
  });

  it('leaves no C0 or C1 control but tab and newline', () => {
    const all = Array.from({ length: 0xa0 }, (_, code) => String.fromCodePoint(code)).join('');
    const left = visible(all)
      .split('')
      .filter((character) => /\p{Cc}/u.test(character));
    expect(left).toEqual(['\t', '\n']);
  });

  it('visibleLine is one line', () => {
    expect(visibleLine('a\n\tb\r\nc\u001b')).toBe('a b c␛');
  });
});
