import { createJsonScanner } from './scanner.ts';

export interface JsonCheck {
  /** Takes the next part of the text, split anywhere. False once it can no longer become JSON. */
  write(text: string): boolean;
  /** Whether all of it was one JSON value. */
  end(): boolean;
}

/** Tells whether a text of any size is one JSON value (RFC 8259), as JSON.parse does, and keeps none of it. */
export function createJsonCheck(): JsonCheck {
  const scanner = createJsonScanner();
  let isBroken = false;
  return {
    write: (text) => {
      if (isBroken) return false;
      scanner.feed(text);
      let piece = scanner.next();
      while (piece !== 'end' && piece !== 'broken') piece = scanner.next();
      isBroken = piece === 'broken';
      return !isBroken;
    },
    end: () => !isBroken && scanner.isComplete(),
  };
}
