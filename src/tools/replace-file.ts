import { open, realpath, stat } from 'node:fs/promises';
import { replaceWhole } from '../config/temporary-file.ts';
import { messageOf, usageError } from '../errors.ts';

/**
 * Writes a file of the user's: readers see the old content or the new one, never a part. What it is linked to and its
 * permissions stay. `name` is what messages call it. Throws a usage error where it cannot be written; the old content
 * is there then.
 */
export async function replaceFile(path: string, name: string, content: string): Promise<void> {
  const target = await realpath(path).catch(() => path);
  try {
    const mode = await stat(target).then(
      (found) => found.mode & 0o777,
      () => 0o666,
    );
    await replaceWhole(target, async (temporary) => {
      const file = await open(temporary, 'wx', mode);
      try {
        // What `open` was given goes through the umask.
        if (mode !== 0o666) await file.chmod(mode);
        await file.writeFile(content);
      } finally {
        await file.close();
      }
    });
  } catch (error) {
    throw usageError(`${name} cannot be written: ${messageOf(error)}`, 'The file is as it was.', {
      code: 'file_unwritable',
      cause: error,
    });
  }
}
