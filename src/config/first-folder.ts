import { isAbsolute } from 'node:path';

/**
 * The first of these that names a folder. HOME may be empty, and Node throws for the home of a container's user that has
 * none: then it is one that is not there, as that of service accounts.
 */
export function firstFolder(sources: readonly (() => string)[]): string {
  for (const source of sources) {
    try {
      const folder = source();
      if (isAbsolute(folder)) return folder;
    } catch {
      // The next one may know.
    }
  }
  return '/nonexistent';
}
