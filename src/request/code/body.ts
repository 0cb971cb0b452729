import { indentJson, isJson } from '../../json/indent.ts';
import type { FormPart } from '../call/body-source.ts';
import type { TypedCall } from '../call/typed-call.ts';
import type { Literal } from './literal.ts';
import type { Variable, Variables } from './variables.ts';

/** A body in the form in which a program reads best. */
export type ProgramBody =
  /** `value` gives the same document when it is serialised; `text` is what was typed. */
  | { kind: 'json'; value: Literal; text: string }
  /** Fields of an urlencoded form. */
  | { kind: 'form'; fields: readonly (readonly [name: string, value: string | Variable])[] }
  | { kind: 'text'; text: string }
  /** The bytes of a file, or with `-` of stdin. */
  | { kind: 'source'; source: string }
  | { kind: 'multipart'; parts: readonly ProgramPart[] };

export type ProgramPart = { name: string } & ({ text: string | Variable } | { file: ProgramFile });

export interface ProgramFile {
  /** `-` for stdin. */
  source: string;
  filename: string;
  type: string;
}

export function bodyOf(
  { body }: TypedCall,
  contentType: string | undefined,
  variables: Variables,
): ProgramBody | undefined {
  if (body === undefined) return undefined;
  switch (body.kind) {
    case 'bytes':
      return fromText(Buffer.from(body.bytes).toString('utf8'), mediaType(contentType), variables);
    case 'file':
      return { kind: 'source', source: body.name };
    case 'stdin':
      return { kind: 'source', source: '-' };
    default:
      return { kind: 'multipart', parts: body.parts.map((part) => partOf(part, variables)) };
  }
}

function mediaType(contentType = ''): string {
  return contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function fromText(text: string, type: string, variables: Variables): ProgramBody {
  if (type === 'application/json' || type.endsWith('+json')) {
    return jsonBody(text, variables) ?? { kind: 'text', text };
  }
  if (type === 'application/x-www-form-urlencoded') {
    return formBody(text, variables) ?? { kind: 'text', text };
  }
  return { kind: 'text', text };
}

// axios leaves them out of what it is given: https://github.com/axios/axios/blob/v1.x/lib/utils.js (merge)
const DROPPED_KEY = /"(__proto__|constructor|prototype)"\s*:/;

/** Undefined where an object would not keep what was typed: digits, repeated keys, their order. */
function jsonBody(text: string, variables: Variables): ProgramBody | undefined {
  if (!isJson(text) || DROPPED_KEY.test(text)) return undefined;
  const parsed: unknown = JSON.parse(text);
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  if (indentJson(text, 0) !== JSON.stringify(parsed)) return undefined;
  return { kind: 'json', value: literalOf(parsed, '', variables), text };
}

/** A JSON value; what looks like a secret by the name of its field becomes a variable. */
export function literalOf(value: unknown, name: string, variables: Variables): Literal {
  if (typeof value === 'string') return variables.field(name, value);
  if (Array.isArray(value)) return value.map((each) => literalOf(each, name, variables));
  if (typeof value !== 'object' || value === null) return value as Literal;
  return new Map(Object.entries(value).map(([key, each]) => [key, literalOf(each, key, variables)]));
}

function formBody(text: string, variables: Variables): ProgramBody | undefined {
  const isForm = text.split('&').every((pair) => pair.indexOf('=') > 0);
  const fields = [...new URLSearchParams(text)];
  // What is no UTF-8 would come back as replacement characters.
  if (!isForm || fields.some((field) => field.join('').includes('\uFFFD'))) return undefined;
  return {
    kind: 'form',
    fields: fields.map(([name, value]) => [name, variables.parameter(name, value)]),
  };
}

function partOf({ name, value }: FormPart, variables: Variables): ProgramPart {
  if (typeof value !== 'string') {
    const { filename, type } = value;
    return { name, file: { source: value.name, filename, type } };
  }
  return { name, text: variables.field(name, value) };
}

/** What a program reads: names of files, and `-` for stdin. */
export function sourcesOf(body: ProgramBody | undefined): string[] {
  if (body?.kind === 'source') return [body.source];
  if (body?.kind !== 'multipart') return [];
  return body.parts.flatMap((part) => ('file' in part ? [part.file.source] : []));
}
