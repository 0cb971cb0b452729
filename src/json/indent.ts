/** How the parts of a JSON text are painted. */
export interface JsonPaint {
  key(text: string): string;
  string(text: string): string;
  /** Numbers, `true`, `false`, `null`. */
  literal(text: string): string;
  punctuation(text: string): string;
}

const plain: JsonPaint = {
  key: (text) => text,
  string: (text) => text,
  literal: (text) => text,
  punctuation: (text) => text,
};

// Strings, punctuation, and what stands between them: numbers and words.
const TOKEN = /"(?:[^"\\]|\\.)*"|[[\]{},:]|[^\s"[\]{},:]+/gs;

/**
 * Lays a valid JSON text out over lines, or on one line with `indent` 0. It moves white space only: number
 * literals, escapes, key order and repeated keys stay as they came, which parsing would not keep.
 */
export function indentJson(json: string, indent = 2, paint: JsonPaint = plain): string {
  const out: string[] = [];
  let depth = 0;
  const newLine = () => (indent === 0 ? '' : `\n${' '.repeat(indent * depth)}`);
  let previous = '';
  const tokens = json.match(TOKEN) ?? [];
  for (const [index, token] of tokens.entries()) {
    if (token === '{' || token === '[') {
      out.push(paint.punctuation(token));
      depth++;
      const next = tokens[index + 1];
      if (next !== '}' && next !== ']') out.push(newLine());
    } else if (token === '}' || token === ']') {
      depth--;
      if (previous !== '{' && previous !== '[') out.push(newLine());
      out.push(paint.punctuation(token));
    } else if (token === ',') {
      out.push(paint.punctuation(token), newLine());
    } else if (token === ':') {
      out.push(paint.punctuation(token), indent === 0 ? '' : ' ');
    } else if (token.startsWith('"')) {
      out.push(tokens[index + 1] === ':' ? paint.key(token) : paint.string(token));
    } else {
      out.push(paint.literal(token));
    }
    previous = token;
  }
  return out.join('');
}

/** Whether a text is one JSON value (RFC 8259). */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
