import type { Terminal } from './terminal.ts';
import { visibleLine } from './visible.ts';

export interface Column<Row> {
  header: string;
  value: (row: Row) => string;
  /** Gives up its width first where the table is wider than the terminal. */
  isFlexible?: boolean;
  paint?: (text: string, row: Row) => string;
}

const GAP = 2;
const NARROWEST = 8;
/** cli-table3's time grows with the square of the rows, and beyond some 100,000 its stack overflows. */
const BLOCK_ROWS = 500;

/** A table fitted to the terminal; in a pipe tab-separated rows without a header. */
export async function printTable<Row>(
  terminal: Terminal,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Promise<void> {
  if (terminal.isForPerson) return terminal.print(await renderTable(terminal, columns, rows));
  await terminal.print(rows.map((row) => tabSeparated(columns.map(({ value }) => value(row)))).join(''));
}

/** The table as text that ends with a line break; empty where there are no rows. */
export function renderTable<Row>(
  terminal: Pick<Terminal, 'outStyle' | 'width'>,
  columns: readonly Column<Row>[],
  rows: readonly Row[],
): Promise<string> {
  return growingTable(terminal, columns)(rows);
}

/**
 * A table whose rows come in parts: each call gives the text of its rows, the first one with the head. The columns are
 * as wide as the rows so far need them; they widen where a later part has longer cells.
 */
export function growingTable<Row>(
  terminal: Pick<Terminal, 'outStyle' | 'width'>,
  columns: readonly Column<Row>[],
): (rows: readonly Row[]) => Promise<string> {
  let natural: number[] | undefined;
  return async (rows) => {
    if (rows.length === 0) return '';
    const [{ default: Table }, { default: stringWidth }] = await Promise.all([
      import('cli-table3'),
      import('string-width'),
    ]);
    const cells = rows.map((row) => columns.map(({ value }) => visibleLine(value(row))));
    const isFirst = natural === undefined;
    const before = natural ?? columns.map(({ header }) => stringWidth(header));
    natural = before.map((width, index) =>
      cells.reduce((widest, row) => Math.max(widest, stringWidth(row[index] ?? '')), width),
    );
    const widths = fit(columns, natural, terminal.width);
    const head = isFirst ? columns.map(({ header }) => terminal.outStyle.dim(header)) : [];
    const painted = rows.map((row, index) =>
      columns.map(({ paint }, at) => paintCell(cells[index]?.[at] ?? '', row, paint)),
    );
    const lines: string[] = [];
    for (let start = 0; start < painted.length; start += BLOCK_ROWS) {
      const table = new Table({
        head: start === 0 ? head : [],
        colWidths: widths.map((width) => width + GAP),
        chars: noBorders,
        style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP, compact: true },
      });
      table.push(...painted.slice(start, start + BLOCK_ROWS));
      for (const line of table.toString().split('\n')) lines.push(line.trimEnd());
    }
    return `${lines.join('\n')}\n`;
  };
}

function paintCell<Row>(text: string, row: Row, paint: Column<Row>['paint']): string {
  return paint === undefined ? text : paint(text, row);
}

/** The flexible columns share what the others leave; without one, or where even that is too little, the widest gives. */
function fit<Row>(columns: readonly Column<Row>[], natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  const total = () => widths.reduce((sum, each) => sum + each + GAP, 0);
  const flexible = columns.flatMap(({ isFlexible }, index) => (isFlexible === true ? [index] : []));
  const everyColumn = columns.map((_, index) => index);
  for (const candidates of [flexible, everyColumn]) {
    while (total() > width) {
      const widest = candidates.reduce(
        (a, b) => ((widths[b] ?? 0) > (widths[a] ?? 0) ? b : a),
        candidates[0] ?? -1,
      );
      const current = widths[widest];
      if (current === undefined || current <= NARROWEST) break;
      widths[widest] = current - 1;
    }
  }
  return widths;
}

/** A row for pipes. Tabs and line breaks inside a cell would break it: they are escaped, everything else stays. */
export function tabSeparated(cells: readonly string[]): string {
  const escapes: Record<string, string> = { '\t': '\\t', '\n': '\\n', '\r': '\\r', '\\': '\\\\' };
  const escaped = cells.map((cell) => cell.replace(/[\t\n\r\\]/g, (character) => escapes[character] ?? ''));
  return `${escaped.join('\t')}\n`;
}

const noBorders = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: '',
};
