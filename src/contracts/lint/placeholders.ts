import { isJsonObject } from '../../json/object.ts';
import type { Contract } from '../contract.ts';
import { placeholdersOf } from '../template.ts';

/** The inputs that any text in a value names. */
export function namesIn(value: unknown): string[] {
  if (typeof value === 'string') return textNames(value);
  if (Array.isArray(value)) return value.flatMap(namesIn);
  return isJsonObject(value) ? Object.values(value).flatMap(namesIn) : [];
}

/** All inputs that a request names. */
export function usedInputs(request: Contract['request']): Set<string> {
  return new Set(namesIn(request));
}

/** A text that is no template is told by the format. */
function textNames(text: string): string[] {
  try {
    return placeholdersOf(text).flatMap(([name]) => (name === undefined ? [] : [name]));
  } catch {
    return [];
  }
}
