export type PathKey = string | number;

/** What is wrong with a value, and where in it. */
export interface Finding {
  path: PathKey[];
  message: string;
  /** Of a value that has not the shape that further checks count on. */
  isOfShape?: boolean;
}

export interface ConfigProblem {
  /** `connections[0].connector`; empty for the file as a whole. */
  path: string;
  /** Where the problem is in another file than the config's own: a connector's. */
  file?: string;
  line?: number;
  column?: number;
  message: string;
}

/** A wrong config, with everything that is wrong about it. */
export class SandboxConfigError extends Error {
  readonly file: string;
  readonly problems: ConfigProblem[];

  constructor(file: string, problems: ConfigProblem[]) {
    super(problems.map((problem) => describeProblem(file, problem)).join('\n'));
    this.name = 'SandboxConfigError';
    this.file = file;
    this.problems = problems;
  }
}

/** `sandbox.yaml:4:7 connections[0].connector: names x, but there is no such connector` */
function describeProblem(file: string, problem: ConfigProblem): string {
  const position = problem.line === undefined ? '' : `:${problem.line}:${problem.column ?? 1}`;
  const path = problem.path === '' ? '' : ` ${problem.path}`;
  return `${problem.file ?? file}${position}${path}: ${problem.message}`;
}

export function below(path: readonly PathKey[], findings: readonly Finding[]): Finding[] {
  return findings.map((finding) => ({ ...finding, path: [...path, ...finding.path] }));
}

export function pathText(path: readonly PathKey[]): string {
  return path
    .map((key, index) => {
      if (typeof key === 'number') return `[${key}]`;
      if (!/^[A-Za-z_][\w-]*$/.test(key)) return `[${JSON.stringify(key)}]`;
      return index === 0 ? key : `.${key}`;
    })
    .join('');
}
