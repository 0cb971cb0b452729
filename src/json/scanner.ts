import { createNesting } from './nesting.ts';
import { isWholeNumber, type NumberState, numberNext, numberStart } from './number-scan.ts';

/**
 * A piece of the text. `key`, `string` and `literal` (numbers, `true`, `false`, `null`) are all of it, or its
 * beginning where the chunk ends in it: the next chunk then begins with `more` of it. `end`: nothing more in this
 * chunk. `broken`: what stands here cannot, the text is no JSON.
 */
export type Piece =
  | 'open'
  | 'close'
  | 'comma'
  | 'colon'
  | 'key'
  | 'string'
  | 'literal'
  | 'more'
  | 'end'
  | 'broken';

export interface JsonScanner {
  /** The next chunk, once the one before was read to its end. */
  feed(chunk: string): void;
  next(): Piece;
  /** Where the last piece begins in the chunk, and where it ends: where it is broken, before the wrong character. */
  start(): number;
  end(): number;
  /** How many objects and arrays are open. */
  depth(): number;
  /** Whether what came so far is whole: one value, or in a sequence any number of them. */
  isComplete(): boolean;
}

// What may come next.
const VALUE = 0;
const VALUE_OR_CLOSE = 1;
const KEY = 2;
const KEY_OR_CLOSE = 3;
const COLON = 4;
const COMMA_OR_CLOSE = 5;
const NOTHING = 6;
/** In a sequence, after a number or word: without it the next would run into it. */
const SPACE = 7;

// What the chunk before ended in.
const BETWEEN = 0;
const IN_STRING = 1;
const IN_NUMBER = 2;
const IN_WORD = 3;

// How much of an escape is to come; 1 to 4 are hexadecimal digits.
const NO_ESCAPE = 0;
const AFTER_BACKSLASH = 5;

/**
 * Reads JSON (RFC 8259, neither more nor less) chunk by chunk, split anywhere, and keeps none of it: all that
 * grows is a bit for each object or array that is open. In a sequence values may follow one another: NDJSON,
 * concatenated JSON, JSON text sequences (RFC 7464).
 */
export function createJsonScanner(isSequence = false): JsonScanner {
  const nesting = createNesting();
  let text = '';
  let start = 0;
  let at = 0;
  let expected = VALUE;
  let inside = BETWEEN;
  let isKey = false;
  let escape = NO_ESCAPE;
  let number: NumberState = 0;
  let word = '';
  let wordAt = 0;

  const afterValue = (isBare: boolean) => {
    if (nesting.depth() > 0) expected = COMMA_OR_CLOSE;
    else if (!isSequence) expected = NOTHING;
    else expected = isBare ? SPACE : VALUE;
  };

  /** Reads on from `at`, as far as the chunk goes. False where a character cannot stand there. */
  const scanString = (): boolean => {
    const { length } = text;
    let index = at;
    for (; index < length; index++) {
      const code = text.charCodeAt(index);
      if (escape === NO_ESCAPE) {
        if (code === QUOTE) break;
        if (code === BACKSLASH) escape = AFTER_BACKSLASH;
        else if (code < 0x20) return brokenAt(index);
      } else if (escape === AFTER_BACKSLASH) {
        if (!isEscapeLetter(code)) return brokenAt(index);
        escape = code === LETTER_U ? 4 : NO_ESCAPE;
      } else {
        if (!isHexDigit(code)) return brokenAt(index);
        escape--;
      }
    }
    at = index;
    if (index === length) return true;
    at++;
    inside = BETWEEN;
    if (isKey) expected = COLON;
    else afterValue(false);
    return true;
  };

  const scanNumber = (): boolean => {
    const { length } = text;
    for (; at < length; at++) {
      const next = numberNext(number, text.charCodeAt(at));
      if (next === undefined) break;
      number = next;
    }
    if (at === length) return true;
    inside = BETWEEN;
    afterValue(true);
    return isWholeNumber(number);
  };

  const scanWord = (): boolean => {
    for (; at < text.length && wordAt < word.length; at++, wordAt++) {
      if (text.charCodeAt(at) !== word.charCodeAt(wordAt)) return false;
    }
    if (wordAt < word.length) return true;
    inside = BETWEEN;
    afterValue(true);
    return true;
  };

  const brokenAt = (index: number): false => {
    at = index;
    return false;
  };

  const scanOn = () => {
    if (inside === IN_STRING) return scanString();
    return inside === IN_NUMBER ? scanNumber() : scanWord();
  };

  const skipSpace = () => {
    const { length } = text;
    for (; at < length; at++) {
      const code = text.charCodeAt(at);
      const isSpace =
        code === 0x20 ||
        code === 0x0a ||
        code === 0x0d ||
        code === 0x09 ||
        (code === RECORD_SEPARATOR && isSequence && nesting.depth() === 0);
      if (!isSpace) return;
      if (expected === SPACE) expected = VALUE;
    }
  };

  const stringPiece = (): Piece => {
    isKey = expected === KEY || expected === KEY_OR_CLOSE;
    if (!isKey && expected > VALUE_OR_CLOSE) return 'broken';
    at++;
    inside = IN_STRING;
    if (!scanString()) return 'broken';
    return isKey ? 'key' : 'string';
  };

  const openPiece = (isObject: boolean): Piece => {
    if (expected > VALUE_OR_CLOSE) return 'broken';
    at++;
    nesting.open(isObject);
    expected = isObject ? KEY_OR_CLOSE : VALUE_OR_CLOSE;
    return 'open';
  };

  const closePiece = (isObject: boolean): Piece => {
    const isAllowed =
      expected === (isObject ? KEY_OR_CLOSE : VALUE_OR_CLOSE) ||
      (expected === COMMA_OR_CLOSE && nesting.isObject() === isObject);
    if (!isAllowed) return 'broken';
    at++;
    nesting.close();
    afterValue(false);
    return 'close';
  };

  const literalPiece = (code: number): Piece => {
    if (expected > VALUE_OR_CLOSE) return 'broken';
    if (code === 0x2d || (code >= 0x30 && code <= 0x39)) {
      number = numberStart(code);
      inside = IN_NUMBER;
    } else {
      const found = WORDS.get(code);
      if (found === undefined) return 'broken';
      word = found;
      wordAt = 1;
      inside = IN_WORD;
    }
    at++;
    return scanOn() ? 'literal' : 'broken';
  };

  return {
    start: () => start,
    end: () => at,
    depth: () => nesting.depth(),
    feed: (chunk) => {
      text = chunk;
      at = 0;
    },
    next: () => {
      start = at;
      if (inside !== BETWEEN && at < text.length) {
        if (!scanOn()) return 'broken';
        if (at > start) return 'more';
      }
      skipSpace();
      start = at;
      if (at === text.length) return 'end';
      const code = text.charCodeAt(at);
      switch (code) {
        case QUOTE:
          return stringPiece();
        case 0x7b:
        case 0x5b:
          return openPiece(code === 0x7b);
        case 0x7d:
        case 0x5d:
          return closePiece(code === 0x7d);
        case 0x2c:
          if (expected !== COMMA_OR_CLOSE) return 'broken';
          at++;
          expected = nesting.isObject() ? KEY : VALUE;
          return 'comma';
        case 0x3a:
          if (expected !== COLON) return 'broken';
          at++;
          expected = VALUE;
          return 'colon';
        default:
          return literalPiece(code);
      }
    },
    isComplete: () => {
      if (nesting.depth() > 0) return false;
      if (inside !== BETWEEN) return inside === IN_NUMBER && isWholeNumber(number);
      return expected === NOTHING || isSequence;
    },
  };
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const RECORD_SEPARATOR = 0x1e;

const WORDS = new Map(['true', 'false', 'null'].map((word) => [word.charCodeAt(0), word]));

function isEscapeLetter(code: number): boolean {
  return '"\\/bfnrtu'.includes(String.fromCharCode(code));
}

function isHexDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x46) || (code >= 0x61 && code <= 0x66);
}
