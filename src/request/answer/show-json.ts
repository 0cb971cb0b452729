import { createJsonLayout } from '../../json/layout.ts';
import { createVisible } from '../../terminal/visible.ts';
import { createTextStream, type TextStream } from './charset.ts';
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
  const { head, isAll, rest, chunks } = await gather(source, MOST_JUDGED_BYTES, PATIENCE_MS);
  const json = createLaidOut(view, contentType, head);
  const first = json.write(head);
  const shown = isAll ? first + json.end() : first;
  if (json.isBroken()) return chunks;
  if (isAll) await view.out.write(`${shown}\n`);
  else await showLarge(view, json, shown, rest);
  return undefined;
}

async function showLarge(
  { out, isTerminal }: View,
  json: LaidOut,
  first: string,
  rest: AsyncIterable<Buffer>,
): Promise<void> {
  let last = '';
  const print = async (part: string) => {
    last = part || last;
    await out.write(part);
  };
  try {
    await print(first);
    for await (const chunk of rest) await print(json.write(chunk));
    await print(json.end());
  } finally {
    // Also where it breaks off; but to what is no JSON, nothing is added in a pipe.
    const isLeft = last.endsWith('\n') || (json.isBroken() && !isTerminal);
    if (!isLeft) await out.write('\n');
  }
}

interface LaidOut extends TextStream {
  isBroken(): boolean;
}

function createLaidOut({ paint }: View, contentType: string | undefined, head: Uint8Array): LaidOut {
  const text = createTextStream(contentType, head);
  // Where it is no JSON any more, a CRLF may be split between two chunks.
  const rest = createVisible();
  const layout = createJsonLayout(paint && { paint: { ...paint, rest: rest.write } });
  return {
    write: (bytes) => layout.write(text.write(bytes)),
    end: () => layout.write(text.end()) + layout.end() + rest.end(),
    isBroken: () => layout.isBroken(),
  };
}
