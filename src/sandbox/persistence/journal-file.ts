import { randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, ftruncateSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';

/**
 * A file that is replaced as a whole and then grows line by line. What `append` returned from is with the system: it
 * is there whatever this process ends with. Both throw the system's error, and leave a file that can be read.
 */
export interface JournalFile {
  replace(text: string): void;
  append(line: string): void;
  /** What has been appended since it was replaced. */
  appendedBytes(): number;
  replacedBytes(): number;
  close(): void;
}

export function createJournalFile(path: string): JournalFile {
  let descriptor: number | undefined;
  let replacedBytes = 0;
  let size = 0;

  function close(): void {
    if (descriptor !== undefined) closeSync(descriptor);
    descriptor = undefined;
  }

  return {
    replace(text) {
      const temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`;
      const bytes = Buffer.from(text, 'utf8');
      // Private from its first moment, and nobody else's (`wx`).
      const written = openSync(temporary, 'wx', 0o600);
      try {
        writeWhole(written, bytes, 0);
        // Otherwise a power cut after the renaming may leave a file without content.
        fsyncSync(written);
        renameSync(temporary, path);
      } catch (error) {
        closeSync(written);
        rmSync(temporary, { force: true });
        throw error;
      }
      close();
      descriptor = written;
      size = replacedBytes = bytes.length;
    },

    append(line) {
      if (descriptor === undefined) throw new TypeError('the journal is closed');
      const bytes = Buffer.from(`${line}\n`, 'utf8');
      try {
        writeWhole(descriptor, bytes, size);
      } catch (error) {
        // Half a line would spoil the next one.
        tryTo(() => ftruncateSync(descriptor ?? -1, size));
        throw error;
      }
      size += bytes.length;
    },

    appendedBytes: () => size - replacedBytes,
    replacedBytes: () => replacedBytes,
    close,
  };
}

/** A write may take a part only, on a disk that is nearly full. */
function writeWhole(descriptor: number, bytes: Buffer, position: number): void {
  let done = 0;
  while (done < bytes.length)
    done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
}

function tryTo(action: () => void): void {
  try {
    action();
  } catch {
    // What failed first is told.
  }
}
