import { createHash, randomBytes, randomInt } from 'node:crypto';

const DIGITS = 18;

/** Scalekit's ids are a prefix and a long number: `ca_248344953920861781`. */
export function randomId(prefix: string): string {
  let digits = String(randomInt(1, 10));
  while (digits.length < DIGITS) digits += String(randomInt(10));
  return prefix + digits;
}

/** 192 bits, for what its bearer is believed by. */
export function randomSecret(): string {
  return randomBytes(24).toString('base64url');
}

/** The same name gives the same id on every start, so that a redirect URI stays registered. */
export function stableId(prefix: string, name: string): string {
  const number = createHash('sha256').update(name).digest().readBigUInt64BE();
  return prefix + (10n ** BigInt(DIGITS - 1) + (number % (9n * 10n ** BigInt(DIGITS - 1)))).toString();
}
