import type { JsonObject } from '../json/object.ts';

/** The words after `tools exec NAME` that give an input: `-p` for each where all are plain, else `--input`. */
export function inputWords(input: JsonObject): string[] {
  const entries = Object.entries(input);
  const isPlain = entries.every(([key, value]) => !/[=.]/.test(key) && key !== '' && isScalar(value));
  if (!isPlain) return ['--input', JSON.stringify(input)];
  return entries.flatMap(([key, value]) => ['-p', `${key}=${spelt(value)}`]);
}

function isScalar(value: unknown): boolean {
  if (typeof value === 'string') return value !== 'null' && !/^[[{]/.test(value);
  return typeof value === 'number' || typeof value === 'boolean';
}

function spelt(value: unknown): string {
  const text = String(value);
  // `@file` would be read.
  return text.startsWith('@') ? `@${text}` : text;
}
