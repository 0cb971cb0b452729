import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import type { App } from '../app.ts';
import { createEditor } from '../contracts/lint/edit.ts';
import { type LintProblem, lintDefinition, lintSource } from '../contracts/lint/lint.ts';
import { FORMAT_RULE } from '../contracts/lint/rules.ts';
import { readSource } from '../contracts/source.ts';
import { definitionOf } from '../contracts/tool.ts';
import { messageOf, SkConnectError, usageError } from '../errors.ts';
import { type LintReport, printReport, tally } from './lint-report.ts';
import { replaceFile } from './replace-file.ts';

export interface LintOptions {
  /** Change what can be changed safely. */
  fix?: boolean;
  /** Warnings fail too. */
  strict?: boolean;
  /** So many warnings are no failure. */
  maxWarnings?: number;
}

/**
 * Holds contract files to their format and to the practices of custom tools, and prints what there is to say. Throws
 * `expectation` where there are errors, or more warnings than are allowed, and a usage error for what cannot be read.
 */
export async function lintFiles(app: App, files: readonly string[], options: LintOptions): Promise<void> {
  const report: LintReport = { files, problems: [], fixed: [] };
  for (const file of files) {
    const { problems, fixed } = await lintFile(app, file, options.fix === true);
    report.problems.push(...problems);
    report.fixed.push(...fixed);
  }
  await printReport(app, report);
  const { errors, warnings, fixable, text } = tally(report.problems);
  const mostWarnings = options.strict === true ? 0 : (options.maxWarnings ?? Number.POSITIVE_INFINITY);
  if (errors === 0 && warnings <= mostWarnings) return;
  throw new SkConnectError('expectation', text, {
    code: 'lint_failed',
    ...(fixable === 0 || options.fix === true ? {} : { hint: `${fixable} can be fixed with --fix.` }),
  });
}

type Linted = Pick<LintReport, 'problems' | 'fixed'>;

async function lintFile(app: App, file: string, fixes: boolean): Promise<Linted> {
  const path = resolve(app.io.cwd, file);
  if (/^\.[cm]?[jt]s$/i.test(extname(file))) return { problems: await lintModule(file, path), fixed: [] };
  const text = await readText(file, path);
  const problems = await lintSource(readSource(file, text));
  const fixed = fixes ? problems.filter(({ fix }) => fix !== undefined) : [];
  if (fixed.length === 0) return { problems, fixed };
  const better = createEditor(text).set(fixed.flatMap(({ fix }) => (fix === undefined ? [] : [fix])));
  await replaceFile(path, file, better);
  return { problems: await lintSource(readSource(file, better)), fixed };
}

async function readText(file: string, path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw usageError(`${file} cannot be read: ${messageOf(error)}`, 'Name a contract file that exists.', {
      code: 'file_unreadable',
    });
  }
}

async function lintModule(file: string, path: string): Promise<LintProblem[]> {
  await readText(file, path);
  const { loadModule } = await import('../contracts/load-module.ts');
  const { tools, problems } = await loadModule(file, path);
  const format = problems.map(
    (problem): LintProblem => ({
      ...problem,
      tool: null,
      rule: FORMAT_RULE,
      severity: 'error',
      advice: null,
      fix: undefined,
    }),
  );
  return [...format, ...tools.flatMap((tool) => lintDefinition(file, definitionOf(tool)))];
}
