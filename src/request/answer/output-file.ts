import { createWriteStream } from 'node:fs';
import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { messageOf, SkConnectError, systemErrorCode, usageError } from '../../errors.ts';

/** Where `--output` leads. */
export interface Target {
  /** As it was given. */
  name: string;
  /** Through a symbolic link, not over it. */
  path: string;
  /** A device or a named pipe, which is written to: a file renamed onto it would take its place. */
  isDevice: boolean;
  /** Of the file that is there already. */
  bytes: number | undefined;
  /** Its permissions, which the new one takes over. */
  mode: number | undefined;
}

export async function findTarget(cwd: string, name: string): Promise<Target> {
  const given = resolve(cwd, name);
  const path = await realpath(given).catch(() => given);
  const found = await stat(path).catch(() => undefined);
  const isFile = found?.isFile() === true;
  return {
    name,
    path,
    isDevice: found !== undefined && !isFile && !found.isDirectory(),
    bytes: isFile ? found.size : undefined,
    mode: isFile ? found.mode & 0o777 : undefined,
  };
}

export interface Writing {
  /** `w` for a device, `wx` for a new file, `a` to go on with one. */
  flags: 'w' | 'wx' | 'a';
  mode?: number | undefined;
  signal: AbortSignal;
}

/** What is written at a time, at most: the body's chunks are smaller. */
const WRITTEN_BYTES = 1024 * 1024;

/** Streams chunks into a file, which is closed when it resolves or rejects. */
export async function writeChunks(
  path: string,
  chunks: AsyncIterable<Buffer>,
  { flags, mode, signal }: Writing,
): Promise<void> {
  const file = createWriteStream(path, {
    flags,
    highWaterMark: WRITTEN_BYTES,
    ...(mode === undefined ? {} : { mode }),
  });
  const closed = new Promise<void>((resolve) => file.once('close', resolve));
  try {
    await pipeline(chunks, file, { signal });
  } catch (error) {
    // A named pipe that nobody reads cannot even be closed.
    if (flags !== 'w') await closed;
    throw error;
  }
}

/** A usage error for what a file system said no to; undefined for any other error. */
export function fileError(name: string, error: unknown): SkConnectError | undefined {
  if (error instanceof SkConnectError || !FILE_ERRORS.has(systemErrorCode(error) ?? '')) return undefined;
  return usageError(
    `--output ${name} cannot be written: ${messageOf(error)}`,
    'Name a file in a folder that can be written.',
    { code: 'output_failed', cause: error },
  );
}

const FILE_ERRORS = new Set([
  'EACCES',
  'EBUSY',
  'EDQUOT',
  'EEXIST',
  'EFBIG',
  'EIO',
  'EISDIR',
  'EMFILE',
  'ENAMETOOLONG',
  'ENOENT',
  'ENOSPC',
  'ENOTDIR',
  'EPERM',
  'EROFS',
]);
