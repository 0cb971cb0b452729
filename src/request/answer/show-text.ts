import { createVisible } from '../../terminal/visible.ts';
import type { View } from './view.ts';

/** Text for a terminal as it comes, control characters made visible, the last line ended. */
export async function showText({ out }: View, texts: AsyncIterable<string>): Promise<void> {
  const clean = createVisible();
  let last = '\n';
  try {
    for await (const text of texts) {
      const shown = clean.write(text);
      if (shown === '') continue;
      await out.write(shown);
      last = shown;
    }
    const end = clean.end();
    await out.write(end);
    last = end || last;
  } finally {
    // Also where it breaks off: the error begins on a line of its own.
    if (!last.endsWith('\n')) await out.write('\n');
  }
}
