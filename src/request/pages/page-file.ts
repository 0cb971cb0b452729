import { rename, rm } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import type { App } from '../../app.ts';
import { temporaryName } from '../../config/temporary-file.ts';
import { write } from '../../terminal/io.ts';
import { fileError, findTarget, type Target, writeChunks } from '../answer/output-file.ts';

/** A file that is written as the pages come, and appears under its name when it is closed. */
export interface PageFile {
  /** Throws a usage error where the file cannot be written. */
  print(text: string): Promise<void>;
  /** Does nothing where nothing was printed. */
  close(): Promise<void>;
}

export function createPageFile(app: App, name: string): PageFile {
  let opened: ReturnType<typeof open> | undefined;
  return {
    print: async (text) => {
      const { source, written } = await (opened ??= open(app, name));
      // What the disk said tells more than that the stream is gone.
      await write(source, text).catch(() => written);
    },
    close: async () => {
      if (opened === undefined) return;
      const { source, written, target, partial } = await opened;
      source.end();
      await written;
      if (partial !== undefined) await rename(partial, target.path);
    },
  };
}

async function open(app: App, name: string) {
  const target: Target = await findTarget(app.io.cwd, name);
  const partial = target.isDevice ? undefined : temporaryName(target.path, 'part');
  const source = new PassThrough();
  source.on('error', () => {});
  const written = writeChunks(partial ?? target.path, source, {
    flags: partial === undefined ? 'w' : 'wx',
    mode: target.mode,
    // Ctrl-C ends the pages, and what was fetched is kept; a named pipe that nobody reads would never be done.
    signal: partial === undefined ? app.signal : new AbortController().signal,
  }).catch(async (error: unknown) => {
    if (partial !== undefined) await rm(partial, { force: true });
    throw fileError(name, error) ?? error;
  });
  written.catch(() => {});
  return { target, partial, source, written };
}
