import { readFile } from 'node:fs/promises';
import { readSource as readText } from '../../contracts/source.ts';
import { type ConfigProblem, type PathKey, pathText, SandboxConfigError } from './problems.ts';

/** A YAML or JSON file (JSON is YAML) that remembers where everything stands. */
export interface SourceFile {
  file: string;
  value: unknown;
  locate(path: readonly PathKey[]): Position;
}

interface Position {
  line: number;
  column: number;
}

/** @throws SandboxConfigError where the file cannot be read or is not well-formed */
export async function readSource(file: string): Promise<SourceFile> {
  return sourceOf(file, await textOf(file));
}

/** @throws SandboxConfigError where it is not well-formed */
export function sourceOf(file: string, text: string): SourceFile {
  const { value, problems, locate } = readText(file, text);
  if (problems.length > 0) throw new SandboxConfigError(file, problems);
  return { file, value, locate };
}

/** @throws SandboxConfigError where the file cannot be read */
export async function textOf(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error';
    throw new SandboxConfigError(file, [{ path: '', message: `cannot be read (${code})` }]);
  }
}

export function locatedProblem(source: SourceFile, path: readonly PathKey[], message: string): ConfigProblem {
  return { path: pathText(path), ...source.locate(path), message };
}
