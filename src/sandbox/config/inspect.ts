import { isJsonObject } from '../../json/object.ts';
import { findToolProblems, toolProblems } from '../tools/check.ts';
import { readToolFiles, type WithTools } from '../tools/read.ts';
import { refusedHosts } from '../upstream/warnings.ts';
import { readConnectors, type WithConnectors } from './connector-files.ts';
import { type ConfigProblem, type Finding, pathText, SandboxConfigError } from './problems.ts';
import { locatedProblem, type SourceFile, sourceOf } from './source.ts';
import { readToolLocks } from './tools-lock.ts';
import type { SandboxConfig } from './types.ts';
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
  const isPart = has('auth_patterns') || has('proxy_url') || has('display_name');
  return isPart && !has('connectors') && !has('connections');
}

async function inspectConnector(source: SourceFile): Promise<Inspection> {
  const whole = { connectors: [source.value] };
  const { value: read, files, problems: unread } = await readToolFiles(source, new Map([[0, source]]), whole);
  const [value] = (read as typeof whole).connectors;
  const located = ({ path, message }: Finding) => {
    const tools = path[0] === 'tools' ? files.get(0) : undefined;
    const problem = locatedProblem(tools ?? source, path, message);
    return tools ? { ...problem, file: tools.file } : problem;
  };
  const findings = [...connectorProblems(value), ...(await toolProblems(value))];
  const problems = unread.length > 0 ? unread : findings.map(located);
  const warnings = connectorWarnings(value).map(located);
  return { kind: 'connector', value, problems, unset: [], warnings };
}

async function inspectConfig(source: SourceFile, variables: Variables): Promise<Inspection> {
  const { value: withConnectors, files, unread, problems: missing } = await readConnectors(source);
  const { value: whole, problems: unlocked } = await readToolLocks(source, withConnectors);
  const { config: filled, findings: unset } = fillVariables(whole, variables);
  const { value, files: tools, problems: wrongTools } = await readToolFiles(source, files, filled);
  const located = (finding: Finding) => locate(source, { files, tools }, finding);
  const unusable = [...unlocked, ...wrongTools];
  // What could not be read or is not set would only be reported a second time, as what it lacks.
  const unsetPaths = new Set(unset.map(({ path }) => pathText(path)));
  const isRead = ({ path }: Finding) =>
    !(path[0] === 'connectors' && unread.has(Number(path[1]))) && !unsetPaths.has(pathText(path));
  const findings =
    unusable.length > 0 ? [] : [...findProblems(value), ...(await findToolProblems(value))].filter(isRead);
  const problems = [...missing, ...unusable, ...findings.map(located)];
  const refused = problems.length > 0 ? [] : refusedHosts(value as SandboxConfig);
  const warnings = [...configWarnings(value), ...refused].filter(isRead).map(located);
  return { kind: 'config', value, problems, unset: unset.map(located), warnings };
}

interface OtherFiles {
  files: WithConnectors['files'];
  tools: WithTools['files'];
}

function locate(source: SourceFile, { files, tools }: OtherFiles, finding: Finding): ConfigProblem {
  const { path, message } = finding;
  const [top, index, ...inside] = path;
  if (top !== 'connectors' || typeof index !== 'number') return locatedProblem(source, path, message);
  const ofTools = inside[0] === 'tools' ? tools.get(index) : undefined;
  if (ofTools) return { ...locatedProblem(ofTools, inside, message), file: ofTools.file };
  const other = files.get(index);
  if (!other) return locatedProblem(source, path, message);
  return { path: pathText(path), file: other.file, ...other.locate(inside), message };
}
