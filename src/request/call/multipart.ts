import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { type FileLike, FormDataEncoder, type FormDataLike, isFile } from 'form-data-encoder';
import mime from 'mime/lite';
import { usageError } from '../../errors.ts';
import { derive } from '../../http/derive.ts';
import { openStdin, type Reading, readStdin } from '../../terminal/input.ts';
import type { FormFile, FormPart } from './body-source.ts';
import type { Content } from './content.ts';
import { findFile, readCounted, streamOf } from './file-body.ts';
import { baseName, parsePart, type TypedFile } from './form-part.ts';

interface Part {
  shown: FormPart;
  encoded: string | FileLike;
  isRepeatable: boolean;
  /** Where it is read while it is sent. */
  stdin?: Readable;
}

type Described = Pick<FormFile, 'filename' | 'type'>;

export interface MultipartOptions {
  /** What -H gives: a `multipart/…`, which then takes the boundary. */
  givenType: string | undefined;
  /** Whether the body may have to be sent more than once. */
  mustRepeat: boolean;
}

/** `name=value` and `name=@file` as multipart/form-data (RFC 7578), files streamed. */
export async function multipartContent(
  reading: Reading,
  texts: readonly string[],
  { givenType, mustRepeat }: MultipartOptions,
): Promise<Content> {
  const type = multipartType(givenType);
  const parts: Part[] = [];
  for (const typed of texts.map(parsePart)) {
    parts.push('text' in typed ? textPart(typed) : await filePart(reading, typed, mustRepeat));
  }
  const encoder = new FormDataEncoder(formOf(parts), `----sk-connect-${randomBytes(16).toString('hex')}`);
  return {
    body: {
      source: { kind: 'multipart', parts: parts.map(({ shown }) => shown) },
      data: {
        open: () => openForm(encoder, parts),
        ...(encoder.contentLength === undefined ? {} : { length: Number(encoder.contentLength) }),
        isRepeatable: parts.every(({ isRepeatable }) => isRepeatable),
      },
      contentType: `${type}; boundary=${encoder.boundary}`,
    },
  };
}

function multipartType(given = 'multipart/form-data'): string {
  if (/^multipart\/[^;\s]+$/i.test(given)) return given;
  throw usageError(
    `--form sends multipart/form-data with a boundary of its own, and -H says ${given}`,
    'Leave the content-type out.',
  );
}

function textPart({ name, text }: { name: string; text: string }): Part {
  return { shown: { name, value: text }, encoded: text, isRepeatable: true };
}

async function filePart(
  reading: Reading,
  { name, ...typed }: { name: string } & TypedFile,
  mustRepeat: boolean,
): Promise<Part> {
  const flag = `--form ${name}`;
  const filename = typed.filename ?? baseName(typed.file, reading.io.platform);
  const type = typed.type ?? mime.getType(filename) ?? 'application/octet-stream';
  const described: Described = { filename, type };
  if (typed.file === '-') return stdinPart(reading, name, described, mustRepeat);
  const file = await findFile(reading.io, typed.file, flag);
  return {
    shown: { name, value: { ...file, ...described } },
    encoded: fileLike(described, file.length, () => readCounted(file, flag)),
    isRepeatable: file.length !== undefined,
  };
}

async function stdinPart(
  reading: Reading,
  name: string,
  described: Described,
  mustRepeat: boolean,
): Promise<Part> {
  const flag = `--form ${name}`;
  const shown = { name, value: { name: '-', ...described } } as const;
  if (mustRepeat) {
    const bytes = await readStdin(reading, flag);
    const encoded = fileLike(described, bytes.length, () => Readable.from([bytes]));
    return { shown, encoded, isRepeatable: true };
  }
  const stdin = openStdin(reading, flag);
  return { shown, encoded: fileLike(described, undefined, () => stdin), isRepeatable: false, stdin };
}

/** What the encoder takes for a file. The real `File` would load all of undici. */
function fileLike(
  { filename, type }: Described,
  length: number | undefined,
  stream: () => AsyncIterable<Uint8Array>,
): FileLike {
  const size = length ?? Number.NaN;
  return { name: filename, type, size, lastModified: 0, stream, [Symbol.toStringTag]: 'File' };
}

function formOf(parts: readonly Part[]): FormDataLike {
  const entries = parts.map(({ shown, encoded }): [string, string | FileLike] => [shown.name, encoded]);
  return {
    append: () => {},
    getAll: () => [],
    entries: () => entries.values(),
    [Symbol.iterator]: () => entries.values(),
    [Symbol.toStringTag]: 'FormData',
  };
}

/** stdin ends with the form, also while more is awaited of it. */
function openForm(encoder: FormDataEncoder, parts: readonly Part[]): Readable {
  const stdin = parts.find((part) => part.stdin)?.stdin;
  return stdin === undefined ? streamOf(encode(encoder)) : derive(stdin, () => encode(encoder));
}

/** The encoder's own `encode` mistakes where a chunk of more than 64 KiB begins in its buffer (4.1.0). */
async function* encode(encoder: FormDataEncoder): AsyncGenerator<Uint8Array> {
  for (const part of encoder.values()) {
    if (isFile(part)) yield* part.stream() as AsyncIterable<Uint8Array>;
    else yield part;
  }
}
