/** Numbers in [0, 1) that follow from the seed alone (mulberry32), so that a failure can be repeated. */
export function seeded(seed: number): () => number {
  let state = seed * 0x9e3779b1;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;

/** A valid JSON text (RFC 8259) with the spellings that parsing would not keep. */
export function randomJson(random: Random): string {
  return space(random) + value(random, 4) + space(random);
}

const LITERALS = ['true', 'false', 'null'];
const NUMBERS = ['0', '-0', '0.0', '1.10', '1e2', '1E+02', '-1e-400', '1e400', '9007199254740993', '0.1e1'];
const SPACES = ['', '', '', ' ', '\n', '\t', '\r\n', '  '];
const CHARACTERS = [
  'a',
  'Z',
  ' ',
  '{',
  '}',
  '[',
  ']',
  ':',
  ',',
  "'",
  '\u00e9',
  '\u2028',
  '\u{1F600}',
  '\u007f',
  '\\"',
  '\\\\',
  '\\/',
  '\\n',
  '\\t',
  '\\u0000',
  '\\u00E9',
  '\\ud83d\\ude00',
  '\\ud800',
];
const KEYS = ['a', 'b', '', '__proto__', 'constructor', '1', '0'];

function pick<T>(random: Random, list: readonly T[]): T {
  return list[Math.floor(random() * list.length)] as T;
}

const space = (random: Random) => pick(random, SPACES);

function times<T>(random: Random, most: number, make: () => T): T[] {
  return Array.from({ length: Math.floor(random() * (most + 1)) }, make);
}

function value(random: Random, depth: number): string {
  const kind = depth === 0 ? random() * 0.6 : random();
  if (kind < 0.1) return pick(random, LITERALS);
  if (kind < 0.3) return random() < 0.5 ? pick(random, NUMBERS) : String(Math.floor(random() * 2000) - 1000);
  if (kind < 0.6) return string(random);
  const members = times(random, 4, () => {
    const key =
      kind < 0.8 ? '' : `${random() < 0.5 ? `"${pick(random, KEYS)}"` : string(random)}${space(random)}:`;
    return space(random) + key + space(random) + value(random, depth - 1) + space(random);
  });
  const inner = members.join(',') || space(random);
  return kind < 0.8 ? `[${inner}]` : `{${inner}}`;
}

function string(random: Random): string {
  return `"${times(random, 6, () => pick(random, CHARACTERS)).join('')}"`;
}

/** The tokens of a valid JSON text, found character by character: another way than the one that is tested. */
export function tokensOf(json: string): string[] {
  const tokens: string[] = [];
  let at = 0;
  while (at < json.length) {
    const character = json.charAt(at);
    const start = at++;
    if (' \n\t\r'.includes(character)) continue;
    if (character === '"') {
      while (json.charAt(at) !== '"') at += json.charAt(at) === '\\' ? 2 : 1;
      at++;
    } else if (!'[]{}:,'.includes(character)) {
      while (at < json.length && !' \n\t\r[]{}:,"'.includes(json.charAt(at))) at++;
    }
    tokens.push(json.slice(start, at));
  }
  return tokens;
}
