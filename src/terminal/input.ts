import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { addAbortSignal } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { messageOf, type SkConnectError, systemErrorCode, usageError } from '../errors.ts';
import { derive } from '../http/derive.ts';
import type { InputStream, Io } from './io.ts';

/** `signal` ends the wait for a stdin that nobody writes to. */
export interface Reading {
  io: Io;
  signal: AbortSignal;
}

/** Whether a value means stdin. */
export function isStdin(value: string | undefined): boolean {
  return value === '-' || value === '@-';
}

/** A value given as text, as `@file`, or as `-` or `@-` for stdin. */
export async function readArgument(reading: Reading, value: string, flag: string): Promise<Uint8Array> {
  if (isStdin(value)) return readStdin(reading, flag);
  if (value.startsWith('@')) return readNamedFile(reading.io, value.slice(1), flag);
  return Buffer.from(value, 'utf8');
}

/** A value given as the name of a file, or as `-` for stdin. */
export async function readFileArgument(reading: Reading, value: string, flag: string): Promise<Uint8Array> {
  return value === '-' ? readStdin(reading, flag) : readNamedFile(reading.io, value, flag);
}

/** Throws a usage error that names the flag and where the JSON breaks off; nothing of a text that is secret. */
export function parseJsonArgument(bytes: Uint8Array, flag: string, { isSecret = false } = {}): unknown {
  const text = Buffer.from(bytes).toString('utf8');
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw usageError(
      `${flag} is not valid JSON${isSecret ? '' : `: ${messageOf(error)}`}`,
      'Mind the quoting of your shell, or put it into a file.',
      {
        code: 'bad_json',
      },
    );
  }
}

/**
 * stdin, ended by `signal`, its errors named after the flag. The only way in which it is read: where a value says so.
 */
export function openStdin({ io, signal }: Reading, flag: string): InputStream {
  const bytes = derive(addAbortSignal(signal, io.stdin), async function* (stdin) {
    try {
      yield* stdin as AsyncIterable<Buffer>;
    } catch (error) {
      signal.throwIfAborted();
      throw usageError(`${flag}: stdin cannot be read: ${messageOf(error)}`);
    }
  });
  return Object.assign(bytes, { unref: () => io.stdin.unref?.() });
}

export function readStdin(reading: Reading, flag: string): Promise<Buffer> {
  return buffer(openStdin(reading, flag));
}

export function fileUnreadable(name: string, flag: string, error: unknown): SkConnectError {
  if (name === '') return usageError(`${flag}: no file is named behind @`, 'Write @file, or @- for stdin.');
  return usageError(
    `${flag}: ${name} cannot be read: ${whyUnreadable(error)}`,
    name.startsWith('~')
      ? 'The shell leaves ~ as it is behind @: write $HOME.'
      : 'Name a file that exists, or - for stdin.',
    { code: 'file_unreadable' },
  );
}

/** Without what Node adds to the system's words: the name of its function, and the file's once more. */
function whyUnreadable(error: unknown): string {
  if (systemErrorCode(error) === 'EISDIR') return 'it is a folder';
  return messageOf(error).replace(/, (open|stat|access|read)( '.*')?$/s, '');
}

async function readNamedFile(io: Io, name: string, flag: string): Promise<Uint8Array> {
  try {
    return await readFile(resolve(io.cwd, name));
  } catch (error) {
    throw fileUnreadable(name, flag, error);
  }
}
