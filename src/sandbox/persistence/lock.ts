import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { platform, tmpdir } from 'node:os';
import { join } from 'node:path';
import { StateFileError } from './state-file-error.ts';

export interface FileLock {
  /** Said to another sandbox that wants the file. */
  holder: string;
  release(): void;
}

const ASK_MS = 1000;

/**
 * One sandbox at a time for a file. The lock is a local socket: the system takes it back whatever its process ends
 * with, which a file with a pid in it does not (the pid is given to another, or is one of another container).
 * @throws StateFileError `in_use`
 */
export async function lockFile(file: string): Promise<FileLock> {
  const address = addressOf(file);
  const lock: FileLock = { holder: 'another sandbox', release: () => {} };
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.end(lock.holder);
  });
  // It is no reason to keep a process.
  server.unref();
  if (!(await listen(server, address))) {
    const holder = await ask(address);
    // Where it is a file in a folder, it stays when its process is killed.
    if (holder === undefined && !isAbstract(address)) rmSync(address, { force: true });
    if (holder !== undefined || !(await listen(server, address)))
      throw new StateFileError(file, 'in_use', `is in use by ${holder || 'another sandbox'}`);
  }
  lock.release = () => void server.close();
  return lock;
}

/** Linux's abstract sockets and Windows' pipes are names without a file. */
function addressOf(file: string): string {
  const name = `sk-connect-state-${createHash('sha256').update(file).digest('hex').slice(0, 24)}`;
  switch (platform()) {
    case 'linux':
      return `\0${name}`;
    case 'win32':
      return `\\\\?\\pipe\\${name}`;
    default:
      return join(tmpdir(), name);
  }
}

function isAbstract(address: string): boolean {
  return address.startsWith('\0') || address.startsWith('\\\\');
}

async function listen(server: Server, address: string): Promise<boolean> {
  server.listen(address);
  try {
    await once(server, 'listening');
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') return false;
    throw error;
  }
}

/** Who holds the lock; undefined where nobody does. */
function ask(address: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect(address);
    socket.setTimeout(ASK_MS, () => socket.destroy());
    socket.setEncoding('utf8').on('data', (chunk: string) => (answer += chunk));
    socket.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'ECONNREFUSED' || error.code === 'ENOENT' ? undefined : ''),
    );
    socket.once('close', () => resolve(answer));
  });
}
