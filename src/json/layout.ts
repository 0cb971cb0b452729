import { createJsonScanner, type Piece } from './scanner.ts';

/** How the parts of a JSON text are painted. A string or key may come in several parts. */
export interface JsonPaint {
  key(text: string): string;
  string(text: string): string;
  /** Numbers, `true`, `false`, `null`. */
  literal(text: string): string;
  punctuation(text: string): string;
  /** What is no JSON: all from the place where the text turned out to be none. */
  rest(text: string): string;
}

export interface JsonLayoutOptions {
  /** Spaces for each level; 0 puts a value on one line. */
  indent?: number;
  paint?: JsonPaint;
  /** Any number of values, one after the other, each on a line of its own: NDJSON, JSON text sequences. */
  isSequence?: boolean;
}

export interface JsonLayout {
  /** Takes the next part of the text, split anywhere; returns what of the result is known by now. */
  write(text: string): string;
  /** The last of the result. No line break ends it. */
  end(): string;
  /** Whether the text turned out not to be JSON; known for sure after `end`. */
  isBroken(): boolean;
  /** Where that was seen, in UTF-16 units from its beginning. */
  brokenAt(): number | undefined;
}

/**
 * Levels deeper than this stay on one line, so that the result is never more than a fixed number of times longer
 * than the text: 100,000 levels would be laid out over 20 GB. jq prints no deeper ones at all.
 */
const DEEPEST_LINES = 256;

/** White space before a wrong character is kept so far, in characters, that a text which is no JSON comes out whole. */
const MOST_GAP = 65_536;

/**
 * Lays a JSON text out as it comes, in bounded memory. It moves white space only: number literals, escapes, key
 * order and repeated keys stay, which parsing would not keep. A byte order mark stays too. From the end of the
 * last part before something that is no JSON, the text comes out as it came.
 */
export function createJsonLayout({
  indent = 2,
  paint,
  isSequence = false,
}: JsonLayoutOptions = {}): JsonLayout {
  const scanner = createJsonScanner(isSequence);
  const lineBreaks: string[] = [];
  let previous: Piece | undefined;
  let held = '';
  let gap = '';
  /** How long the text before this chunk is. */
  let length = 0;
  let brokenAt: number | undefined;

  const lineBreak = (depth: number): string =>
    (lineBreaks[depth] ??= indent === 0 ? '' : `\n${' '.repeat(indent * depth)}`);

  const separatorBefore = (piece: Piece): string => {
    if (piece === 'comma' || piece === 'colon' || piece === 'more') return '';
    const depth = scanner.depth();
    if (piece === 'close') return previous === 'open' || depth >= DEEPEST_LINES ? '' : lineBreak(depth);
    if (previous === undefined) return '';
    const around = piece === 'open' ? depth - 1 : depth;
    if (around === 0) return '\n';
    if (indent === 0 || around > DEEPEST_LINES) return '';
    return previous === 'colon' ? ' ' : lineBreak(around);
  };

  const rest = (text: string) => (paint === undefined || text === '' ? text : paint.rest(text));

  const painted = (piece: Piece, text: string, paint: JsonPaint): string => {
    const kind = piece === 'more' ? previous : piece;
    if (kind === 'key') return paint.key(text);
    if (kind === 'string') return paint.string(text);
    return kind === 'literal' ? paint.literal(text) : paint.punctuation(text);
  };

  const layOut = (text: string): string => {
    scanner.feed(text);
    let out = '';
    // What is copied as one: parts that stand side by side in the text and in the result.
    let from = 0;
    let to = 0;
    let piece = scanner.next();
    for (; piece !== 'end' && piece !== 'broken'; piece = scanner.next()) {
      const separator = separatorBefore(piece);
      const start = scanner.start();
      const end = scanner.end();
      if (paint !== undefined) {
        out += separator + painted(piece, text.slice(start, end), paint);
        from = end;
      } else if (separator !== '' || start !== to) {
        out += text.slice(from, to) + separator;
        from = start;
      }
      to = end;
      if (piece !== 'more') previous = piece;
    }
    out += text.slice(from, to);
    const left = text.slice(to);
    if (piece === 'broken') {
      brokenAt = length + scanner.end();
      out += rest(gap + left);
    } else if (to > 0) {
      gap = left;
    } else if (gap.length < MOST_GAP) {
      gap += left;
    }
    length += text.length;
    return out;
  };

  return {
    isBroken: () => brokenAt !== undefined,
    brokenAt: () => brokenAt,
    write: (chunk) => {
      let text = held + chunk;
      held = '';
      // A half of a surrogate pair would be lost where the result is encoded part by part.
      if (isHighSurrogate(text.charCodeAt(text.length - 1))) {
        held = text.slice(-1);
        text = text.slice(0, -1);
      }
      if (brokenAt !== undefined) return rest(text);
      if (length > 0 || text.charCodeAt(0) !== BYTE_ORDER_MARK) return layOut(text);
      length = 1;
      return text.charAt(0) + layOut(text.slice(1));
    },
    end: () => {
      const left = held;
      held = '';
      if (brokenAt !== undefined) return rest(left);
      const last = layOut(left);
      if (brokenAt !== undefined || scanner.isComplete()) return last;
      brokenAt = length;
      return last + rest(gap);
    },
  };
}

const BYTE_ORDER_MARK = 0xfeff;

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}
