import { Readable } from 'node:stream';
import { derive } from './derive.ts';

export interface Peeked {
  head: Buffer;
  /** Whether `head` is all there was. */
  isAll: boolean;
  /** The stream as if nobody had looked. */
  whole: Readable;
}

/** The first bytes of a stream, at least `most` of them where it has so many. */
export async function peek(stream: Readable, most: number): Promise<Peeked> {
  const iterator: AsyncIterator<Buffer> = stream[Symbol.asyncIterator]();
  const chunks: Buffer[] = [];
  let length = 0;
  while (length < most) {
    const { done, value } = await iterator.next();
    if (done) {
      const head = Buffer.concat(chunks);
      return { head, isAll: true, whole: Readable.from([head], { objectMode: false }) };
    }
    chunks.push(value);
    length += value.length;
  }
  const rest = async function* () {
    yield* chunks;
    yield* { [Symbol.asyncIterator]: () => iterator };
  };
  return { head: Buffer.concat(chunks), isAll: false, whole: derive(stream, rest) };
}
