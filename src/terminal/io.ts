import type { Readable, Writable } from 'node:stream';

export type InputStream = Readable & {
  isTTY?: boolean;
  setRawMode?: (raw: boolean) => unknown;
  /** From now on a read that is under way does not keep the process. */
  unref?: () => unknown;
};
export type OutputStream = Writable & { isTTY?: boolean; columns?: number };

/** Everything an invocation takes from its process. Tests hand in their own. */
export interface Io {
  stdin: InputStream;
  stdout: OutputStream;
  stderr: OutputStream;
  env: Readonly<Record<string, string | undefined>>;
  /** The working folder: `./.env` and relative paths are looked up from here. */
  cwd: string;
  platform: NodeJS.Platform;
  homeDir: string;
  /** Aborted by Ctrl-C and termination signals. */
  interrupt: AbortSignal;
  pid: number;
  signals: Signals;
}

/** What a command that runs another one needs of its process. */
export interface Signals {
  /** From now on what would interrupt goes to the listener instead, each time. Returns how to end that. */
  take: (listener: (signal: NodeJS.Signals) => void) => () => void;
  /** To a process or, by a negative pid, to a group of them; 0 only asks. False where there is none that may be sent it. */
  send: (pid: number, signal: NodeJS.Signals | 0) => boolean;
}

/**
 * Writes and waits until the stream has taken it, so that a slow reader slows the writer down.
 * Rejects with the stream's error (EPIPE where the reader has gone).
 */
export function write(stream: Writable, chunk: string | Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.write(chunk, (error) => (error ? reject(error) : resolve()));
  });
}
