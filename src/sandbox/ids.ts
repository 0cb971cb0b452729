import { createHash, randomInt } from 'node:crypto';

const DIGITS = 18;

/** Scalekit's ids are a prefix and a long number: `ca_248344953920861781`. */
export function randomId(prefix: string): string {
  let digits = String(randomInt(1, 10));
  while (digits.length < DIGITS) digits += String(randomInt(10));
  return prefix + digits;
}

/** The same name gives the same id on every start, so that a redirect URI stays registered. */
export function stableId(prefix: string, name: string): string {
  const number = createHash('sha256').update(name).digest().readBigUInt64BE();
  return prefix + (10n ** BigInt(DIGITS - 1) + (number % (9n * 10n ** BigInt(DIGITS - 1)))).toString();
}
