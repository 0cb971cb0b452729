import { headerValue } from '../http/headers.ts';
import { isJson } from '../json/indent.ts';
import { maskJson } from '../json/mask.ts';
import { isSecretParameter, MASK, maskForm, type Redactor } from '../redact.ts';
import type { FormFile, NamedFile } from './call/body-source.ts';
import type { TypedCall } from './call/typed-call.ts';

/** A body as a dry run shows it. */
export type ShownBody =
  | { kind: 'none' }
  /** What is at hand, with its secrets masked. */
  | { kind: 'json'; text: string }
  | { kind: 'text'; text: string }
  | { kind: 'bytes'; words: string; bytes: Uint8Array }
  /** What is not: in words, and for programs. */
  | { kind: 'elsewhere'; words: string; source: object };

/** Opens nothing: what is in a file or comes from stdin is named, unless it had to be read to tell its type. */
export function shownBody({ call, body: source }: TypedCall, redactor: Redactor): ShownBody {
  if (source?.kind === 'file') {
    const { name, length = null } = source;
    return { kind: 'elsewhere', words: `(${fileWords(source)})`, source: { kind: 'file', name, length } };
  }
  if (source?.kind === 'multipart') {
    const parts = source.parts.map(({ name, value }) => shownPart(name, value));
    const words = parts.map((part) => part.words).join('\n');
    return {
      kind: 'elsewhere',
      words,
      source: { kind: 'multipart', parts: parts.map((part) => part.source) },
    };
  }
  if (call.body === undefined) return { kind: 'none' };
  if (!(call.body instanceof Uint8Array)) {
    return { kind: 'elsewhere', words: '(stdin, as it comes)', source: { kind: 'stdin' } };
  }
  const text = textOf(call.body);
  if (text === undefined) {
    return { kind: 'bytes', words: `(${bytesInWords(call.body.length)} that are no text)`, bytes: call.body };
  }
  if (isJson(text)) return { kind: 'json', text: redactor.apply(maskJson(text)) };
  const isForm = /^application\/x-www-form-urlencoded\b/i.test(
    headerValue(call.headers ?? [], 'content-type') ?? '',
  );
  return { kind: 'text', text: redactor.apply(isForm ? maskForm(text) : text) };
}

function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

/** A part of a form, as it is written behind `--form`. */
function shownPart(name: string, value: string | FormFile): { words: string; source: object } {
  if (typeof value === 'string') {
    const shown = isSecretParameter(name) ? MASK : value;
    return { words: `${name}=${shown}`, source: { name, value: shown } };
  }
  const { filename, type } = value;
  const length = 'length' in value ? (value.length ?? null) : null;
  return {
    words: `${name}=@${value.name};type=${type};filename=${filename} (${fileWords(value)})`,
    source: { name, file: value.name, filename, type, length },
  };
}

function fileWords(file: NamedFile | { name: '-' }): string {
  if (file.name === '-') return 'stdin, as it comes';
  const length = 'length' in file ? file.length : undefined;
  return length === undefined ? `what ${file.name} gives` : `${bytesInWords(length)} from ${file.name}`;
}

function bytesInWords(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'byte' : 'bytes'}`;
}
