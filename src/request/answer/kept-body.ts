import type { ProxyResponse } from '../../scalekit/proxy.ts';
import { brokenBody, decodedBody } from './content.ts';

/** As much of a body's beginning as is kept for telling what an error says. */
export const KEPT_BYTES = 64 * 1024;

/** A body, decoded, on its way to where it is shown; its beginning is kept. */
export interface KeptBody {
  /** What is to come of it, once. Throws `unreachable` where it breaks off. */
  chunks: AsyncIterable<Buffer>;
  /** Reads on, before any of it is shown, until `least` bytes are there or it has ended; keeps them. */
  readAhead(least: number): Promise<void>;
  /** What was kept: all of it where `isWhole`. */
  kept(): Buffer;
  isWhole(): boolean;
  /** That went through, in bytes. */
  length(): number;
  /** When its last byte was there, as `performance.now()` tells it. */
  endedAt(): number | undefined;
  /** Downloads no more of it. */
  close(): void;
}

/** Keeps its first 64 KiB, or some more: chunks are kept whole. */
export function keepBody(response: ProxyResponse): KeptBody {
  const source = decodedBody(response);
  const iterator: AsyncIterator<Buffer> = source[Symbol.asyncIterator]();
  const kept: Buffer[] = [];
  const ahead: Buffer[] = [];
  let keptBytes = 0;
  let length = 0;
  let endedAt: number | undefined;
  let most = KEPT_BYTES;

  const next = async (): Promise<Buffer | undefined> => {
    try {
      const { done, value } = await iterator.next();
      if (done === true) {
        endedAt ??= performance.now();
        return undefined;
      }
      length += value.length;
      if (keptBytes >= most) return value;
      kept.push(value);
      keptBytes += value.length;
      return value;
    } catch (error) {
      throw brokenBody(error);
    }
  };

  async function* chunks(): AsyncGenerator<Buffer> {
    yield* ahead.splice(0);
    for (;;) {
      const chunk = await next();
      if (chunk === undefined) return;
      yield chunk;
    }
  }

  return {
    chunks: chunks(),
    readAhead: async (least) => {
      most = Math.max(most, least);
      for (;;) {
        const chunk = length < least ? await next() : undefined;
        if (chunk === undefined) return;
        ahead.push(chunk);
      }
    },
    kept: () => Buffer.concat(kept),
    isWhole: () => endedAt !== undefined && keptBytes === length,
    length: () => length,
    endedAt: () => endedAt,
    close: () => {
      // What breaks from here on concerns nobody.
      source.on('error', () => {});
      source.destroy();
      response.body.destroy();
    },
  };
}
