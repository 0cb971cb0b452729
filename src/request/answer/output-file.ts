import { constants, createWriteStream } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { messageOf, SkConnectError, systemErrorCode, usageError } from '../../errors.ts';
import { partName } from './part-file.ts';

/** Where `--output` leads. */
export interface Target {
  /** As it was given. */
  name: string;
  /** Through a symbolic link, not over it. */
  path: string;
  /** Where parts of it are kept, for messages. */
  part: string;
  /** A device or a named pipe, which is written to: a file renamed onto it would take its place. */
  isDevice: boolean;
  /** Of the file that is there already. */
  bytes: number | undefined;
  /** Its permissions, which the new one takes over. */
  mode: number | undefined;
}

/** Throws a usage error for what cannot be written: before the call, as that may be one that cannot be repeated. */
export async function findTarget(cwd: string, name: string): Promise<Target> {
  const given = resolve(cwd, name);
  const path = await realpath(given).catch(() => given);
  const found = await stat(path).catch(() => undefined);
  if (found?.isDirectory() === true) throw cannotWrite(name, 'it is a folder', 'Name a file in it.');
  const isDevice = found !== undefined && !found.isFile();
  if (!isDevice) {
    // The slash at its end says that it has to be a folder.
    await access(`${dirname(path)}/`, constants.W_OK).catch((error: unknown) => {
      throw fileError(name, error) ?? error;
    });
  }
  return {
    name,
    path,
    part: partName(path === given ? name : path),
    isDevice,
    bytes: isDevice ? undefined : found?.size,
    mode: isDevice || found === undefined ? undefined : found.mode & 0o777,
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
  return cannotWrite(name, messageOf(error), 'Name a file in a folder that can be written.', error);
}

function cannotWrite(name: string, reason: string, hint: string, cause?: unknown): SkConnectError {
  return usageError(`--output ${name} cannot be written: ${reason}`, hint, { code: 'output_failed', cause });
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
