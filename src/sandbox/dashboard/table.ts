import { html } from 'hono/html';
import type { Html } from '../html/document.ts';

interface Column<Row> {
  head: string;
  /** An empty text is no value: on a phone the column is then left out of the row. */
  cell: (row: Row) => Html | string;
  /** Stays on one line. */
  isWhole?: boolean;
  /** Gets its room before the others share what is left. */
  isWide?: boolean;
}

/** A table that names its roles: a browser that lays it out as blocks, as on a phone, would otherwise forget them. */
export function table<Row>(labelledBy: string, columns: readonly Column<Row>[], rows: readonly Row[]): Html {
  return html`<table role="table" aria-labelledby="${labelledBy}">
<thead role="rowgroup"><tr role="row">${columns.map(({ head }) => html`<th role="columnheader" scope="col">${head}</th>`)}</tr></thead>
<tbody role="rowgroup">
${rows.map(
  (row) => html`<tr role="row">${columns.map((column) => cell(column, row))}</tr>
`,
)}</tbody>
</table>`;
}

function cell<Row>({ head, cell: contentOf, isWhole = false, isWide = false }: Column<Row>, row: Row): Html {
  const content = contentOf(row);
  const names = [
    ...(isWhole ? ['whole'] : []),
    ...(isWide ? ['wide'] : []),
    ...(content === '' ? ['none'] : []),
  ].join(' ');
  return html`<td role="cell" data-label="${head}"${names === '' ? '' : html` class="${names}"`}><span>${content}</span></td>`;
}

/** One part of the page, which is replaced as a whole. */
export function section(
  id: string,
  title: string,
  content: Html,
  options: { isNotice?: boolean } = {},
): Html {
  return html`<section aria-labelledby="${id}-title"${options.isNotice ? html` class="notice"` : ''}>
<h2 id="${id}-title">${title}</h2>
${content}
</section>`;
}

/** What to run in a terminal. */
export function command(words: readonly string[]): Html {
  return html`<pre><code>${words.map(shellWord).join(' ')}</code></pre>`;
}

function shellWord(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
