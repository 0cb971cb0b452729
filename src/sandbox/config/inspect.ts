import { isJsonObject } from '../../json/object.ts';
import { readConnectors, type WithConnectors } from './connector-files.ts';
import { type ConfigProblem, type Finding, pathText, SandboxConfigError } from './problems.ts';
import { locatedProblem, type SourceFile, sourceOf } from './source.ts';
import { readToolLocks } from './tools-lock.ts';
import { connectorProblems, findProblems } from './validate.ts';
import { fillVariables, type Variables } from './variables.ts';
import { configWarnings, connectorWarnings } from './warnings.ts';

/** What a file of the sandbox holds, and what there is to say of it. */
export interface Inspection {
  /** A connector is the payload that Scalekit takes, by itself. */
  kind: 'config' | 'connector';
  /** With its variables filled in. */
  value: unknown;
  problems: ConfigProblem[];
  /** Variables that are not set. */
  unset: ConfigProblem[];
  /** What is taken, but will hardly do what it is meant to. */
  warnings: ConfigProblem[];
}

/** @param file where it stands: other files that it names are relative to it */
export async function inspectFile(file: string, text: string, variables: Variables): Promise<Inspection> {
  let source: SourceFile;
  try {
    source = sourceOf(file, text);
  } catch (error) {
    if (!(error instanceof SandboxConfigError)) throw error;
    return { kind: 'config', value: undefined, problems: error.problems, unset: [], warnings: [] };
  }
  return isConnector(source.value) ? inspectConnector(source) : inspectConfig(source, variables);
}

function isConnector(value: unknown): boolean {
  const has = (key: string) => isJsonObject(value) && Object.hasOwn(value, key);
  return (has('auth_patterns') || has('proxy_url')) && !has('connectors') && !has('connections');
}

function inspectConnector(source: SourceFile): Inspection {
  const located = ({ path, message }: Finding) => locatedProblem(source, path, message);
  const problems = connectorProblems(source.value).map(located);
  const warnings = connectorWarnings(source.value).map(located);
  return { kind: 'connector', value: source.value, problems, unset: [], warnings };
}

async function inspectConfig(source: SourceFile, variables: Variables): Promise<Inspection> {
  const { value: withConnectors, files, problems: unread } = await readConnectors(source);
  const { value: whole, problems: unlocked } = await readToolLocks(source, withConnectors);
  const { config: value, findings: unset } = fillVariables(whole, variables);
  const located = (finding: Finding) => locate(source, files, finding);
  const missing = [...unread, ...unlocked];
  // What could not be read would only be reported a second time, as being no mapping.
  const problems = missing.length > 0 ? missing : findProblems(value).map(located);
  const warnings = configWarnings(value).map(located);
  return { kind: 'config', value, problems, unset: unset.map(located), warnings };
}

function locate(source: SourceFile, files: WithConnectors['files'], finding: Finding): ConfigProblem {
  const { path, message } = finding;
  const [top, index, ...inside] = path;
  const connector = top === 'connectors' && typeof index === 'number' ? files.get(index) : undefined;
  if (!connector) return locatedProblem(source, path, message);
  return { path: pathText(path), file: connector.file, ...connector.locate(inside), message };
}
