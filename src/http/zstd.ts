import { Decompress } from 'fzstd';

/** A block of a few bytes may stand for 128 KiB: of so many bytes, one turn makes some 16 MiB at most. */
const FED_BYTES = 512;
/** RFC 8878 section 3.1.1.2.4. */
const MOST_BLOCK_BYTES = 128 * 1024;
/** As zstd's own programs; servers may use 8 MiB (RFC 9659). */
const MOST_WINDOW_BYTES = 128 * 1024 * 1024;

/**
 * Zstandard, decoded as it is read; of any number of frames. Node's own decoder, which came with 22.15, ends without a
 * word after the first (seen in 22.23 and 24.21). Checksums are not looked at.
 */
export async function* decompressZstd(encoded: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
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
