import { isJsonObject, type JsonObject } from '../../../src/json/object.ts';

/** An input as somebody would type it after `-p`: lists one by one, what is in objects and lists with dots or as JSON. */
export function pairsOf(input: JsonObject, isDotted: boolean): string[] {
  return Object.entries(input).flatMap(([key, value]) => pairsAt(key, value, isDotted));
}

function pairsAt(key: string, value: unknown, isDotted: boolean): string[] {
  if (typeof value === 'string') return [`${key}=${value.startsWith('@') ? '@' : ''}${value}`];
  if (isDotted && isJsonObject(value) && Object.keys(value).length > 0) {
    return Object.entries(value).flatMap(([name, each]) => pairsAt(`${key}.${name}`, each, isDotted));
  }
  if (Array.isArray(value) && value.length > 0 && value.every(isPlain)) {
    return value.flatMap((each) => pairsAt(key, each, isDotted));
  }
  if (isDotted && Array.isArray(value) && value.length > 0) {
    return value.flatMap((each, index) => pairsAt(`${key}.${index}`, each, isDotted));
  }
  return [`${key}=${JSON.stringify(value)}`];
}

/** What reads as itself where a list could be meant, too. */
function isPlain(value: unknown): boolean {
  return typeof value === 'string' ? !/^[[{]/.test(value) : typeof value !== 'object';
}
