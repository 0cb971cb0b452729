import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { type Lockfile, LockfileError, parseLockfile } from '../../contracts/lockfile.ts';
import type { ConfigProblem, PathKey } from './problems.ts';
import { locatedProblem, type SourceFile } from './source.ts';

interface WithLocks {
  value: unknown;
  problems: ConfigProblem[];
}

/** Every `tools_lock` that names a file, relative to the config, with what is in it in its place. */
export async function readToolLocks(source: SourceFile, value: unknown): Promise<WithLocks> {
  const problems: ConfigProblem[] = [];
  const read = async (holder: unknown, path: readonly PathKey[]): Promise<unknown> => {
    if (!isHolder(holder)) return holder;
    const file = resolve(dirname(source.file), holder.tools_lock);
    try {
      return { ...holder, tools_lock: await readLock(file) };
    } catch (error) {
      if (!(error instanceof LockfileError)) throw error;
      problems.push(locatedProblem(source, [...path, 'tools_lock'], `${file} ${error.message}`));
      return { ...holder, tools_lock: undefined };
    }
  };
  const top = await read(value, []);
  if (!hasConnections(top)) return { value: top, problems };
  const connections: unknown[] = [];
  for (const [index, entry] of top.connections.entries()) {
    connections.push(await read(entry, ['connections', index]));
  }
  return { value: { ...top, connections }, problems };
}

async function readLock(file: string): Promise<Lockfile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new LockfileError(`cannot be read (${code})`);
  }
  return parseLockfile(text);
}

function isHolder(value: unknown): value is { tools_lock: string } {
  return (
    typeof value === 'object' &&
    value !== null &&
    'tools_lock' in value &&
    typeof value.tools_lock === 'string'
  );
}

function hasConnections(value: unknown): value is { connections: unknown[] } {
  return (
    typeof value === 'object' && value !== null && 'connections' in value && Array.isArray(value.connections)
  );
}
