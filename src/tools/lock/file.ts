import { readFile, realpath, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { App } from '../../app.ts';
import { replaceWhole } from '../../config/temporary-file.ts';
import { type Lockfile, LockfileError, parseLockfile } from '../../contracts/lockfile.ts';
import { messageOf, systemErrorCode, usageError } from '../../errors.ts';

export const DEFAULT_FILE = 'tools.lock.json';

/** Undefined where there is none. Throws a usage error for one that cannot be read. */
export async function readLockfile({ io }: Pick<App, 'io'>, file: string): Promise<Lockfile | undefined> {
  try {
    return await parseLockfile(await readFile(resolve(io.cwd, file), 'utf8'));
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return undefined;
    if (error instanceof LockfileError) {
      const hint = error.isNewer
        ? 'Update sk-connect: npm install sk-connect@latest'
        : 'Take it from your version control again, or remove it and lock the tools anew.';
      throw usageError(`${file} ${error.message}`, hint, {
        code: error.isNewer ? 'lockfile_newer' : 'lockfile_damaged',
      });
    }
    if (systemErrorCode(error) === undefined) throw error;
    throw usageError(`${file} cannot be read: ${messageOf(error)}`, 'Name another one with --file.', {
      code: 'lockfile_unreadable',
    });
  }
}

/** At once or not at all, through a symbolic link and not over it. False where it says that already. */
export async function writeLockfile({ io }: Pick<App, 'io'>, file: string, text: string): Promise<boolean> {
  const given = resolve(io.cwd, file);
  const path = await realpath(given).catch(() => given);
  if ((await readFile(path, 'utf8').catch(() => undefined)) === text) return false;
  try {
    await replaceWhole(path, (temporary) => writeFile(temporary, text, { flag: 'wx' }));
    return true;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    throw usageError(`${file} cannot be written: ${messageOf(error)}`, 'Name another one with --file.', {
      code: 'lockfile_not_written',
    });
  }
}
