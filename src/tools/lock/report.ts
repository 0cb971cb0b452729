import type { App } from '../../app.ts';
import { SkConnectError } from '../../errors.ts';
import { commandLine } from '../../terminal/command-line.ts';
import type { Style } from '../../terminal/style.ts';
import { tabSeparated } from '../../terminal/table.ts';
import { visibleLine } from '../../terminal/visible.ts';
import type { Change } from './changes.ts';

export interface Judged extends Change {
  isAllowed: boolean;
}

export interface Report {
  file: string;
  changes: readonly Judged[];
  /** Of those that are not allowed. */
  breaking: number;
  undecided: number;
}

export function reportOf(file: string, changes: readonly Judged[]): Report {
  const counting = changes.filter(({ isAllowed }) => !isAllowed);
  return {
    file,
    changes,
    breaking: counting.filter(({ isBreaking }) => isBreaking === true).length,
    undecided: counting.filter(({ isBreaking }) => isBreaking === null).length,
  };
}

/** A line for each change: under its connection and tool on a terminal, with them in a pipe. */
export async function printReport({ terminal }: App, report: Report): Promise<void> {
  if (terminal.isJson) return terminal.printJson(report);
  const { changes } = report;
  if (!terminal.isForPerson) {
    const rows = changes.map((change) =>
      tabSeparated([
        levelOf(change),
        change.connectionName,
        change.tool,
        change.kind,
        change.path,
        change.message,
      ]),
    );
    return terminal.print(rows.join(''));
  }
  return terminal.print(grouped(changes, terminal.outStyle));
}

type Level = 'breaking' | 'undecided' | 'allowed' | 'added' | 'changed';

function levelOf({ isBreaking, isAllowed, kind }: Judged): Level {
  if (isBreaking === false) return kind.startsWith('added') ? 'added' : 'changed';
  if (isAllowed) return 'allowed';
  return isBreaking === null ? 'undecided' : 'breaking';
}

const MARKS: Readonly<Record<Level, string>> = {
  breaking: '✗',
  undecided: '?',
  allowed: '✓',
  added: '+',
  changed: '~',
};

const LEVEL_WIDTH = 'undecided'.length;

function grouped(changes: readonly Judged[], style: Style): string {
  const lines: string[] = [];
  let [connection, tool] = ['', ''];
  for (const change of changes) {
    if (change.connectionName !== connection) {
      connection = change.connectionName;
      tool = '';
      lines.push(style.bold(visibleLine(connection)));
    }
    const isWhole = change.path === '';
    if (change.tool !== tool && !isWhole) {
      tool = change.tool;
      lines.push(`  ${visibleLine(tool)}`);
    }
    const level = levelOf(change);
    const what = isWhole ? `${change.tool} ${change.message}` : `${change.path}: ${change.message}`;
    const mark = paintOf(style, level)(`${MARKS[level]} ${level.padEnd(LEVEL_WIDTH)}`);
    lines.push(`${isWhole ? '  ' : '    '}${mark} ${visibleLine(what)}  ${style.dim(change.kind)}`);
  }
  return lines.map((line) => `${line}\n`).join('');
}

function paintOf(style: Style, level: Level): (text: string) => string {
  if (level === 'breaking') return style.red;
  if (level === 'undecided') return style.yellow;
  return level === 'added' ? style.green : (text) => text;
}

/** What a check ends with that found changes which those who use the tools have to follow, or may have to. */
export function failedCheck(app: App, report: Report, flags: readonly string[]): SkConnectError | undefined {
  const { breaking, undecided, changes } = report;
  if (breaking + undecided === 0) return undefined;
  const tools = new Set(
    changes.filter((each) => each.isBreaking !== false && !each.isAllowed).map(({ tool }) => tool),
  );
  const counts = [
    ...(breaking > 0 ? [`${breaking} breaking`] : []),
    ...(undecided > 0 ? [`${undecided} undecided`] : []),
  ];
  const noun = breaking + undecided === 1 ? 'change' : 'changes';
  const update = commandLine(app.options, 'tools', 'lock', '--update', ...flags);
  return new SkConnectError(
    'expectation',
    `${counts.join(' and ')} ${noun} in ${tools.size} ${tools.size === 1 ? 'tool' : 'tools'} since ${report.file}`,
    {
      code: breaking > 0 ? 'breaking_changes' : 'undecided_changes',
      hint: `Once your agent follows them: ${update}; or pass over some: --allow KIND, TOOL or TOOL:KIND`,
      details: { breaking, undecided },
    },
  );
}
