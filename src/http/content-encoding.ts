import { Readable } from 'node:stream';
import { derive } from './derive.ts';
import { inflate } from './inflate.ts';

/**
 * A body without its Content-Encoding (gzip, deflate, br, zstd); others are left as they came. Decoded as it is
 * read, in bounded memory. Where it is damaged or breaks off, what can be decoded comes first, then the error.
 */
export function decodeContent(body: Readable, contentEncoding: string | undefined): Readable {
  const encodings = contentEncoding?.toLowerCase().split(',') ?? [];
  const layers = encodings.map((encoding) => encoding.trim()).toReversed();
  const isForeign = (encoding: string) => encoding !== 'identity' && !decoders.has(encoding);
  // What lies within an encoding that is not known here cannot be reached.
  const end = layers.findIndex(isForeign);
  return layers
    .slice(0, end < 0 ? layers.length : end)
    .flatMap((layer) => decoders.get(layer) ?? [])
    .reduce((encoded, decode) => derive(encoded, decode), body);
}

/** At most the first `most` bytes of what a body's beginning decodes to; as it came where it does not decode. */
export async function decodedStart(
  body: Uint8Array,
  contentEncoding: string | undefined,
  most: number,
): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    const decoded = decodeContent(Readable.from([body], { objectMode: false }), contentEncoding);
    for await (const chunk of decoded as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= most) break;
    }
  } catch {
    // It breaks off where the beginning ends.
  }
  return length === 0 ? body : Buffer.concat(chunks).subarray(0, most);
}

type Decode = (encoded: AsyncIterable<Buffer>) => AsyncGenerator<Uint8Array>;

const decoders = new Map<string, Decode>([
  ['gzip', (encoded) => inflate(encoded, 'gzip')],
  ['x-gzip', (encoded) => inflate(encoded, 'gzip')],
  ['deflate', (encoded) => inflate(encoded, 'deflate')],
  ['br', (encoded) => inflate(encoded, 'br')],
  [
    'zstd',
    async function* (encoded) {
      const { decompressZstd } = await import('./zstd.ts');
      yield* decompressZstd(encoded);
    },
  ],
]);
