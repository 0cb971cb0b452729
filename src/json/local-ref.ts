import { isJsonObject, type JsonObject } from './object.ts';
import { unescapeSegment } from './pointer.ts';

/** What a reference within the document points at: a JSON pointer (RFC 6901) in a fragment. Undefined for every other. */
export function followLocalRef(root: JsonObject, ref: string): unknown {
  if (ref === '#') return root;
  if (!ref.startsWith('#/')) return undefined;
  let value: unknown = root;
  for (const segment of ref.slice(2).split('/')) {
    const key = keyOf(segment);
    if (key === undefined || !isContainer(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

function keyOf(segment: string): string | undefined {
  try {
    return unescapeSegment(decodeURIComponent(segment));
  } catch {
    return undefined;
  }
}

function isContainer(value: unknown): value is JsonObject {
  return isJsonObject(value) || Array.isArray(value);
}
