// What a reader of the program would not see, or what would reorder what is seen (Unicode TR36, "Trojan Source").
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;
const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A string literal of TypeScript or Python, in the quotes that need fewer escapes. */
export function quote(text: string, preferred: "'" | '"', codePoint: (code: number) => string): string {
  const other = preferred === "'" ? '"' : "'";
  const mark = count(text, preferred) > count(text, other) ? other : preferred;
  const escaped = text.replaceAll('\\', '\\\\').replaceAll(mark, `\\${mark}`);
  return mark + escapeInvisible(escaped, codePoint) + mark;
}

/** Whether a text reads better over several lines than with its line breaks escaped. */
export function hasLines(text: string): boolean {
  return count(text, '\n') > 1;
}

/** All but line breaks, which a literal over several lines holds as they are. */
export function escapeWithinLines(text: string, codePoint: (code: number) => string): string {
  return text
    .split('\n')
    .map((line) => escapeInvisible(line, codePoint))
    .join('\n');
}

function escapeInvisible(text: string, codePoint: (code: number) => string): string {
  return text.replace(INVISIBLE, (each) => NAMED[each] ?? codePoint(each.codePointAt(0) ?? 0));
}

export function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

function count(text: string, part: string): number {
  return text.split(part).length - 1;
}

/**
 * A word of a POSIX shell (2.2 Quoting): as it is, or in single quotes. Control characters, which a terminal would
 * act on, come from `printf`, but for tabs and line breaks.
 */
export function shellQuote(text: string): string {
  if (/^[\w@%+=:,./-]+$/.test(text)) return text;
  const pieces = text.split(/((?:(?![\n\t])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}])+)/u).map((piece, index) => {
    if (index % 2 === 0) return piece === '' ? '' : `'${piece.replaceAll("'", `'\\''`)}'`;
    return `"$(printf '${[...Buffer.from(piece)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join('')}')"`;
  });
  return pieces.join('') || "''";
}
