import { isJsonObject, type JsonObject } from '../json/object.ts';
import { ToolFailure } from './failure.ts';

/**
 * `{{name}}` and `{{name.inside.0}}` in the texts of a contract. A text that is one placeholder and nothing else
 * becomes the input's value as it is; elsewhere the value is put in as text. `{{{{` is a literal `{{`. Nothing is
 * evaluated: a value with braces in it is text like any other.
 */
type Part = { text: string } | { path: string[] };

const TOKEN = /\{\{\{\{|\{\{\s*([^\s{}.]+(?:\.[^\s{}.]+)*)\s*\}\}|\{\{/g;

/** Where a `{{` is none of these, how far into the text. */
class TemplateError extends Error {
  readonly offset: number;

  constructor(text: string, offset: number) {
    const shown = text.slice(offset, offset + 30);
    super(`${JSON.stringify(shown)} opens a placeholder and is none: write {{name}}, or {{{{ for two braces`);
    this.offset = offset;
  }
}

function parse(text: string): Part[] {
  const parts: Part[] = [];
  let from = 0;
  for (const match of text.matchAll(TOKEN)) {
    const [token, path] = match;
    if (match.index > from) parts.push({ text: text.slice(from, match.index) });
    from = match.index + token.length;
    if (path !== undefined) parts.push({ path: path.split('.') });
    else if (token === '{{{{') parts.push({ text: '{{' });
    else throw new TemplateError(text, match.index);
  }
  if (from < text.length) parts.push({ text: text.slice(from) });
  return parts;
}

/** The inputs that a text names, each as its path. Throws a TemplateError. */
export function placeholdersOf(text: string): string[][] {
  return parse(text).flatMap((part) => ('path' in part ? [part.path] : []));
}

/** The text with something in place of its placeholders. Throws a TemplateError. */
export function mapPlaceholders(text: string, replace: (path: readonly string[]) => string): string {
  return parse(text)
    .map((part) => ('text' in part ? part.text : replace(part.path)))
    .join('');
}

/** What a text becomes; undefined where an input that it names was left out. Throws a ToolFailure for a list or object inside of text. */
export function fillText(text: string, input: JsonObject): unknown {
  const parts = parse(text);
  const [first] = parts;
  if (parts.length === 1 && first !== undefined && 'path' in first) return valueAt(input, first.path);
  const texts = parts.map((part) =>
    'text' in part ? part.text : scalarText(valueAt(input, part.path), part.path.join('.')),
  );
  return texts.includes(undefined) ? undefined : texts.join('');
}

/** The text with each value percent-encoded, slashes too. Throws a ToolFailure where one is missing: the path would lead elsewhere. */
export function fillPath(text: string, input: JsonObject): string {
  const written = parse(text).map((part) => {
    if ('text' in part) return part.text;
    const name = part.path.join('.');
    const value = scalarText(valueAt(input, part.path), name) ?? '';
    if (value === '') throw new ToolFailure('invalid_input', `${name} is needed: it is part of the path`);
    return encode(value);
  });
  return written.join('');
}

/** Any value with the texts in it filled; what was left out drops its property or element, and undefined is all of it. */
export function fillValue(value: unknown, input: JsonObject): unknown {
  if (typeof value === 'string') return fillText(value, input);
  if (Array.isArray(value)) {
    return value.map((each) => fillValue(each, input)).filter((each) => each !== undefined);
  }
  if (!isJsonObject(value)) return value;
  const filled = Object.entries(value).map(([key, each]) => [key, fillValue(each, input)] as const);
  return Object.fromEntries(filled.filter(([, each]) => each !== undefined));
}

/** A value as text; undefined for null and what was left out. Throws a ToolFailure for lists and objects. */
export function scalarText(value: unknown, name: string): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'string') return value;
  if (typeof value !== 'object') return JSON.stringify(value);
  const kind = Array.isArray(value) ? 'a list' : 'an object';
  throw new ToolFailure('invalid_input', `${name} is ${kind}, and a text is needed there`);
}

function valueAt(input: JsonObject, path: readonly string[]): unknown {
  return path.reduce<unknown>((value, key) => {
    const isContainer = typeof value === 'object' && value !== null;
    return isContainer && Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  }, input);
}

function encode(text: string): string {
  return encodeURIComponent(wellFormed(text));
}

/** Half of a surrogate pair is no character, and cannot be encoded. */
export function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}
