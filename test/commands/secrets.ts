import { expect } from 'vitest';

/** What must not be printed, by what it is. */
const secrets = new Map<string, string>();

export function addSecret(name: string, value: string): void {
  if (value.length < 8) throw new Error(`${name} is too short to be looked for`);
  secrets.set(value, name);
}

/** Finds a secret as it is, percent-encoded and in base64. */
export function findSecret(text: string): string | undefined {
  for (const [value, name] of secrets) {
    const spellings = [value, encodeURIComponent(value), Buffer.from(value).toString('base64').slice(0, -4)];
    if (spellings.some((spelling) => text.includes(spelling))) return name;
  }
  return undefined;
}

export function expectNoSecrets(argv: readonly string[], texts: readonly string[]): void {
  const leaked = texts.map(findSecret).find((found) => found !== undefined);
  expect(leaked, `printed by: ${argv.join(' ')}`).toBeUndefined();
}
