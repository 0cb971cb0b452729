import { followLocalRef } from '../local-ref.ts';
import { isJsonObject, type JsonObject } from '../object.ts';
import { tidySchema } from '../tidy-schema.ts';

export interface Document {
  /** What a `$ref` leads to; undefined where that is not in this document, or cannot be told. */
  follow: (ref: string) => unknown;
  /** All of it: what cannot be followed is the same only where everything is. */
  text: () => string;
}

export function createDocument(root: unknown): Document {
  let text: string | undefined;
  let anchors: ReadonlyMap<string, JsonObject> | undefined;
  const scopes = isJsonObject(root) ? new Set(findIdentifiers(root)) : new Set<string>();
  const own = isJsonObject(root) && typeof root['$id'] === 'string' ? root['$id'].replace(/#$/, '') : '';
  // A resource within this one has its own pointers: which of the two a reference means is left undecided.
  const isNested = [...scopes].some((id) => !id.startsWith('#') && id.replace(/#$/, '') !== own);
  return {
    follow: (ref) => {
      if (!isJsonObject(root) || isNested) return undefined;
      const local = own !== '' && ref.startsWith(`${own}#`) ? ref.slice(own.length) : ref === own ? '#' : ref;
      if (!/^#[^/]/.test(local)) return followLocalRef(root, local);
      anchors ??= findAnchors(root);
      return anchors.get(local.slice(1));
    },
    text: () => (text ??= JSON.stringify(isJsonObject(root) ? tidySchema(root, { isBare: true }) : root)),
  };
}

function* everyObject(value: unknown): Generator<JsonObject> {
  const waiting: unknown[] = [value];
  for (const each of waiting) {
    if (isJsonObject(each)) yield each;
    if (typeof each === 'object' && each !== null) waiting.push(...Object.values(each));
  }
}

function* findIdentifiers(root: JsonObject): Generator<string> {
  for (const { $id } of everyObject(root)) if (typeof $id === 'string') yield $id;
}

/** `$anchor`, and its spelling in draft 7: `$id: '#name'`. */
function findAnchors(root: JsonObject): Map<string, JsonObject> {
  const anchors = new Map<string, JsonObject>();
  for (const schema of everyObject(root)) {
    const { $anchor, $id } = schema;
    if (typeof $anchor === 'string') anchors.set($anchor, schema);
    if (typeof $id === 'string' && $id.startsWith('#')) anchors.set($id.slice(1), schema);
  }
  return anchors;
}
