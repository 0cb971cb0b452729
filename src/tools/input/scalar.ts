import { isDeepStrictEqual } from 'node:util';
import { usageError } from '../../errors.ts';
import { type Shape, textOf } from '../shape.ts';
import { parseExactJson } from './exact-json.ts';

/** A value as it was typed. */
export interface Typed {
  text: string;
  /** Of the file that was named in its place. */
  bytes?: Uint8Array;
}

/**
 * What a text is where the schema allows it: one of its listed values, null, a boolean, a number, JSON, or text.
 * Where text may be it is preferred to a number, which would not keep `007` and `1.10`. Undefined where it reads as
 * nothing that may be there.
 */
export function readScalar(
  key: string,
  typed: Typed,
  shapes: readonly Shape[],
): { value: unknown } | undefined {
  const text = typed.bytes === undefined ? typed.text : typed.text.trim();
  const listed = shapes.flatMap(({ values }) => values ?? []);
  const found = listed.find((each) => each === text) ?? listed.find((each) => isSpelt(each, text));
  if (found !== undefined) return { value: found };
  const open = shapes.filter(({ values }) => values === undefined);
  if (open.length === 0) return undefined;
  return (
    literal(key, text, open) ??
    container(key, text, open) ??
    (takes(open, 'string') || isOpen(open) ? { value: asText(key, typed, open) } : undefined)
  );
}

function takes(shapes: readonly Shape[], type: string): boolean {
  return shapes.some(({ types }) => types?.includes(type));
}

function isOpen(shapes: readonly Shape[]): boolean {
  return shapes.some(({ types }) => types === undefined);
}

function literal(key: string, text: string, shapes: readonly Shape[]): { value: unknown } | undefined {
  if (text === 'null' && takes(shapes, 'null')) return { value: null };
  if ((text === 'true' || text === 'false') && takes(shapes, 'boolean')) return { value: text === 'true' };
  const isNumber = takes(shapes, 'number') || takes(shapes, 'integer');
  if (!isNumber || takes(shapes, 'string') || isOpen(shapes) || !JSON_NUMBER.test(text)) return undefined;
  return { value: parseExactJson(text, `-p ${key}`) };
}

const JSON_NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

function container(key: string, text: string, shapes: readonly Shape[]): { value: unknown } | undefined {
  const type = text.startsWith('{') ? 'object' : text.startsWith('[') ? 'array' : undefined;
  if (type === undefined || !(takes(shapes, type) || isOpen(shapes))) return undefined;
  const isElse = takes(shapes, 'string') || isOpen(shapes);
  return isElse && !isJsonText(text) ? undefined : { value: parseExactJson(text, `-p ${key}`) };
}

function isJsonText(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Whether a listed value that is no text is meant by it. */
function isSpelt(value: unknown, text: string): boolean {
  if (typeof value === 'string') return false;
  try {
    return isDeepStrictEqual(JSON.parse(text), value);
  } catch {
    return false;
  }
}

/** A file's bytes are base64 where the schema says so, as text cannot hold all of them. */
function asText(key: string, { text, bytes }: Typed, shapes: readonly Shape[]): string {
  if (bytes === undefined) return text;
  const isBase64 =
    /^base64$/i.test(textOf(shapes, 'contentEncoding') ?? '') ||
    /^(byte|base64|binary)$/.test(textOf(shapes, 'format') ?? '');
  if (isBase64) return Buffer.from(bytes).toString('base64');
  if (Buffer.from(text).equals(bytes)) return text;
  throw usageError(
    `-p ${key}: the file is no UTF-8 text`,
    'The tool takes text there: if it is to be base64, pipe it through `base64` and use @-.',
  );
}
