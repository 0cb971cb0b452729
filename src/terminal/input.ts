import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf, usageError } from '../errors.ts';
import type { Io } from './io.ts';

/** A value given as text, as `@file`, or as `-` or `@-` for stdin. The only way in which stdin is read. */
export async function readArgument(io: Io, value: string, flag: string): Promise<Uint8Array> {
  if (value === '-' || value === '@-') return readStdin(io, flag);
  if (value.startsWith('@')) return readNamedFile(io, value.slice(1), flag);
  return Buffer.from(value, 'utf8');
}

/** A value given as the name of a file, or as `-` for stdin. */
export async function readFileArgument(io: Io, value: string, flag: string): Promise<Uint8Array> {
  return value === '-' ? readStdin(io, flag) : readNamedFile(io, value, flag);
}

/** Throws a usage error that names the flag and where in the text the JSON breaks off. */
export function parseJsonArgument(bytes: Uint8Array, flag: string): unknown {
  const text = Buffer.from(bytes).toString('utf8');
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw usageError(
      `${flag} is not valid JSON: ${messageOf(error)}`,
      'Mind the quoting of your shell, or put it into a file.',
      {
        code: 'bad_json',
      },
    );
  }
}

async function readStdin(io: Io, flag: string): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of io.stdin) chunks.push(Buffer.from(chunk));
  } catch (error) {
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
