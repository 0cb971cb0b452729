import type { PathKey } from '../../contracts/problems.ts';

/** A place of a call that an input can take: where it is, and what stands there. */
export interface Part {
  /** For a path the index of its piece, for a query its name, for a body the keys that lead there. */
  where:
    | { in: 'path'; piece: number }
    | { in: 'query'; name: string }
    | { in: 'body'; keys: readonly PathKey[] };
  /** As it was typed: `owner`, `per_page`, `message.text`. */
  label: string;
  /** As an input gives it: numbers and booleans of a query as those. */
  value: unknown;
  /** A name for the input, unique among the parts. */
  inputName: string;
  /** Whether it is proposed as an input. */
  isLikely: boolean;
}

/** A call as the request of a contract holds it. */
export interface CallShape {
  method: string;
  /** Text as it is sent, and between it values that an input could take. */
  path: readonly (string | PathValue)[];
  /** Decoded; a repeated name has a list. */
  query: ReadonlyMap<string, string | readonly string[]>;
  /** Without the content type that follows from the body. */
  headers: readonly (readonly [name: string, value: string])[];
  /** JSON, the fields of a form, or a text; undefined where there is none. */
  body: unknown;
  isForm: boolean;
}

export interface PathValue {
  /** Decoded. */
  value: string;
  /** The `{name}` that it was given for; undefined for a segment that looks like an id. */
  template?: string;
}
