import { pipeline, type Transform } from 'node:stream';
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  gunzipSync,
  inflateRawSync,
  inflateSync,
} from 'node:zlib';

type Encoding = 'gzip' | 'deflate' | 'br';

interface Format {
  open: (options: object) => Transform;
  decodeSync?: typeof gunzipSync;
}

/** Decodes as it is read. Nothing where there is nothing: a HEAD, a 204 and a 304 name an encoding, too. */
export async function* inflate(
  encoded: AsyncIterable<Buffer>,
  encoding: Encoding,
): AsyncGenerator<Uint8Array> {
  const { start, rest } = await startOf(encoded[Symbol.asyncIterator]());
  if (start.length === 0) return;
  const format = formatOf(encoding, start);
  let hasMore = false;
  let length = 0;
  const all = async function* () {
    yield start;
    for await (const chunk of rest) {
      hasMore = true;
      yield chunk;
    }
  };
  try {
    for await (const chunk of decodeBy(format.open, all())) {
      length += chunk.length;
      yield chunk;
    }
  } catch (error) {
    if (!hasMore) yield* lostWithError(start, length, format);
    throw error;
  }
}

/** Runs a decoder of Node's. What ends the encoded bytes early is told after what was decoded of them. */
async function* decodeBy(open: Format['open'], encoded: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  let failure: { error: unknown } | undefined;
  const untilBroken = async function* () {
    try {
      yield* encoded;
    } catch (error) {
      failure = { error };
    }
  };
  // A stream that fails drops what it holds: this one holds nothing that was not asked for.
  const decoder = open({ readableHighWaterMark: 1 });
  try {
    // The callback is told what the reader of the stream is told too.
    yield* pipeline(untilBroken(), decoder, () => {}) as AsyncIterable<Uint8Array>;
  } catch (error) {
    throw failure === undefined ? error : failure.error;
  }
  if (failure !== undefined) throw failure.error;
}

/** The first bytes, as many as tell one format from the other. */
async function startOf(chunks: AsyncIterator<Buffer>) {
  let start: Buffer = Buffer.alloc(0);
  while (start.length < 2) {
    const { done, value } = await chunks.next();
    if (done) break;
    start = start.length === 0 ? value : Buffer.concat([start, value]);
  }
  return { start, rest: { [Symbol.asyncIterator]: () => chunks } };
}

function formatOf(encoding: Encoding, start: Buffer): Format {
  if (encoding === 'gzip') return { open: createGunzip, decodeSync: gunzipSync };
  if (encoding === 'br') return { open: createBrotliDecompress };
  // RFC 9110 section 8.4.1.2 means the zlib format, and warns of servers that leave its wrapper out.
  return hasZlibHeader(start)
    ? { open: createInflate, decodeSync: inflateSync }
    : { open: createInflateRaw, decodeSync: inflateRawSync };
}

/** RFC 1950 section 2.2: method 8, and a multiple of 31. */
function hasZlibHeader(bytes: Buffer): boolean {
  return bytes.length > 1 && (bytes.readUInt8(0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
}

/**
 * zlib's decoder drops what it made of a chunk that holds damage further on, as a small body with garbage behind it
 * does: the longest beginning that decodes is looked for by halves. What follows the first `length` bytes of that.
 */
function* lostWithError(bytes: Buffer, length: number, { decodeSync }: Format): Generator<Uint8Array> {
  if (decodeSync === undefined) return;
  const options = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: MOST_LOST_BYTES };
  let best = Buffer.alloc(0);
  let low = 0;
  let high = bytes.length;
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    try {
      best = decodeSync(bytes.subarray(0, middle), options);
      low = middle;
    } catch {
      high = middle - 1;
    }
  }
  if (best.length > length) yield best.subarray(length);
}

const MOST_LOST_BYTES = 1024 * 1024;
