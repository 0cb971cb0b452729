import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { replaceWhole } from './temporary-file.ts';

/** Replaces a file that only its owner may read (0600, in a 0700 folder). Rejects with the system's error. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await replaceWhole(path, (temporary) => writeFile(temporary, content, { flag: 'wx', mode: 0o600 }));
}
