import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/** A name beside `path` that nobody else uses; to be created with `wx`, which fails where somebody does. */
export function temporaryName(path: string, extension: string): string {
  return `${path}.${Math.random().toString(36).slice(2, 10)}.${extension}`;
}

/**
 * Replaces a file that only its owner may read (0600, in a 0700 folder). Readers see the old content
 * or the new one, never a part: it is written beside its place and renamed onto it.
 * Rejects with the system's error; nothing is left behind then.
 */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const temporary = temporaryName(path, 'tmp');
  try {
    const file = await open(temporary, 'wx', 0o600);
    try {
      await file.writeFile(content);
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
