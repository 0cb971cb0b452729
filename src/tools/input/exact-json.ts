import { usageError } from '../../errors.ts';
import { createJsonScanner } from '../../json/scanner.ts';
import { parseJsonArgument } from '../../terminal/input.ts';

/** Tool inputs travel as doubles: a number that one cannot hold would arrive as another. Throws a usage error for it. */
export function parseExactJson(text: string, flag: string): unknown {
  const value = parseJsonArgument(Buffer.from(text), flag);
  const inexact = MAYBE_INEXACT.test(text) ? numbersOf(text).find((number) => !isExact(number)) : undefined;
  if (inexact === undefined) return value;
  throw usageError(
    `${flag}: ${inexact} cannot be sent exactly: tool inputs are carried as double-precision numbers`,
    'Use a number up to 9007199254740991, or text if the tool takes it.',
  );
}

const MAYBE_INEXACT = /\d{16}|[eE]\+?\d{3}/;

function numbersOf(text: string): string[] {
  const numbers: string[] = [];
  const scanner = createJsonScanner();
  const json = text.replace(/^\uFEFF/, '');
  scanner.feed(json);
  for (let piece = scanner.next(); piece !== 'end' && piece !== 'broken'; piece = scanner.next()) {
    const literal = json.slice(scanner.start(), scanner.end());
    if (piece === 'literal' && /^[-\d]/.test(literal)) numbers.push(literal);
  }
  return numbers;
}

function isExact(literal: string): boolean {
  const number = Number(literal);
  return Number.isFinite(number) && (!/^-?\d+$/.test(literal) || Number.isSafeInteger(number));
}
