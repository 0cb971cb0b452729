import type { Transform } from 'node:stream';
import * as zlib from 'node:zlib';
import { decodeBy } from './inflate.ts';

/** A Zstandard stream decoded as it is read: by Node's own decoder from 22.15 on, else by one in JavaScript. */
export async function* decompressZstd(encoded: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  const chunks = encoded[Symbol.asyncIterator]();
  const first = await chunks.next();
  if (first.done) return;
  const all = async function* () {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => chunks };
  };
  const open: unknown = Reflect.get(zlib, 'createZstdDecompress');
  yield* typeof open === 'function'
    ? decodeBy((options) => open(options) as Transform, all())
    : decompressInScript(all());
}

/** A block of a few bytes may stand for 128 KiB: fed no more than so many bytes at a time, one turn makes some 16 MiB at most. */
const FED_BYTES = 512;
/** RFC 8878 section 3.1.1.2.4. */
const MOST_BLOCK_BYTES = 128 * 1024;
/** What Node's own decoder allows; servers may use 8 MiB (RFC 9659). */
const MOST_WINDOW_BYTES = 128 * 1024 * 1024;

export async function* decompressInScript(encoded: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  const { Decompress } = await import('fzstd');
  let blocks: Uint8Array[] = [];
  const decoder = new Decompress((block) => {
    if (block.length > MOST_BLOCK_BYTES) throw new Error('a block of the zstd data is too large');
    if (windowBytes(decoder) > MOST_WINDOW_BYTES) throw new Error('the window of the zstd data is too large');
    blocks.push(block);
  });
  const push = function* (bytes: Uint8Array, isLast = false) {
    blocks = [];
    try {
      decoder.push(bytes, isLast);
    } finally {
      yield* blocks;
    }
  };
  for await (const chunk of encoded) {
    for (let at = 0; at < chunk.length; at += FED_BYTES) yield* push(chunk.subarray(at, at + FED_BYTES));
  }
  yield* push(new Uint8Array(0), true);
}

/** Its memory is not touched, and so costs nothing, before the first block was handed on. */
function windowBytes(decoder: object): number {
  const { s: frame } = decoder as { s?: { w?: Uint8Array } };
  return frame?.w?.length ?? 0;
}
