import { constants, createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { usageError } from '../../errors.ts';
import { fileUnreadable } from '../../terminal/input.ts';
import type { Io } from '../../terminal/io.ts';
import type { NamedFile } from './body-source.ts';

/** Throws a usage error for a file that is missing, a folder, or not to be read. */
export async function findFile({ cwd }: Io, name: string, flag: string): Promise<NamedFile> {
  const path = resolve(cwd, name);
  try {
    if (name === '') throw new Error('no name');
    const found = await stat(path);
    if (found.isDirectory()) throw new Error('it is a folder');
    await access(path, constants.R_OK);
    return { name, path, length: found.isFile() ? found.size : undefined };
  } catch (error) {
    throw fileUnreadable(name, flag, error);
  }
}

const CHUNK_BYTES = 256 * 1024;
/** The next chunks are read while one is sent: a quarter faster than one by one. */
const AHEAD_BYTES = 4 * CHUNK_BYTES;

/** For sending: what comes in chunks, read ahead. */
export function streamOf(chunks: AsyncIterable<Uint8Array>): Readable {
  return Readable.from(chunks, { objectMode: false, highWaterMark: AHEAD_BYTES });
}

/**
 * A file's bytes, as many as were counted before: its length was announced, and a body of another one would be
 * cut off or run into the next request. Throws a usage error where it has changed since.
 */
export async function* readCounted({ name, path, length }: NamedFile, flag: string): AsyncGenerator<Buffer> {
  const stream = createReadStream(path, { highWaterMark: CHUNK_BYTES });
  let count = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      count += chunk.length;
      if (length !== undefined && count > length) throw changed(name, flag);
      yield chunk;
    }
  } catch (error) {
    throw stream.errored === error ? fileUnreadable(name, flag, error) : error;
  }
  if (length !== undefined && count < length) throw changed(name, flag);
}

function changed(name: string, flag: string) {
  return usageError(
    `${flag}: ${name} changed its length while it was sent; the call was broken off`,
    'Send a copy of it, or try again when nobody writes to it.',
    { code: 'file_changed' },
  );
}
