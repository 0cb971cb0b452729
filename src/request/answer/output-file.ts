import { createWriteStream } from 'node:fs';
import { realpath, rename, rm, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { temporaryName } from '../../config/private-file.ts';
import { messageOf, systemErrorCode, usageError } from '../../errors.ts';
import { brokenBody } from './content.ts';

/** Streams a body into a file, which appears under its name only when it is complete. Returns its size in bytes. */
export async function saveBody(
  body: Readable,
  cwd: string,
  name: string,
  signal: AbortSignal,
): Promise<number> {
  const given = resolve(cwd, name);
  // Through a symbolic link, not over it.
  const path = await realpath(given).catch(() => given);
  const isDevice = await stat(path).then(
    (found) => !found.isFile() && !found.isDirectory(),
    () => false,
  );
  // /dev/null and named pipes are written to; a file renamed onto one would take its place.
  const partial = isDevice ? undefined : temporaryName(path, 'part');
  const file = createWriteStream(partial ?? path, { flags: partial === undefined ? 'w' : 'wx' });
  try {
    await pipeline(body, file, { signal });
    if (partial !== undefined) await rename(partial, path);
    return file.bytesWritten;
  } catch (error) {
    if (partial !== undefined) await rm(partial, { force: true });
    if (FILE_ERRORS.has(systemErrorCode(error) ?? '')) {
      throw usageError(
        `--output ${name} cannot be written: ${messageOf(error)}`,
        'Name a file in a folder that can be written.',
      );
    }
    throw brokenBody(error);
  }
}

const FILE_ERRORS = new Set([
  'ENOENT',
  'EACCES',
  'EPERM',
  'EISDIR',
  'ENOSPC',
  'EROFS',
  'ENOTDIR',
  'EDQUOT',
  'EEXIST',
]);
