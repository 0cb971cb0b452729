import type { App } from '../app.ts';
import { tabSeparated } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { visibleLine } from '../terminal/visible.ts';

export interface ValidationProblem {
  file: string;
  line: number | null;
  column: number | null;
  /** `auth_patterns[0].fields[1].input_type`; empty for the file as a whole. */
  path: string;
  severity: 'error' | 'warning';
  message: string;
}

export interface ValidatedFile {
  file: string;
  /** Null where it could not be read. */
  kind: 'config' | 'connector' | null;
  problems: ValidationProblem[];
}

/** As JSON, for a person, or in a pipe as rows: file, line, column, severity, path, message. */
export async function printValidation({ terminal }: App, files: readonly ValidatedFile[]): Promise<void> {
  const problems = files.flatMap((file) => file.problems);
  const count = (wanted: string) => problems.filter(({ severity }) => severity === wanted).length;
  if (terminal.isJson) {
    const looked = files.map(({ file, kind, problems: own }) => ({ file, kind, valid: isValid(own) }));
    return terminal.printJson({
      files: looked,
      problems,
      errors: count('error'),
      warnings: count('warning'),
    });
  }
  for (const problem of problems) {
    await terminal.print(terminal.isForPerson ? paragraph(terminal, problem) : row(problem));
  }
  for (const { file, kind, problems: own } of files) {
    if (isValid(own)) terminal.notice(`${file}: ${KINDS[kind ?? 'config']} that is valid.`);
  }
}

const KINDS = { config: 'a sandbox config', connector: 'a connector' };

function isValid(problems: readonly ValidationProblem[]): boolean {
  return !problems.some(({ severity }) => severity === 'error');
}

function paragraph({ outStyle }: Terminal, problem: ValidationProblem): string {
  const { file, line, column, path, severity, message } = problem;
  const place = line === null ? file : `${file}:${line}:${column ?? 1}`;
  const painted = severity === 'error' ? outStyle.red(severity) : outStyle.yellow(severity);
  const said = path === '' ? message : `${path}: ${message}`;
  return `${outStyle.bold(visibleLine(place))}  ${painted}\n  ${visibleLine(said)}\n`;
}

function row({ file, line, column, severity, path, message }: ValidationProblem): string {
  return tabSeparated([file, `${line ?? ''}`, `${column ?? ''}`, severity, path, message]);
}
