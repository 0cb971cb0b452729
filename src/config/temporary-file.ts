import { rename, rm } from 'node:fs/promises';

/** A name beside `path` that nobody else uses; to be created with `wx`, which fails where somebody does. */
export function temporaryName(path: string, extension: string): string {
  return `${path}.${Math.random().toString(36).slice(2, 10)}.${extension}`;
}

/**
 * What `write` creates under a temporary name takes the place of `path`: readers see the old content or the new one,
 * never a part. Rejects with what `write` or the system said; nothing is left behind then.
 */
export async function replaceWhole(
  path: string,
  write: (temporary: string) => Promise<void>,
  extension = 'tmp',
): Promise<void> {
  const temporary = temporaryName(path, extension);
  try {
    await write(temporary);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => {});
    throw error;
  }
}
