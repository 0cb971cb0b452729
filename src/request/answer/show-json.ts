import { createJsonLayout } from '../../json/layout.ts';
import { createTextStream } from './charset.ts';
import { gather } from './gather.ts';
import type { View } from './view.ts';

/** A body up to this size is known to be JSON or not before any of it is shown. */
const MOST_JUDGED_BYTES = 1024 * 1024;
/** One that is slow in coming is shown as it comes. */
const PATIENCE_MS = 1000;

/**
 * Lays a JSON body out as it comes, in bounded memory. Returns it untouched where its beginning shows that it is
 * none; what turns out to be none later on is shown as it is from there.
 */
export async function showJson(
  view: View,
  source: AsyncIterable<Buffer>,
  contentType: string | undefined,
): Promise<AsyncIterable<Buffer> | undefined> {
  const { head, isAll, chunks } = await gather(source, MOST_JUDGED_BYTES, PATIENCE_MS);
  const text = createTextStream(contentType, head);
  const layout = createJsonLayout(view.paint === undefined ? {} : { paint: view.paint });
  let shown = layout.write(text.write(head));
  if (isAll) shown += layout.write(text.end()) + layout.end();
  if (layout.isBroken()) return chunks;
  if (isAll) {
    await view.out.write(`${shown}\n`);
    return undefined;
  }
  await view.out.write(shown);
  const rest = chunks[Symbol.asyncIterator]();
  // The head, which was shown just now.
  await rest.next();
  try {
    for await (const chunk of { [Symbol.asyncIterator]: () => rest }) {
      await view.out.write(layout.write(text.write(chunk)));
    }
    await view.out.write(layout.write(text.end()) + layout.end());
  } finally {
    await view.out.write('\n');
  }
  return undefined;
}
