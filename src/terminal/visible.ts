/**
 * Makes control characters visible, so that nothing that came over the wire can move the cursor, set
 * the title or hide text: `\x1b` becomes `␛`. Tab and newline stay, other C0 controls become their
 * picture, C1 and bidirectional controls their escape.
 */
export function visible(text: string): string {
  return text.replace(CONTROLS, (character) => {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20) return String.fromCodePoint(0x2400 + code);
    if (code === 0x7f) return '␡';
    return `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** `visible` for a text that comes in parts, which may split a CRLF. */
export function createVisible(): { write: (text: string) => string; end: () => string } {
  let held = '';
  return {
    write: (text) => {
      const all = held + text;
      held = all.endsWith('\r') ? '\r' : '';
      return visible(held === '' ? all : all.slice(0, -1));
    },
    end: () => visible(held),
  };
}

/** As `visible`, on one line: for table cells and messages. */
export function visibleLine(text: string): string {
  return visible(text.replace(/[\t\n\r]+/g, ' '));
}

// C0 but tab, newline and the CR of a CRLF; DEL, C1, and the bidirectional controls of Unicode TR9.
// oxlint-disable-next-line no-control-regex -- they are what is looked for
const CONTROLS = /\r(?!\n)|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;
