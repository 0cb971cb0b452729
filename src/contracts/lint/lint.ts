import { isJsonObject } from '../../json/object.ts';
import { checkContracts } from '../check.ts';
import { type Finding, type PathKey, pathText } from '../problems.ts';
import type { Source } from '../source.ts';
import type { Place, ToolDefinition } from '../tool.ts';
import { disabledIn, isDisabled } from './disabled.ts';
import { createEditor, type Editor } from './edit.ts';
import type { Fix, LintedTool, RuleFinding, Severity } from './rule.ts';
import { FORMAT_RULE, rules } from './rules.ts';

export interface LintProblem extends Place {
  /** `tools[0].request.path`; empty for the file as a whole. */
  path: string;
  /** The name of the tool; null where it is none's problem. */
  tool: string | null;
  rule: string;
  severity: Severity;
  message: string;
  /** What to write in its place. */
  advice: string | null;
  /** With its path from the beginning of the file. */
  fix: Fix | undefined;
}

/** Everything to be said about a contract file, in the order of its lines: its format, then the practices of its tools. */
export async function lintSource(source: Source): Promise<LintProblem[]> {
  const disabled = disabledIn(source.text);
  const broken = source.problems.map((problem) => formatProblem(source, problem.message, problem));
  if (source.value === undefined) return broken;
  const findings = await checkContracts(source.value);
  const format = findings.map((finding) =>
    formatProblem(source, finding.message, {
      ...placeOf(source, finding.path),
      path: pathText(finding.path),
      tool: toolAt(source, finding.path),
    }),
  );
  const editor = createEditor(source.text);
  const practices = soundTools(source.value, findings).flatMap(([index, tool]) =>
    findingsOf(tool).map(([rule, finding]) => located({ source, editor }, index, tool, rule, finding)),
  );
  return [
    ...broken,
    ...format,
    ...practices.filter(({ rule, line }) => !isDisabled(disabled, rule, line)),
  ].sort((a, b) => (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0));
}

/** The practices of a tool that a module defines: it has no lines, and what it sends is the module's. */
export function lintDefinition(file: string, definition: ToolDefinition): LintProblem[] {
  return findingsOf(definition).map(([{ id, severity }, { path, message, advice }]) => ({
    file,
    path: pathText(path),
    tool: definition.name,
    rule: id,
    severity,
    message,
    advice,
    fix: undefined,
  }));
}

type FoundRule = { id: string; severity: Severity };

function findingsOf(tool: LintedTool): [FoundRule, RuleFinding][] {
  return rules.flatMap((rule) =>
    [...rule.check(tool)].map((finding): [FoundRule, RuleFinding] => [rule, finding]),
  );
}

/** What is no tool by its format cannot be held to practices. */
function soundTools(value: unknown, findings: readonly Finding[]): [index: number, tool: LintedTool][] {
  const tools = isJsonObject(value) && Array.isArray(value['tools']) ? (value['tools'] as unknown[]) : [];
  const wrong = new Set(findings.filter(({ path }) => path[0] === 'tools').map(({ path }) => path[1]));
  return [...tools.entries()].filter(([index]) => !wrong.has(index)) as [number, LintedTool][];
}

function located(
  { source, editor }: { source: Source; editor: Editor },
  index: number,
  tool: LintedTool,
  { id, severity }: FoundRule,
  { path: within, message, advice, fix }: RuleFinding,
): LintProblem {
  const path = ['tools', index, ...within];
  const whole = fix === undefined ? undefined : { ...fix, path: ['tools', index, ...fix.path] };
  return {
    ...placeOf(source, path),
    path: pathText(path),
    tool: tool.name,
    rule: id,
    severity,
    message,
    advice,
    fix: whole !== undefined && editor.canSet(whole) ? whole : undefined,
  };
}

function formatProblem(
  { file }: Source,
  message: string,
  where: Partial<Pick<LintProblem, 'line' | 'column' | 'path' | 'tool'>>,
): LintProblem {
  const { line, column, path = '', tool = null } = where;
  const place = { ...(line === undefined ? {} : { line }), ...(column === undefined ? {} : { column }) };
  return {
    file,
    ...place,
    path,
    tool,
    rule: FORMAT_RULE,
    severity: 'error',
    message,
    advice: null,
    fix: undefined,
  };
}

function placeOf(source: Source, path: readonly PathKey[]): Place {
  return { file: source.file, ...source.locate(path) };
}

function toolAt({ value }: Source, [first, index]: readonly PathKey[]): string | null {
  const tools = isJsonObject(value) ? value['tools'] : undefined;
  const tool: unknown = first === 'tools' && Array.isArray(tools) ? tools[Number(index)] : undefined;
  const name = isJsonObject(tool) ? tool['name'] : undefined;
  return typeof name === 'string' ? name : null;
}
