import { isJsonObject } from './object.ts';

/** The same value with the keys of its objects in code unit order; lists stay as they are. */
export function withSortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSortedKeys);
  if (!isJsonObject(value)) return value;
  // fromEntries makes `__proto__` a key like any other.
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, withSortedKeys(value[key])]),
  );
}

/** Equal values have equal texts, whatever the order of their keys. */
export function canonicalText(value: unknown): string {
  return JSON.stringify(withSortedKeys(value)) ?? 'undefined';
}
