import type { JournalEntry } from './journal.ts';
import { createJournalFile } from './journal-file.ts';
import { systemReason } from './state-file-error.ts';

export interface JournalWriter {
  append(entry: JournalEntry): void;
  /** Everything, in the place of what is there. */
  replace(): void;
  /** Everything once more; nothing is written from then on. */
  close(): void;
}

/** A journal shorter than this is not worth replacing. */
const SHORT_BYTES = 256 * 1024;
/** While the file takes nothing, how often it is tried. */
const RETRY_MS = 1000;

/**
 * Writes a journal that does not grow without end. Where the file stops taking it nothing is thrown: `warn` is told once, and all of it
 * is written as soon as it can be.
 * @param whole the text of everything that there is now
 * @throws the system's error where the file cannot be written from the start
 */
export function createJournalWriter(
  path: string,
  whole: () => string,
  warn: (message: string) => void,
): JournalWriter {
  const file = createJournalFile(path);
  let failedAt: number | undefined;
  let shortenAfter = 0;
  let retry: NodeJS.Timeout | undefined;

  const replace = () => file.replace(whole());

  /** @param isLast there is no later try */
  function write(action: () => void, isLast = false): void {
    try {
      if (failedAt === undefined) action();
      else if (isLast || performance.now() - failedAt >= RETRY_MS) replace();
      else return;
      if (failedAt !== undefined) warn(`the state file ${path} is written again`);
      failedAt = undefined;
    } catch (error) {
      if (failedAt === undefined || isLast) {
        const consequence = isLast ? 'what changed since is lost' : 'the sandbox goes on, and tries again';
        warn(`the state file ${path} cannot be written (${systemReason(error)}): ${consequence}`);
      }
      failedAt = performance.now();
      if (!isLast) retry ??= setTimeout(tryAgain, RETRY_MS).unref();
    }
  }

  /** Also where nothing changes any more. */
  function tryAgain(): void {
    retry = undefined;
    // A timer may be a moment early.
    if (failedAt !== undefined) failedAt -= RETRY_MS;
    write(replace);
  }

  /** Whether the journal was long, and what took its place has the change already. */
  function isShortened(): boolean {
    if (file.appendedBytes() <= Math.max(SHORT_BYTES, 2 * file.replacedBytes())) return false;
    if (performance.now() < shortenAfter) return false;
    try {
      replace();
      return true;
    } catch {
      // A second file has no room; a line may have.
      shortenAfter = performance.now() + RETRY_MS;
      return false;
    }
  }

  replace();
  return {
    append: (entry) =>
      write(() => {
        if (!isShortened()) file.append(JSON.stringify(entry));
      }),
    replace: () => write(replace),
    close() {
      clearTimeout(retry);
      write(replace, true);
      file.close();
    },
  };
}
