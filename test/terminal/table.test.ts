import { Chalk } from 'chalk';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { type Column, printTable, renderTable } from '../../src/terminal/table.ts';

type Row = readonly string[];
const outStyle = new Chalk({ level: 0 });

function columns(headers: string, flexible: readonly number[] = []): Column<Row>[] {
  return headers.split(' ').map((header, index) => ({
    header,
    value: (row) => row[index] ?? '',
    isFlexible: flexible.includes(index),
  }));
}

const render = (width: number, rows: Row[], headers = 'A B', flexible: number[] = []) =>
  renderTable({ outStyle, width }, columns(headers, flexible), rows);

describe('renderTable', () => {
  it('aligns columns and leaves no white space at line ends', async () => {
    expect(
      await render(80, [
        ['one', 'x'],
        ['three', ''],
      ]),
    ).toBe('A      B\none    x\nthree\n');
  });

  it('nothing for no rows', async () => {
    expect(await render(80, [])).toBe('');
  });

  it.each([40, 60, 100, 300])('fits %i columns, the flexible ones first', async (width) => {
    const text = await render(width, [['fixed-name', 'flexible '.repeat(40)]], 'NAME TEXT', [1]);
    const [, row = ''] = text.split('\n');
    expect(row.startsWith('fixed-name  flexible')).toBe(true);
    expect(stringWidth(row)).toBeLessThanOrEqual(width);
    expect(stringWidth(row)).toBeGreaterThan(width - 8);
    expect(row.endsWith('…')).toBe(true);
  });

  it('the widest column gives where none is flexible', async () => {
    const text = await render(30, [['a'.repeat(50), 'short']]);
    const [, row = ''] = text.split('\n');
    expect(stringWidth(row)).toBeLessThanOrEqual(30);
    expect(row).toMatch(/^a+… +short$/);
  });

  it.each([1, 10, 17])(
    '%i columns are too few: eight for each column then, and no endless loop',
    async (width) => {
      const text = await render(width, [['a'.repeat(50), 'b'.repeat(50)]]);
      expect(text.split('\n')[1]).toBe(`${'a'.repeat(7)}…  ${'b'.repeat(7)}…`);
    },
  );

  it('wide characters take two columns', async () => {
    const text = await render(80, [
      ['日本語', 'x'],
      ['ab', 'y'],
      ['🙂', 'z'],
    ]);
    const lines = text.trimEnd().split('\n').slice(1);
    expect(lines.map((line) => stringWidth(line.slice(0, -1)))).toEqual([8, 8, 8]);
    const narrow = await render(24, [['日本語'.repeat(10), 'x']]);
    for (const line of narrow.split('\n')) expect(stringWidth(line)).toBeLessThanOrEqual(24);
  });

  it('line breaks and controls in a cell do not break the row', async () => {
    const text = await render(80, [['a\nb\tc\u001b[2J', 'x']]);
    expect(text.split('\n')).toEqual(['A          B', 'a b c␛[2J  x', '']);
  });

  it('300 columns', async () => {
    const headers = Array.from({ length: 300 }, (_, index) => `H${index}`);
    const text = await render(80, [headers.map((header) => header.toLowerCase())], headers.join(' '));
    const [head = '', row = ''] = text.split('\n');
    expect(head.split(/ +/)).toEqual(headers);
    expect(row.split(/ +/)).toHaveLength(300);
  });

  it('paints what fits, and measures without the paint', async () => {
    const red = (text: string) => `\u001b[31m${text}\u001b[39m`;
    const [first, second] = columns('A B');
    const painted = [{ ...first, paint: red }, second] as Column<Row>[];
    const text = await renderTable({ outStyle, width: 80 }, painted, [['ab', 'x']]);
    expect(text).toBe('A   B\n\u001b[31mab\u001b[39m  x\n');
  });

  it('20,000 rows look like one table, and take no time that grows with their square', async () => {
    const rows = Array.from({ length: 20_000 }, () => ['a', 'b']);
    const startedAt = performance.now();
    const text = await render(80, rows);
    expect(performance.now() - startedAt).toBeLessThan(3_000);
    expect(text).toBe(`A  B\n${'a  b\n'.repeat(20_000)}`);
  });
});

describe('printTable in a pipe', () => {
  it('tabs between cells, what would break a row escaped, everything else as it is', async () => {
    const printed: string[] = [];
    const terminal = {
      isForPerson: false,
      print: async (text: string) => void printed.push(text),
    } as unknown as Parameters<typeof printTable>[0];
    const rows = [
      ['a\tb', 'c\nd'],
      ['e\r\\f', 'g\u001b[31mh 日'],
      ['', ''],
    ];
    await printTable(terminal, columns('A B'), rows);
    expect(printed.join('')).toBe('a\\tb\tc\\nd\ne\\r\\\\f\tg\u001b[31mh 日\n\t\n');
  });
});
