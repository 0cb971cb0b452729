import type { Contract } from '../contract.ts';
import type { PathKey } from '../problems.ts';
import type { ToolDefinition } from '../tool.ts';

/** Errors fail a run; warnings do where they are counted; hints never do. */
export type Severity = 'error' | 'warning' | 'hint';

/** One practice. Its id is stable: configurations and comments name it. */
export interface Rule {
  id: string;
  severity: Severity;
  /** What it asks for, as a sentence without its period. */
  summary: string;
  /** Whether `--fix` can do something about it. */
  isFixable?: true;
  check(tool: LintedTool): Iterable<RuleFinding>;
}

/** What rules look at: of a module's tool there is the definition alone. */
export type LintedTool = ToolDefinition & Partial<Pick<Contract, 'request'>> & Omit<Contract, 'request'>;

export interface RuleFinding {
  /** Within the tool. */
  path: readonly PathKey[];
  /** What is wrong, and why that matters. No secret. */
  message: string;
  /** What to write in its place. */
  advice: string;
  fix?: Fix;
}

/** The value that is to stand at a path within the tool. Given only where a call with the inputs that are described ends as before. */
export interface Fix {
  path: readonly PathKey[];
  value: unknown;
}
