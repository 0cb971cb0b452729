import { dirname, resolve } from 'node:path';
import { type ConfigProblem, pathText, SandboxConfigError } from './problems.ts';
import { locatedProblem, readSource, type SourceFile } from './source.ts';

export interface WithConnectors {
  value: unknown;
  /** By the connector's index: the file that it was read from. */
  files: Map<number, SourceFile>;
  /** The indices of those that could not be read; what stands in their place says nothing. */
  unread: Set<number>;
  problems: ConfigProblem[];
}

/** Every entry of `connectors` that names a file, relative to the config, with what is in it in its place. */
export async function readConnectors(source: SourceFile): Promise<WithConnectors> {
  const files = new Map<number, SourceFile>();
  const unread = new Set<number>();
  const problems: ConfigProblem[] = [];
  const { value } = source;
  if (
    typeof value !== 'object' ||
    value === null ||
    !('connectors' in value) ||
    !Array.isArray(value.connectors)
  ) {
    return { value, files, unread, problems };
  }
  const connectors: unknown[] = [];
  for (const [index, entry] of (value.connectors as unknown[]).entries()) {
    if (typeof entry !== 'string') {
      connectors.push(entry);
      continue;
    }
    const file = resolve(dirname(source.file), entry);
    try {
      const connector = await readSource(file);
      files.set(index, connector);
      connectors.push(connector.value);
    } catch (error) {
      if (!(error instanceof SandboxConfigError)) throw error;
      problems.push(...error.problems.map((problem) => inConnector(source, index, file, problem)));
      unread.add(index);
      connectors.push({});
    }
  }
  return { value: { ...value, connectors }, files, unread, problems };
}

/** A file that cannot be read is a problem of the line that names it, a malformed one a problem of its own. */
function inConnector(source: SourceFile, index: number, file: string, problem: ConfigProblem): ConfigProblem {
  const path = ['connectors', index];
  if (problem.line === undefined) return locatedProblem(source, path, `${file} ${problem.message}`);
  return { ...problem, path: pathText(path), file };
}
