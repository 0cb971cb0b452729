import { type Duplex, pipeline, Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw } from 'node:zlib';

/** A body without its Content-Encoding (gzip, deflate, br); others are left as they came. */
export function decodeContent(body: Readable, contentEncoding: string | undefined): Readable {
  const encodings = contentEncoding?.toLowerCase().split(',') ?? [];
  const layers = encodings.map((encoding) => encoding.trim()).toReversed();
  const isForeign = (encoding: string) => encoding !== 'identity' && !(encoding in decoders);
  // What lies within an encoding that is not known here cannot be reached.
  const end = layers.findIndex(isForeign);
  return layers
    .slice(0, end < 0 ? layers.length : end)
    .filter((encoding) => encoding in decoders)
    .reduce((stream, encoding) => Readable.from(decode(stream, encoding), { objectMode: false }), body);
}

const decoders: Readonly<Record<string, (first: Buffer) => Duplex>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  // RFC 9110 §8.4.1.2 means the zlib format, and warns of servers that leave its wrapper out.
  deflate: (first) => (hasZlibHeader(first) ? createInflate() : createInflateRaw()),
  br: () => createBrotliDecompress(),
};

/** RFC 1950 §2.2: method 8, and a multiple of 31. */
function hasZlibHeader(bytes: Buffer): boolean {
  return bytes.length > 1 && (bytes.readUInt8(0) & 0x0f) === 8 && bytes.readUInt16BE(0) % 31 === 0;
}

async function* decode(body: Readable, encoding: string): AsyncGenerator<Buffer> {
  const chunks: AsyncIterator<Buffer> = body[Symbol.asyncIterator]();
  const first = await chunks.next();
  // The answer to a HEAD, a 204 and a 304 name an encoding and have nothing that is in it.
  if (first.done) return;
  const whole = async function* () {
    yield first.value;
    yield* { [Symbol.asyncIterator]: () => chunks };
  };
  const decoder = decoders[encoding]?.(first.value);
  // The callback is told what the reader of the stream is told too.
  if (decoder !== undefined) yield* pipeline(whole(), decoder, () => {});
}
