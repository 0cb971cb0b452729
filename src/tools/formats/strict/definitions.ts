import { followLocalRef } from '../../../json/local-ref.ts';
import type { JsonObject } from '../../../json/object.ts';
import { pointerTo, unescapeSegment } from '../../../json/pointer.ts';
import { NotStrict } from './rules.ts';

/** The definitions that a schema refers to, all of them under `$defs`. */
export interface Definitions {
  /** What to refer with instead. Throws a NotStrict for what is no definition of this schema. */
  refer(ref: unknown, place: string): string;
  /** Those referred to, directly or by one another; undefined where none is. */
  transformAll(transform: (value: unknown, place: string) => JsonObject): JsonObject | undefined;
  /** Known after `transformAll`. */
  isRecursive(): boolean;
}

export function createDefinitions(root: JsonObject): Definitions {
  const referred = new Map<string, { value: unknown; place: string }>();
  const edges = new Map<string, Set<string>>();
  /** The definition that is being transformed; the schema itself is `''`. */
  let current = '';

  return {
    refer: (ref, place) => {
      const name = ref === '#' ? '' : definitionName(ref);
      if (name === undefined) throw new NotStrict('a $ref to what is no definition of the schema', place);
      edges.set(current, (edges.get(current) ?? new Set()).add(name));
      if (name === '') return '#';
      const value = followLocalRef(root, String(ref));
      const known = referred.get(name);
      if (value === undefined || (known !== undefined && known.value !== value)) {
        throw new NotStrict('a $ref to what is no definition of the schema', place);
      }
      if (known === undefined) referred.set(name, { value, place: String(ref).slice(1) });
      return `#${pointerTo('$defs', name)}`;
    },
    transformAll: (transform) => {
      const transformed: JsonObject = {};
      // It grows while the definitions refer to more of them.
      for (const [name, { value, place }] of referred) {
        current = name;
        transformed[name] = transform(value, place);
      }
      return referred.size === 0 ? undefined : transformed;
    },
    isRecursive: () => [...edges.keys()].some((name) => reaches(edges, name)),
  };
}

function definitionName(ref: unknown): string | undefined {
  const match = /^#\/(?:\$defs|definitions)\/([^/]+)$/.exec(String(ref));
  return match?.[1] === undefined ? undefined : unescapeSegment(match[1]);
}

/** Whether a definition refers to itself, by way of others or not. */
function reaches(edges: ReadonlyMap<string, ReadonlySet<string>>, start: string): boolean {
  const seen = new Set<string>();
  const waiting = [...(edges.get(start) ?? [])];
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (name === start) return true;
    if (seen.has(name)) continue;
    seen.add(name);
    waiting.push(...(edges.get(name) ?? []));
  }
  return false;
}
