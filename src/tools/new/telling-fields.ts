import type { JsonObject } from '../../json/object.ts';

const SHORT = 300;
/** Kept whatever their length. */
const WORDS = /^(text|body|message|content|description|snippet|title|subject|summary|name)$/i;
const FIRST =
  /^(id|ts|key|number|name|title|subject|login|username|display_?name|full_?name|email|channel|status|state|type|text|body|message|content|summary|snippet|description|url|html_url|permalink|web_?(view)?_?link|(created|updated)(_?at)?|date|start|end|total(_?(count|results))?|count|has_?more|next_?(page_?token|cursor))$/i;
/** What programs follow, and models pay for. */
const NOISE =
  /^(_links|links|href|self|etag|node_id|gravatar_id|object|kind|ok|success|\$?schema|@odata\..*|warnings?|response_metadata|cache_?ts|headers|avatar.*)$|(?<!^html)_url$/i;

/** Whether a field of an object is none for a model. */
export function isNoise(key: string, { html_url: page }: JsonObject): boolean {
  // GitHub's `url` is the API's where there is one for people.
  return NOISE.test(key) || (key === 'url' && page !== undefined);
}

/** Whether a value is short enough to be kept as it is. */
export function isTelling(key: string, value: unknown): boolean {
  if (typeof value === 'string') return value.length <= SHORT || WORDS.test(key);
  return typeof value === 'number' || typeof value === 'boolean';
}

/** As many of these keys: those that say most, then the first. */
export function mostTelling(keys: readonly string[], most: number): Set<string> {
  const first = keys.filter((key) => FIRST.test(key));
  const others = keys.filter((key) => !FIRST.test(key));
  return new Set([...first, ...others].slice(0, most));
}

const NAMES = ['login', 'name', 'display_name', 'displayName', 'title', 'email', 'key', 'id'];

/** The field that an object is called by, where one has to do. */
export function nameOf(value: JsonObject): string | undefined {
  return NAMES.find((key) => ['string', 'number'].includes(typeof value[key]));
}
