import type { App } from '../app.ts';
import type { LintProblem } from '../contracts/lint/lint.ts';
import type { Severity } from '../contracts/lint/rule.ts';
import { rules } from '../contracts/lint/rules.ts';
import { placeText } from '../contracts/tool.ts';
import { printTable, tabSeparated } from '../terminal/table.ts';
import type { Terminal } from '../terminal/terminal.ts';
import { visibleLine } from '../terminal/visible.ts';

export interface LintReport {
  files: readonly string[];
  /** What is left. */
  problems: LintProblem[];
  /** What `--fix` did something about, at the places where it was. */
  fixed: LintProblem[];
}

/** As JSON, for a person, or in a pipe as rows: file, line, column, severity, rule, tool, path, message. */
export async function printReport({ terminal }: App, { files, problems, fixed }: LintReport): Promise<void> {
  const { errors, warnings, hints, fixable, text } = tally(problems);
  if (terminal.isJson) {
    const documents = { files, problems: problems.map(documentOf), errors, warnings, hints };
    return terminal.printJson({ ...documents, fixed: fixed.map(documentOf) });
  }
  for (const problem of fixed)
    terminal.notice(`Fixed ${placeText(problem)} ${problem.rule}`, terminal.errStyle.dim);
  const given = new Set<string>();
  for (const problem of problems) {
    await terminal.print(terminal.isForPerson ? paragraph(terminal, problem, given) : row(problem));
  }
  // Where it fails the error says it.
  if (problems.length === 0) terminal.notice(`${files.join(', ')}: no problems.`);
  else if (errors === 0)
    terminal.notice(`${text}${fixable === 0 ? '' : `; ${fixable} can be fixed with --fix`}.`);
}

/** How many there are, and the same in words. */
export function tally(problems: readonly LintProblem[]) {
  const count = (wanted: Severity) => problems.filter(({ severity }) => severity === wanted).length;
  const [errors, warnings, hints] = [count('error'), count('warning'), count('hint')];
  const words = [counted(errors, 'error'), counted(warnings, 'warning'), counted(hints, 'hint')];
  return {
    errors,
    warnings,
    hints,
    fixable: problems.filter(({ fix }) => fix !== undefined).length,
    text: words.filter((each) => !each.startsWith('0 ')).join(', '),
  };
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

export function printRules({ terminal }: App): Promise<void> {
  const listed = rules.map(({ id, severity, summary, isFixable = false }) => ({
    id,
    severity,
    summary,
    isFixable,
  }));
  if (terminal.isJson) {
    return terminal.printJson({
      rules: listed.map(({ isFixable: fixable, ...rest }) => ({ ...rest, fixable })),
    });
  }
  const paint = (text: string, { severity }: { severity: Severity }) => painted(terminal, severity)(text);
  return printTable(
    terminal,
    [
      { header: 'RULE', value: ({ id }) => id },
      { header: 'SEVERITY', value: ({ severity }) => severity, paint },
      { header: 'FIX', value: ({ isFixable }) => (isFixable ? '--fix' : '') },
      { header: 'WHAT IT ASKS FOR', value: ({ summary }) => summary, isFlexible: true },
    ],
    listed,
  );
}

/** The same advice is given once. */
function paragraph(terminal: Terminal, problem: LintProblem, given: Set<string>): string {
  const { severity, rule, message, advice, tool, path } = problem;
  const { outStyle } = terminal;
  const about = tool ?? path;
  const lines = [
    `${outStyle.bold(visibleLine(placeText(problem)))}  ${painted(terminal, severity)(severity)}  ${outStyle.dim(rule)}`,
    `  ${visibleLine(`${about === '' ? '' : `${about}: `}${message}`)}`,
    ...(advice === null || given.has(advice) ? [] : [`  → ${visibleLine(advice)}`]),
  ];
  if (advice !== null) given.add(advice);
  return `${lines.join('\n')}\n`;
}

function painted({ outStyle }: Terminal, severity: Severity) {
  return { error: outStyle.red, warning: outStyle.yellow, hint: outStyle.cyan }[severity];
}

function row({ file, line, column, severity, rule, tool, path, message, advice }: LintProblem): string {
  const said = advice === null ? message : `${message}. ${advice}`;
  return tabSeparated([file, `${line ?? ''}`, `${column ?? ''}`, severity, rule, tool ?? '', path, said]);
}

function documentOf({ line = 0, column = 0, fix, ...rest }: LintProblem) {
  const { file, path, tool, rule, severity, message, advice } = rest;
  return {
    file,
    line: line || null,
    column: column || null,
    path,
    tool,
    rule,
    severity,
    message,
    advice,
    fixable: fix !== undefined,
  };
}
