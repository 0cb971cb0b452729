import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { peek } from '../../http/peek.ts';
import type { StreamedBody } from '../../scalekit/proxy-input.ts';
import { fileUnreadable, isStdin, openStdin, type Reading, readStdin } from '../../terminal/input.ts';
import type { InputStream } from '../../terminal/io.ts';
import type { NamedFile } from './body-source.ts';
import type { Content } from './content.ts';
import { contentTypeOf, streamedContentType } from './content-type.ts';
import { findFile, readCounted, streamOf } from './file-body.ts';

export interface DataOptions {
  /** Whether -H gives the content type, so that the body need not be looked at. */
  hasType: boolean;
  /** Whether the body may have to be sent more than once. */
  mustRepeat: boolean;
}

/** What is held whole, and how far a stream is looked at to tell its type. */
const MOST_HELD_BYTES = 1024 * 1024;
const FLAG = '-d/--data';

/** `-d TEXT`, `-d @file` or `-d -`, byte for byte. */
export async function dataContent(reading: Reading, value: string, options: DataOptions): Promise<Content> {
  if (isStdin(value)) return { body: { source: { kind: 'stdin' }, ...(await stdinData(reading, options)) } };
  if (value.startsWith('@')) {
    const file = await findFile(reading.io, value.slice(1), FLAG);
    return { body: { source: { kind: 'file', ...file }, ...(await fileData(reading, file, options)) } };
  }
  return { body: { source: { kind: 'bytes', bytes: Buffer.from(value) }, ...held(Buffer.from(value)) } };
}

interface Data {
  data: Uint8Array | StreamedBody;
  contentType?: string;
}

function held(bytes: Uint8Array): Data {
  return { data: bytes, contentType: contentTypeOf(bytes) };
}

async function stdinData(reading: Reading, options: DataOptions): Promise<Data> {
  if (options.mustRepeat) return held(await readStdin(reading, FLAG));
  return onceData(() => openStdin(reading, FLAG), options);
}

async function fileData({ signal }: Reading, file: NamedFile, options: DataOptions): Promise<Data> {
  const { path, length } = file;
  try {
    if (length === undefined && !options.mustRepeat) {
      return await onceData(() => createReadStream(path, { signal }), options);
    }
    if (length === undefined || length <= MOST_HELD_BYTES) return held(await readFile(path, { signal }));
    const data: StreamedBody = {
      open: () => streamOf(readCounted(file, FLAG)),
      length,
      isRepeatable: true,
    };
    if (options.hasType) return { data };
    return { data, contentType: await streamedContentType(createReadStream(path, { signal })) };
  } catch (error) {
    signal.throwIfAborted();
    throw fileUnreadable(file.name, FLAG, error);
  }
}

/** Of what can be read once only: stdin, a named pipe. */
async function onceData(open: () => InputStream, { hasType }: DataOptions): Promise<Data> {
  if (hasType) return { data: { open, isRepeatable: false } };
  const stream = open();
  const { head, isAll, whole } = await peek(stream, MOST_HELD_BYTES);
  if (isAll) return held(head);
  // Where nothing is sent after all, nobody waits for the rest. Where it is, the connection does.
  stream.unref?.();
  return {
    data: { open: () => whole, isRepeatable: false },
    contentType: await streamedContentType([head], false),
  };
}
