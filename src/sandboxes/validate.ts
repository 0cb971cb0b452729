import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import type { App } from '../app.ts';
import { systemErrorCode, usageError } from '../errors.ts';
import { inspectFile } from '../sandbox/config/inspect.ts';
import type { ConfigProblem } from '../sandbox/config/problems.ts';
import { readStdin } from '../terminal/input.ts';
import { printValidation, type ValidatedFile, type ValidationProblem } from './validate-report.ts';

export interface ValidateOptions {
  /** Warnings fail too. */
  strict?: boolean;
}

const STDIN = '-';

/**
 * Holds connector definitions and whole configs to what Scalekit and the sandbox take, and prints everything there is to
 * say. Throws a usage error where one of them is wrong, after all were looked at.
 */
export async function validateFiles(
  app: App,
  names: readonly string[],
  { strict = false }: ValidateOptions,
): Promise<void> {
  if (names.filter((name) => name === STDIN).length > 1) {
    throw usageError('stdin can be read once', 'Name - once.');
  }
  const files: ValidatedFile[] = [];
  for (const name of names) files.push(await validateFile(app, name));
  await printValidation(app, files);
  const wrong = files
    .flatMap(({ file: asked, problems }) => problems.map((problem) => ({ asked, ...problem })))
    .filter(({ severity }) => strict || severity === 'error');
  if (wrong.length === 0) return;
  const where = [...new Set(wrong.map(({ asked }) => asked))].join(', ');
  const isOnlyAdvice = wrong.every(({ severity }) => severity === 'warning');
  const noun = `${isOnlyAdvice ? 'warning' : 'problem'}${wrong.length === 1 ? '' : 's'}`;
  const hint = isOnlyAdvice ? 'Warnings fail because of --strict.' : undefined;
  throw usageError(`${wrong.length} ${noun} in ${where}`, hint, { code: 'bad_definition' });
}

async function validateFile(app: App, name: string): Promise<ValidatedFile> {
  const { cwd, env } = app.io;
  const path = name === STDIN ? join(cwd, 'stdin') : resolve(cwd, name);
  const shown = name === STDIN ? '<stdin>' : name;
  const toProblem = (severity: 'error' | 'warning') => (problem: ConfigProblem) => ({
    file: problem.file === undefined || problem.file === path ? shown : nearName(cwd, problem.file),
    line: problem.line ?? null,
    column: problem.column ?? null,
    path: problem.path,
    severity,
    message: problem.message,
  });
  const text = name === STDIN ? String(await readStdin(app, STDIN)) : await textOf(path);
  if (typeof text !== 'string') {
    const problem = toProblem('error')({ path: '', message: text.unreadable });
    return { file: shown, kind: null, problems: [problem] };
  }
  const { kind, problems, unset, warnings } = await inspectFile(path, text, env);
  const errors = problems.map(toProblem('error'));
  const advice = [...unset, ...warnings].map(toProblem('warning'));
  // What is wrong already needs no advice.
  const isNew = (one: ValidationProblem) =>
    !errors.some(({ file, path: at }) => file === one.file && at === one.path);
  return { file: shown, kind, problems: [...errors, ...advice.filter(isNew)].sort(byPlaceFrom(shown)) };
}

async function textOf(path: string): Promise<string | { unreadable: string }> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    return { unreadable: `cannot be read (${systemErrorCode(error) ?? 'unknown error'})` };
  }
}

/** As it would be named from here, where it is below. */
function nearName(cwd: string, path: string): string {
  const near = relative(cwd, path);
  return near.startsWith('..') ? path : near;
}

/** Those of the file itself first, then those of the files that it names. */
function byPlaceFrom(own: string) {
  const rank = ({ file }: ValidationProblem) => (file === own ? '' : file);
  return (one: ValidationProblem, other: ValidationProblem): number => {
    if (one.file !== other.file) return rank(one) < rank(other) ? -1 : 1;
    return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0);
  };
}
