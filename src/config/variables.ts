import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { messageOf, systemErrorCode, usageError } from '../errors.ts';
import type { Io } from '../terminal/io.ts';

/** Variables by name. An empty value counts as not set, as CI systems export unset secrets as "". */
export type Variables = ReadonlyMap<string, string>;

/** The process environment over `--env-file` over `./.env`. Rejects with a usage error for an unreadable `--env-file`. */
export async function readVariables(
  io: Pick<Io, 'env' | 'cwd'>,
  envFile: string | undefined,
): Promise<Variables> {
  const layers = [await readDefaultEnvFile(io.cwd), await readNamedEnvFile(io.cwd, envFile), io.env];
  const variables = new Map<string, string>();
  for (const layer of layers) {
    // Two names of one thing: what a lower layer calls SCALEKIT_ENV_URL does not outrank this layer's word for it.
    if (layer['SCALEKIT_ENVIRONMENT_URL']) variables.delete('SCALEKIT_ENV_URL');
    for (const [name, value] of Object.entries(layer)) if (value) variables.set(name, value);
  }
  return variables;
}

async function readDefaultEnvFile(cwd: string): Promise<Record<string, string>> {
  try {
    return await parseEnvFile(resolve(cwd, '.env'));
  } catch (error) {
    const code = systemErrorCode(error);
    // No such file, or a folder of that name (Python's virtual environments): there is nothing to read.
    if (code === 'ENOENT' || code === 'EISDIR' || code === 'ENOTDIR') return {};
    throw usageError(
      `./.env cannot be read: ${messageOf(error)}`,
      'Make it readable, or run from another folder.',
    );
  }
}

async function readNamedEnvFile(cwd: string, envFile: string | undefined): Promise<Record<string, string>> {
  if (envFile === undefined) return {};
  try {
    return await parseEnvFile(resolve(cwd, envFile));
  } catch (error) {
    throw usageError(`--env-file ${envFile} cannot be read: ${messageOf(error)}`, 'Name a file that exists.');
  }
}

async function parseEnvFile(path: string): Promise<Record<string, string>> {
  const content = await readFile(path);
  const { parse } = await import('dotenv');
  return parse(content);
}
