import { isJsonObject } from '../../json/object.ts';

/** Names of properties and places in lists. */
export type Path = readonly (string | number)[];

/** The container again, with the value at the path; what is no container on the way is replaced. */
export function put(container: unknown, [head, ...rest]: Path, value: unknown): unknown {
  if (head === undefined) return value;
  if (typeof head === 'number') {
    const list: unknown[] = Array.isArray(container) ? container : [];
    return [...list.slice(0, head), put(list[head], rest, value), ...list.slice(head + 1)];
  }
  const object = isJsonObject(container) ? container : {};
  const inside = Object.hasOwn(object, head) ? object[head] : undefined;
  return { ...object, [head]: put(inside, rest, value) };
}
