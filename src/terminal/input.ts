import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { addAbortSignal } from 'node:stream';
import { messageOf, usageError } from '../errors.ts';
import type { Io } from './io.ts';

/** `signal` ends the wait for a stdin that nobody writes to. */
export interface Reading {
  io: Io;
  signal: AbortSignal;
}

/** A value given as text, as `@file`, or as `-` or `@-` for stdin. The only way in which stdin is read. */
export async function readArgument(reading: Reading, value: string, flag: string): Promise<Uint8Array> {
  if (value === '-' || value === '@-') return readStdin(reading, flag);
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

async function readStdin({ io, signal }: Reading, flag: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of addAbortSignal(signal, io.stdin)) chunks.push(Buffer.from(chunk));
  } catch (error) {
    signal.throwIfAborted();
    throw usageError(`${flag}: stdin cannot be read: ${messageOf(error)}`);
  }
  return Buffer.concat(chunks);
}

async function readNamedFile(io: Io, name: string, flag: string): Promise<Uint8Array> {
  try {
    return await readFile(resolve(io.cwd, name));
  } catch (error) {
    throw usageError(
      `${flag}: ${name} cannot be read: ${messageOf(error)}`,
      'Name a file that exists, or - for stdin.',
    );
  }
}
