import type { SandboxState } from '../state/sandbox-state.ts';
import { renderSections } from './sections.ts';

/** Changes within this time are shown together. */
const PACE_MS = 250;
/** What changes by the mere passing of time is looked at this often. */
const TICK_MS = 2000;
/** So many pages at once; a page that is hidden does not count. */
const MOST_READERS = 20;

const CHANGES = ['account', 'accountRemoved', 'link', 'catalogue', 'clock', 'replaced', 'exchange'] as const;

export type Feed = ReturnType<typeof createFeed>;

/**
 * What the pages that are open are told of. Everything is rendered once for all of them, at a bounded pace, and only while there are any;
 * each is sent the parts that differ from what it has. One that reads slowly gets the latest state, not what it missed.
 */
export function createFeed(state: SandboxState) {
  const readers = new Set<() => void>();
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
    try {
      current = await renderSections(state);
      for (const wake of readers) wake();
    } catch {
      // The page says it when it is loaded anew; nobody could catch it here.
    } finally {
      due = undefined;
    }
  }

  return {
    isFull: () => readers.size >= MOST_READERS,

    /** Server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html), `{id, html}` each. */
    async open(): Promise<ReadableStream<Uint8Array>> {
      const sent = new Map<string, string>();
      const encoder = new TextEncoder();
      let isOver = false;
      let wake = (): void => {};
      const woken = () => wake();

      current = await renderSections(state);
      if (readers.size === 0) start();
      readers.add(woken);

      return new ReadableStream({
        async pull(controller) {
          let news = differences(current, sent);
          while (news.length === 0 && !isOver) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
            news = differences(current, sent);
          }
          if (isOver) return;
          const events = news.map(([id, html]) => `data: ${JSON.stringify({ id, html })}\n\n`);
          for (const [id, html] of news) sent.set(id, html);
          controller.enqueue(encoder.encode(events.join('')));
        },
        cancel() {
          isOver = true;
          wake();
          readers.delete(woken);
          if (readers.size === 0) stop();
        },
      });
    },
  };
}

function differences(current: ReadonlyMap<string, string>, sent: ReadonlyMap<string, string>) {
  return [...current].filter(([id, html]) => sent.get(id) !== html);
}
