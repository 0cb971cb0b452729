import { isUtf8 } from 'node:buffer';
import { usageError } from '../../errors.ts';
import { headerValue } from '../../http/headers.ts';
import { isJson } from '../../json/indent.ts';
import { isJsonType } from '../../request/answer/content.ts';
import { readTarget } from '../../request/call/method.ts';
import type { TypedCall } from '../../request/call/typed-call.ts';
import type { CallOptions } from '../../request/options.ts';
import { parseExactJson } from '../input/exact-json.ts';
import { looksLikeId } from './id-shape.ts';
import type { CallShape, PathValue } from './request-parts.ts';

const FORM = /^application\/x-www-form-urlencoded\b/i;

/** The call that was typed, in the parts that a contract has. Throws a usage error for a body that no contract can send. */
export function shapeOf(words: readonly string[], options: CallOptions, typed: TypedCall): CallShape {
  const [pathname = '', ...search] = readTarget(words, options.method).path.split('?');
  const pairs = [
    ...pairsOf(search.join('?')),
    ...typed.query.map(([name, value = '']) => [name, value] as const),
  ];
  const contentType = headerValue(typed.call.headers ?? [], 'content-type');
  const body = bodyOf(typed, contentType);
  return {
    method: typed.call.method,
    path: piecesOf(pathname.startsWith('/') ? pathname : `/${pathname}`, valuesOf(options.path ?? [])),
    query: grouped(pairs),
    headers: [
      ...typed.headers.filter(([name]) => name.toLowerCase() !== 'content-type'),
      ...(contentType === undefined || isImplied(body, contentType)
        ? []
        : [['content-type', contentType] as const]),
    ],
    body,
    isForm: FORM.test(contentType ?? ''),
  };
}

const TEMPLATE_OR_SEGMENT = /\{([\p{L}_$][\p{L}\p{N}_.$~-]*)\}|[^/{}]+/gu;

/** Cut at the templates, and at segments that look like the id of something. */
function piecesOf(path: string, values: ReadonlyMap<string, string>): (string | PathValue)[] {
  const pieces: (string | PathValue)[] = [];
  let text = '';
  let from = 0;
  for (const match of path.matchAll(TEMPLATE_OR_SEGMENT)) {
    const [whole, template] = match;
    text += path.slice(from, match.index);
    from = match.index + whole.length;
    const isSegment = path[match.index - 1] === '/' && (path[from] ?? '/') === '/';
    const value = template === undefined ? idIn(isSegment, whole) : values.get(template);
    if (value === undefined) {
      text += whole;
      continue;
    }
    pieces.push(text, { value, ...(template === undefined ? {} : { template }) });
    text = '';
  }
  return [...pieces, text + path.slice(from)];
}

function idIn(isSegment: boolean, text: string): string | undefined {
  const value = decoded(text);
  return isSegment && looksLikeId(value) ? value : undefined;
}

function valuesOf(pairs: readonly string[]): Map<string, string> {
  return new Map(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const),
  );
}

function pairsOf(search: string): (readonly [string, string])[] {
  return search
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...value] = pair.split('=');
      return [decoded(name), decoded(value.join('=').replaceAll('+', ' '))] as const;
    });
}

/** As it is where it is no percent-encoding. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function grouped(pairs: readonly (readonly [string, string])[]): Map<string, string | string[]> {
  const all = new Map<string, string | string[]>();
  for (const [name, value] of pairs) {
    const before = all.get(name);
    all.set(name, before === undefined ? value : [before, value].flat());
  }
  return all;
}

function bodyOf({ call: { body }, body: source }: TypedCall, contentType: string | undefined): unknown {
  if (body === undefined) return undefined;
  if (source?.kind === 'multipart' || !(body instanceof Uint8Array)) {
    throw usageError(
      'a contract sends JSON, a form or a text, and no files',
      'Take a request with -d, -f, -F or --urlencoded.',
      { code: 'body_not_in_contract' },
    );
  }
  const text = Buffer.from(body).toString('utf8');
  if (!isUtf8(body)) {
    throw usageError('the body is no text, which a contract needs', 'Take a request with JSON or a form.', {
      code: 'body_not_in_contract',
    });
  }
  if (FORM.test(contentType ?? '')) return Object.fromEntries(grouped([...new URLSearchParams(text)]));
  return isJsonType(contentType) && isJson(text) ? parseExactJson(text, 'the body') : text;
}

/** Whether the runtime of contracts would send it for this body anyway. */
function isImplied(body: unknown, contentType: string): boolean {
  if (typeof body === 'string') return /^text\/plain\b/i.test(contentType);
  return /^application\/json\s*(;|$)/i.test(contentType);
}
