import { afterAll, expect } from 'vitest';

/** What must not be printed, by what it is. */
const secrets = new Map<string, string>();
const printed: { argv: readonly string[]; texts: readonly string[] }[] = [];

// Once more at the end, as some secrets are only learnt after they were first used.
afterAll(() => {
  for (const { argv, texts } of printed) scan(argv, texts);
});

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

/** Now, and again when the test file is done. */
export function expectNoSecrets(argv: readonly string[], texts: readonly string[]): void {
  printed.push({ argv, texts });
  scan(argv, texts);
}

function scan(argv: readonly string[], texts: readonly string[]): void {
  const leaked = texts.map(findSecret).find((found) => found !== undefined);
  expect(leaked, `printed by: ${argv.join(' ')}`).toBeUndefined();
}
