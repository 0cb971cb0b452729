import { createJsonLayout } from '../../json/layout.ts';
import { createEventLines, createLines, type Lines } from './lines.ts';
import type { View } from './view.ts';

/** JSON values as they come, each on a line; over several lines where `indent` says so. What is none stays as it is. */
export async function showValues(
  view: View,
  texts: AsyncIterable<string>,
  separator: string,
  indent: number,
): Promise<void> {
  await showLines(view, texts, createLines(separator), (line) => {
    const value = line.trim();
    return value === '' ? '' : `${jsonLine(view, value, indent) ?? view.plain(value)}\n`;
  });
}

/** Server-sent events, line by line as they come, JSON in them painted. */
export async function showEvents(view: View, texts: AsyncIterable<string>): Promise<void> {
  await showLines(view, texts, createEventLines(), (line) => {
    const [, field = '', value = ''] = /^([^:]*:? ?)(.*)$/s.exec(line) ?? [];
    // A line that begins with a colon is a comment.
    if (field.startsWith(':')) return `${view.dim(view.plain(line))}\n`;
    const isStructured = field.startsWith('data') && /^[{[]/.test(value);
    const shown = (isStructured ? jsonLine(view, value, 0) : undefined) ?? view.plain(value);
    return `${view.dim(view.plain(field))}${shown}\n`;
  });
}

async function showLines(
  { out }: View,
  texts: AsyncIterable<string>,
  lines: Lines,
  show: (line: string) => string,
): Promise<void> {
  try {
    for await (const text of texts) {
      const shown = lines.write(text).map(show).join('');
      if (shown !== '') await out.write(shown);
    }
  } finally {
    // Also where it breaks off.
    await out.write(lines.end().map(show).join(''));
  }
}

function jsonLine({ paint }: View, text: string, indent: number): string | undefined {
  const layout = createJsonLayout(paint === undefined ? { indent } : { indent, paint });
  const shown = layout.write(text) + layout.end();
  return layout.isBroken() ? undefined : shown;
}
