import type { SandboxState } from '../state/sandbox-state.ts';
import { renderSections } from './sections.ts';

/** Changes within this time are shown together. */
const PACE_MS = 250;
/** What changes by the mere passing of time is looked at this often. */
const TICK_MS = 2000;
/** So many pages at once; a page that is hidden does not count. */
const MOST_READERS = 20;

const CHANGES = ['account', 'accountRemoved', 'link', 'catalogue', 'clock', 'replaced', 'exchange'] as const;

interface Reader {
  isOver: boolean;
  /** There may be something new. */
  wake(): void;
}

/**
 * What the pages that are open are told of. Everything is rendered once for all of them, at a bounded pace, and only while there are any;
 * each is sent the parts that differ from what it has. One that reads slowly gets the latest state, not what it missed.
 */
export function createFeed(state: SandboxState) {
  const readers = new Set<Reader>();
  let current: ReadonlyMap<string, string> = new Map();
  let tick: NodeJS.Timeout | undefined;
  let due: NodeJS.Timeout | undefined;

  function start(): void {
    for (const change of CHANGES) state.changes.on(change, schedule);
    tick = setInterval(schedule, TICK_MS).unref();
  }

  function stop(): void {
    for (const change of CHANGES) state.changes.off(change, schedule);
    clearInterval(tick);
    clearTimeout(due);
    due = undefined;
  }

  function schedule(): void {
    due ??= setTimeout(() => void update(), PACE_MS).unref();
  }

  async function update(): Promise<void> {
    due = undefined;
    try {
      current = await renderSections(state);
      for (const reader of readers) reader.wake();
    } catch {
      // The page says it when it is loaded anew; nobody could catch it here.
    }
  }

  function leave(reader: Reader): void {
    reader.isOver = true;
    reader.wake();
    readers.delete(reader);
    if (readers.size === 0) stop();
  }

  return {
    isFull: () => readers.size >= MOST_READERS,

    /** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), `{id, html}` each. */
    async open(): Promise<ReadableStream<Uint8Array>> {
      const sent = new Map<string, string>();
      const encoder = new TextEncoder();
      const reader: Reader = { isOver: false, wake: () => {} };

      if (readers.size === 0) start();
      readers.add(reader);
      try {
        current = await renderSections(state);
      } catch (error) {
        leave(reader);
        throw error;
      }
      return new ReadableStream({
        async pull(controller) {
          let news = differences(current, sent);
          while (news.length === 0 && !reader.isOver) {
            await new Promise<void>((resolve) => {
              reader.wake = resolve;
            });
            news = differences(current, sent);
          }
          if (reader.isOver) return;
          const events = news.map(([id, html]) => `data: ${JSON.stringify({ id, html })}\n\n`);
          for (const [id, html] of news) sent.set(id, html);
          controller.enqueue(encoder.encode(events.join('')));
        },
        cancel: () => leave(reader),
      });
    },
  };
}

function differences(current: ReadonlyMap<string, string>, sent: ReadonlyMap<string, string>) {
  return [...current].filter(([id, html]) => sent.get(id) !== html);
}
