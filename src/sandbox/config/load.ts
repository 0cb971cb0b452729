import { dirname, resolve } from 'node:path';
import type { Finding } from './check-connector.ts';
import { type ConfigProblem, pathText, SandboxConfigError } from './problems.ts';
import { locatedProblem, readSource, type SourceFile } from './source.ts';
import { readToolLocks } from './tools-lock.ts';
import type { SandboxConfig } from './types.ts';
import { findProblems } from './validate.ts';
import { fillVariables, type Variables } from './variables.ts';

/**
 * Reads a sandbox config, YAML or JSON. An entry of `connectors` is a definition or the path of a file
 * that holds one, relative to the config, as is `tools_lock`. `${NAME}` in `environment`, `oauth` and `credentials` is taken
 * from `variables`.
 * @throws SandboxConfigError with every problem and its place
 */
export async function loadSandboxConfig(file: string, variables: Variables = {}): Promise<SandboxConfig> {
  const source = await readSource(file);
  const { value: withConnectors, files, problems: unread } = await readConnectors(source);
  const { value, problems: unlocked } = await readToolLocks(source, withConnectors);
  const problems = [...unread, ...unlocked];
  const { config, findings } = fillVariables(value, variables);
  // What could not be read would only be reported a second time, as being no mapping.
  const others = problems.length > 0 ? [] : findProblems(config);
  const all = [...problems, ...[...findings, ...others].map((finding) => locate(source, files, finding))];
  if (all.length > 0) throw new SandboxConfigError(file, all);
  return config as SandboxConfig;
}

interface WithConnectors {
  value: unknown;
  /** By the connector's index: the file that it was read from. */
  files: Map<number, SourceFile>;
  problems: ConfigProblem[];
}

async function readConnectors(source: SourceFile): Promise<WithConnectors> {
  const files = new Map<number, SourceFile>();
  const problems: ConfigProblem[] = [];
  const { value } = source;
  if (
    typeof value !== 'object' ||
    value === null ||
    !('connectors' in value) ||
    !Array.isArray(value.connectors)
  ) {
    return { value, files, problems };
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
    }
  }
  return { value: { ...value, connectors }, files, problems };
}

/** A file that cannot be read is a problem of the line that names it, a malformed one a problem of its own. */
function inConnector(source: SourceFile, index: number, file: string, problem: ConfigProblem): ConfigProblem {
  const path = ['connectors', index];
  if (problem.line === undefined) return locatedProblem(source, path, `${file} ${problem.message}`);
  return { ...problem, path: pathText(path), file };
}

function locate(
  source: SourceFile,
  files: Map<number, SourceFile>,
  { path, message }: Finding,
): ConfigProblem {
  const [top, index, ...inside] = path;
  const connector = top === 'connectors' && typeof index === 'number' ? files.get(index) : undefined;
  if (!connector) return locatedProblem(source, path, message);
  return { path: pathText(path), file: connector.file, ...connector.locate(inside), message };
}
