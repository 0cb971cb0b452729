import { setTimeout as pause } from 'node:timers/promises';

export interface Gathered {
  head: Buffer;
  /** Whether that is all there is. */
  isAll: boolean;
  /** What follows. */
  rest: AsyncIterable<Buffer>;
  /** The whole again, its head in one piece: in place of the rest. */
  chunks: AsyncIterable<Buffer>;
}

/** Waits for a beginning that tells the charset: a byte order mark, unless an event that is shorter comes alone. */
export function gatherMark(source: AsyncIterable<Buffer>): Promise<Gathered> {
  return gather(source, 4, 100);
}

/** Waits for the first bytes, `least` of them or all; no longer than `patienceMs` once some are there. */
export async function gather(
  source: AsyncIterable<Buffer>,
  least: number,
  patienceMs?: number,
): Promise<Gathered> {
  const iterator = source[Symbol.asyncIterator]();
  const first: Buffer[] = [];
  let length = 0;
  let isAll = false;
  let next = iterator.next();
  const timer = new AbortController();
  let tired: Promise<undefined> | undefined;
  while (length < least) {
    const result = await (tired === undefined ? next : Promise.race([next, tired]));
    if (result === undefined) break;
    isAll = result.done === true;
    if (result.done === true) break;
    first.push(result.value);
    length += result.value.length;
    next = iterator.next();
    if (patienceMs !== undefined) tired ??= pausing(patienceMs, timer.signal);
  }
  timer.abort();
  // Told by whoever reads on.
  next.catch(() => {});
  const head = Buffer.concat(first);
  async function* readRest(): AsyncGenerator<Buffer> {
    for (let result = await next; result.done !== true; result = await iterator.next()) yield result.value;
  }
  const rest = readRest();
  async function* readAll(): AsyncGenerator<Buffer> {
    if (head.length > 0) yield head;
    yield* rest;
  }
  return { head, isAll, rest, chunks: readAll() };
}

async function pausing(durationMs: number, signal: AbortSignal): Promise<undefined> {
  await pause(durationMs, undefined, { signal }).catch(() => {});
  return undefined;
}
