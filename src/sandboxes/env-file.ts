import { readFile, rm } from 'node:fs/promises';
import { writePrivateFile } from '../config/private-file.ts';
import { messageOf, systemErrorCode, usageError } from '../errors.ts';

const MARK = '# Written by sk-connect sandbox start; removed when it stops.';

/** Writes variables to an env file (0600). Never over a file that somebody else wrote. Returns how to take it back. */
export async function writeEnvFile(
  path: string,
  env: Readonly<Record<string, string>>,
): Promise<() => Promise<void>> {
  if ((await isOurs(path)) === false) {
    throw usageError(`--write-env ${path} exists, and was not written by a sandbox`, 'Name another file.');
  }
  const lines = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const content = `${[MARK, ...lines].join('\n')}\n`;
  await writePrivateFile(path, content).catch((error: unknown) => {
    throw usageError(
      `--write-env ${path} cannot be written: ${messageOf(error)}`,
      'Name a file in a folder that can be written.',
    );
  });
  return async () => {
    // Another sandbox may have taken the file over meanwhile.
    if ((await readFile(path, 'utf8').catch(() => '')) === content) await rm(path, { force: true });
  };
}

/** Undefined where there is no file. */
async function isOurs(path: string): Promise<boolean | undefined> {
  try {
    return (await readFile(path, 'utf8')).startsWith(MARK);
  } catch (error) {
    return systemErrorCode(error) === 'ENOENT' ? undefined : false;
  }
}
