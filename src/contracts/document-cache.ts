import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import packageJson from '../../package.json' with { type: 'json' };
import { writePrivateFile } from '../config/private-file.ts';
import type { CheckedDocument } from './load.ts';

/**
 * Remembers the contract files that were found right. To read YAML, hold it against the format and compile its
 * schemas and expressions takes longer than the call that a tool makes.
 */
export interface DocumentCache {
  /** What this very text was found to be, by this version. */
  read(path: string, text: string): Promise<CheckedDocument | undefined>;
  write(path: string, text: string, document: CheckedDocument): Promise<void>;
}

interface Entry extends CheckedDocument {
  digest: string;
}

/** One file for each contract file, in `cacheFolder`/contracts. */
export function createDocumentCache(cacheFolder: string): DocumentCache {
  const fileFor = (path: string) => join(cacheFolder, 'contracts', `${sha256(path).slice(0, 32)}.json`);
  const digestOf = (text: string) => sha256(`${packageJson.version}\n${text}`);
  return {
    read: async (path, text) => {
      try {
        const { digest, tools, places } = JSON.parse(await readFile(fileFor(path), 'utf8')) as Entry;
        return digest === digestOf(text) ? { tools, places } : undefined;
      } catch {
        return undefined;
      }
    },
    write: async (path, text, document) => {
      const entry: Entry = { digest: digestOf(text), ...document };
      // A read-only or full disk costs time, not the command.
      await writePrivateFile(fileFor(path), JSON.stringify(entry)).catch(() => {});
    },
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
