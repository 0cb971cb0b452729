import fc from 'fast-check';

const space = fc.constantFrom('', '', '', ' ', '\n', '\t', '\r\n', '  ');

const literal = fc.oneof(
  fc.constantFrom('true', 'false', 'null', '0', '-0', '0.0', '1.10', '1e2', '1E+02', '-1e-400', '1e400'),
  fc.constantFrom('9007199254740993', '0.1e1', '-12.5E-7'),
  fc.integer().map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => JSON.stringify(number)),
);

const character = fc.oneof(
  fc.constantFrom('a', ' ', '{', '}', '[', ']', ':', ',', "'", '\u2028', '\ufeff', '\u007f', '\u{1F600}'),
  fc.constantFrom('\\"', '\\\\', '\\/', '\\b', '\\f', '\\n', '\\r', '\\t', '\\u0000', '\\u00E9', '\\ud83d'),
  fc
    .string({ unit: 'binary', minLength: 1, maxLength: 1 })
    .filter((one) => one >= ' ' && one !== '"' && one !== '\\'),
);

const string = fc.array(character, { maxLength: 8 }).map((characters) => `"${characters.join('')}"`);
const key = fc.oneof(string, fc.constantFrom('"a"', '""', '"__proto__"', '"0"'));

const { value } = fc.letrec<{ value: string }>((tie) => {
  const spaced = fc.tuple(space, tie('value'), space).map((parts) => parts.join(''));
  const member = fc.tuple(space, key, space, spaced).map(([a, name, b, one]) => `${a}${name}${b}:${one}`);
  const list = (one: fc.Arbitrary<string>, [open, close]: readonly [string, string]) =>
    fc
      .oneof(fc.array(one, { minLength: 1, maxLength: 5 }), fc.array(space, { maxLength: 1 }))
      .map((items) => `${open}${items.join(',')}${close}`);
  return {
    value: fc.oneof(
      { maxDepth: 5, withCrossShrink: true },
      literal,
      string,
      list(spaced, ['[', ']']),
      list(member, ['{', '}']),
    ),
  };
});

/** A valid JSON text (RFC 8259) with the spellings that parsing would not keep. */
export const jsonText = fc.tuple(space, value, space).map((parts) => parts.join(''));

const anyCharacter = fc.oneof(
  fc.constantFrom(...'{}[]:,"\\0123456789.eE+-truefalsn u\n\0\x1e\ufeff'.split('')),
  character,
);

/** Almost JSON, more often than not: a valid text in which one place was changed. */
export const damagedText = fc
  .tuple(jsonText, fc.nat(), fc.nat(2), fc.oneof(fc.constant(''), anyCharacter))
  .map(([text, place, removed, inserted]) => {
    const at = place % (text.length + 1);
    return text.slice(0, at) + inserted + text.slice(at + removed);
  });

/** Any text at all, JSON or not. */
export const anyText = fc.oneof(
  jsonText,
  damagedText,
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.array(anyCharacter, { maxLength: 12 }).map((characters) => characters.join('')),
);

/** A text with the chunks that it comes in, split anywhere. */
export function inChunks(text: fc.Arbitrary<string>): fc.Arbitrary<{ text: string; chunks: string[] }> {
  return fc.tuple(text, fc.array(fc.nat(), { maxLength: 6 })).map(([whole, places]) => {
    const cuts = places.map((place) => place % (whole.length + 1)).sort((a, b) => a - b);
    const ends = [...cuts, whole.length];
    return { text: whole, chunks: ends.map((end, index) => whole.slice(ends[index - 1] ?? 0, end)) };
  });
}

/** The tokens of a valid JSON text, found character by character: another way than the one that is tested. */
export function tokensOf(json: string): string[] {
  const tokens: string[] = [];
  let at = 0;
  while (at < json.length) {
    const first = json.charAt(at);
    const start = at++;
    if (' \n\t\r'.includes(first)) continue;
    if (first === '"') {
      while (json.charAt(at) !== '"') at += json.charAt(at) === '\\' ? 2 : 1;
      at++;
    } else if (!'[]{}:,'.includes(first)) {
      while (at < json.length && !' \n\t\r[]{}:,"'.includes(json.charAt(at))) at++;
    }
    tokens.push(json.slice(start, at));
  }
  return tokens;
}
