import { isJsonObject, type JsonObject } from '../../json/object.ts';
import { isNoise, isTelling, mostTelling, nameOf } from './telling-fields.ts';

/**
 * A jq expression that keeps of an answer what a model can use: short fields, and of lists the same of their items.
 * `resource` names a list that has no name of its own.
 */
export function proposeOutput(answer: unknown, resource: string): string {
  if (Array.isArray(answer)) return `{${keyText(resource)}: ${listText('.', answer)}, count: length}`;
  if (isJsonObject(answer)) return wholeText(answer, '') ?? '{done: true}';
  return answer === null ? '{done: true}' : '{result: .}';
}

/** Fields of an object that is so far inside. */
const MOST_FIELDS = [12, 6, 4];

/** What only wraps one object, as `{data: {viewer: {…}}}`, is left behind. */
function wholeText(value: JsonObject, path: string): string | undefined {
  const [only, ...others] = Object.keys(value).filter((key) => !isNoise(key, value) && !isEmpty(value[key]));
  const inner = only === undefined || others.length > 0 ? undefined : value[only];
  if (only !== undefined && isJsonObject(inner)) return wholeText(inner, `${path}${pathText(only)}`);
  const text = objectText(value, 0);
  return text === undefined || path === '' ? text : `${path} | ${text}`;
}

/** `{id, user: (.user | {id, name}), labels: [.labels[]?.name]}`; undefined where nothing is worth keeping. */
function objectText(value: JsonObject, depth: number): string | undefined {
  const fields = Object.keys(value).flatMap((key) => {
    const text = fieldText(key, value, depth);
    return text === undefined ? [] : [{ key, text }];
  });
  const chosen = mostTelling(
    fields.map(({ key }) => key),
    MOST_FIELDS[depth] ?? 0,
  );
  const texts = fields.filter(({ key }) => chosen.has(key)).map(({ text }) => text);
  return texts.length === 0 ? undefined : `{${texts.join(', ')}}`;
}

function fieldText(key: string, holder: JsonObject, depth: number): string | undefined {
  const value = holder[key];
  if (isNoise(key, holder)) return undefined;
  if (isTelling(key, value)) return keyText(key);
  if (Array.isArray(value)) return `${keyText(key)}: ${listText(pathText(key), value)}`;
  if (!isJsonObject(value)) return undefined;
  const inner = objectText(value, depth + 1);
  return inner === undefined ? undefined : `${keyText(key)}: (${pathText(key)} | ${inner})`;
}

/** A list with the same fields of each of its items. */
function listText(path: string, list: readonly unknown[]): string {
  const whole = path === '.' ? '.' : `(${path} // [])`;
  const item = mergedItem(list);
  if (item === undefined) return whole;
  // As GraphQL's connections have them.
  const node = isJsonObject(item['node']) ? mergedItem(list.map(nodeIn)) : undefined;
  const [from, fields] =
    node === undefined ? [`${path}[]?`, itemText(item)] : [`${path}[]?.node`, itemText(node)];
  return fields === undefined ? whole : `[${from} | ${fields}]`;
}

function nodeIn(item: unknown): unknown {
  return isJsonObject(item) ? (item['node'] ?? null) : null;
}

/**
 * An object with what any of the items has; undefined where they are none. What is an object in one and none in
 * another is left out: no path goes through both.
 */
function mergedItem(list: readonly unknown[]): JsonObject | undefined {
  const items = list.filter(isJsonObject);
  if (items.length === 0 || list.some((item) => item !== null && !isJsonObject(item))) return undefined;
  const merged = new Map<string, unknown>();
  const mixed = new Set<string>();
  for (const [key, value] of items.flatMap((item) => Object.entries(item))) {
    const before = merged.get(key);
    if (isEmpty(before)) merged.set(key, value);
    if (!isNothing(before) && !isNothing(value) && kindOf(before) !== kindOf(value)) mixed.add(key);
  }
  return Object.fromEntries([...merged].filter(([key]) => !mixed.has(key)));
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  return isJsonObject(value) ? 'object' : 'scalar';
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null;
}

/** Of an item what is short; of what is in it the name alone. */
function itemText(item: JsonObject): string | undefined {
  const fields = Object.entries(item).flatMap(([key, value]) => {
    const text = isNoise(key, item) ? undefined : itemFieldText(key, value);
    return text === undefined ? [] : [{ key, text }];
  });
  const chosen = mostTelling(
    fields.map(({ key }) => key),
    MOST_FIELDS[0] ?? 0,
  );
  const texts = fields.filter(({ key }) => chosen.has(key)).map(({ text }) => text);
  return texts.length === 0 ? undefined : `{${texts.join(', ')}}`;
}

function itemFieldText(key: string, value: unknown): string | undefined {
  if (isTelling(key, value)) return keyText(key);
  const path = pathText(key);
  const name = isJsonObject(value) ? nameOf(value) : undefined;
  if (name !== undefined) return `${keyText(key)}: ${path}${pathText(name)}`;
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const item = mergedItem(value);
  if (item === undefined) return keyText(key);
  const itemName = nameOf(item);
  return itemName === undefined ? undefined : `${keyText(key)}: [${path}[]?${pathText(itemName)}?]`;
}

function isEmpty(value: unknown): boolean {
  if (isNothing(value)) return true;
  return typeof value === 'object' && Object.keys(value as object).length === 0;
}

/** Keywords of jq, which are no keys without quotes. */
const RESERVED = new Set(
  '__loc__ and as catch def elif else end foreach if import include label or reduce then try until while'.split(
    ' ',
  ),
);

function keyText(key: string): string {
  return /^[A-Za-z_]\w*$/.test(key) && !RESERVED.has(key) ? key : JSON.stringify(key);
}

function pathText(key: string): string {
  return `.${keyText(key)}`;
}
