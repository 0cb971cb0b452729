import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { decodeContent, decodedStart } from '../../src/http/content-encoding.ts';
import { decompressZstd } from '../../src/http/zstd.ts';

const MiB = 1024 * 1024;

/** Several blocks of Zstandard, windows of zlib. */
const ROWS = Buffer.from(Array.from({ length: 40_000 }, (_, index) => `row ${index % 100}`).join('\n'));

/** `zstd -19`, with a checksum. */
const ZSTD_ROWS = Buffer.from(
  'KLUv/QRoPAQA4gkXDdA93QCkIqRIZhzhGgGgiWdFH1FNPCv6SGriWdFHUBPPij5ymnhW9BHTxLOij5QmnhV9hDTxrOgj18Sz' +
    'oo9o9DJk9DJg9DJc9DJY9DJU9DJQ9DI8ehkmehkkejlbqBGgX//v4JVhDhKI4e////93S/21JnEXcayn3OU1JzmM0NY3L2UV' +
    'VAAAAAEA/f9t/bkGAj0AAAABAByWB0DP+Y2r',
  'base64',
);
/** `zstd -3` of `report`, which says how long it is. */
const ZSTD_REPORT = Buffer.from('KLUv/QRYMQAAcmVwb3J0EGVQvA==', 'base64');
const ZSTD_NOTHING = Buffer.from('KLUv/SQAAQAAmenYUQ==', 'base64');
/** RFC 8878 section 3.1.2. */
const ZSTD_SKIPPABLE = Buffer.from('502a4d1803000000616263', 'hex');
const ZSTD_MAGIC = '28b52ffd';

const encodings: [name: string, encoding: string, encoded: Buffer][] = [
  ['gzip', 'gzip', gzipSync(ROWS)],
  ['x-gzip', 'x-gzip', gzipSync(ROWS)],
  ['deflate', 'deflate', deflateSync(ROWS)],
  ['deflate without its wrapper', 'deflate', deflateRawSync(ROWS)],
  ['br', 'br', brotliCompressSync(ROWS)],
  ['zstd', 'zstd', ZSTD_ROWS],
];

async function* slices(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

const streamOf = (bytes: Buffer, size = bytes.length) =>
  Readable.from(slices(bytes, Math.max(1, size)), { objectMode: false });

interface Outcome {
  bytes: Buffer;
  error: unknown;
}

/** Everything that came, and what it ended with; slowly where the reader is to be the brake. */
async function outcomeOf(body: AsyncIterable<Uint8Array>, isSlow = false): Promise<Outcome> {
  const chunks: Uint8Array[] = [];
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      if (isSlow) await new Promise((resolve) => setTimeout(resolve, 1));
    }
  } catch (error) {
    return { bytes: Buffer.concat(chunks), error };
  }
  return { bytes: Buffer.concat(chunks), error: undefined };
}

const decode = (encoded: Buffer, encoding: string | undefined, size?: number) =>
  outcomeOf(decodeContent(streamOf(encoded, size), encoding));

describe.each(encodings)('%s', (_, encoding, encoded) => {
  it.each([1, 2, 3, 1000, encoded.length])('is decoded, %i bytes at a time', async (size) => {
    const { bytes, error } = await decode(encoded, encoding, size);
    expect(error).toBeUndefined();
    expect(bytes.equals(ROWS)).toBe(true);
  });

  it('of nothing at all is nothing, as in the answer to a HEAD', async () => {
    expect(await decode(Buffer.alloc(0), encoding)).toEqual({ bytes: Buffer.alloc(0), error: undefined });
  });

  it('that breaks off gives what can be decoded, to a slow reader too, and then an error', async () => {
    const half = encoded.subarray(0, Math.floor(encoded.length / 2));
    const fast = await decode(half, encoding, 50);
    const slow = await outcomeOf(decodeContent(streamOf(half, 50), encoding), true);
    expect(fast.error).toBeInstanceOf(Error);
    expect(slow.error).toBeInstanceOf(Error);
    expect(fast.bytes.length).toBeLessThan(ROWS.length);
    expect(ROWS.subarray(0, fast.bytes.length).equals(fast.bytes)).toBe(true);
    expect(slow.bytes.length).toBe(fast.bytes.length);
  });

  it('over a connection that breaks gives what was decoded, and then that error', async () => {
    const reset = Object.assign(new Error('reset'), { code: 'ECONNRESET' });
    const broken = async function* () {
      yield encoded.subarray(0, encoded.length - 1);
      throw reset;
    };
    const { bytes, error } = await outcomeOf(decodeContent(Readable.from(broken()), encoding));
    expect(error).toBe(reset);
    expect(ROWS.subarray(0, bytes.length).equals(bytes)).toBe(true);
  });

  it('is read only as fast as its reader reads', async () => {
    let given = 0;
    const endless = async function* () {
      for (;;) {
        given += encoded.length;
        yield encoded;
      }
    };
    const body = decodeContent(Readable.from(endless(), { objectMode: false }), encoding);
    await once(body, 'readable');
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(given).toBeLessThan(MiB);
    body.destroy();
  });

  it('lets go of its source when its reader does, though nothing comes', async () => {
    const source = new Readable({ read() {} });
    source.push(encoded.subarray(0, 20));
    const body = decodeContent(source, encoding);
    body.on('data', () => {});
    await new Promise((resolve) => setTimeout(resolve, 5));
    body.destroy();
    await once(body, 'close');
    expect(source.destroyed).toBe(true);
  });
});

describe('damage', () => {
  const garbage = Buffer.from('garbage behind it');
  const report = Buffer.from('report');
  const damaged: [what: string, encoding: string, encoded: Buffer, size: number][] = [
    ['garbage behind gzip', 'gzip', Buffer.concat([gzipSync(report), garbage]), 1000],
    ['garbage behind gzip, later', 'gzip', Buffer.concat([gzipSync(report), garbage]), 26],
    ['a wrong checksum in gzip', 'gzip', spoilt(gzipSync(report), -8), 1000],
    ['a wrong checksum in deflate', 'deflate', spoilt(deflateSync(report), -1), 1000],
    ['garbage behind zstd', 'zstd', Buffer.concat([ZSTD_REPORT, garbage]), 1000],
  ];
  it.each(damaged)('after the body is told after the body: %s', async (_, encoding, encoded, size) => {
    const { bytes, error } = await decode(encoded, encoding, size);
    expect(bytes.toString()).toBe('report');
    expect(error).toBeInstanceOf(Error);
  });

  it.each(['gzip', 'deflate', 'br', 'zstd'])('what is no %s at all is an error', async (encoding) => {
    const { bytes, error } = await decode(Buffer.from('\u00ff plain text, and not a little'), encoding);
    expect(bytes).toHaveLength(0);
    expect(error).toBeInstanceOf(Error);
  });

  it('zeros behind gzip are padding', async () => {
    const { bytes, error } = await decode(Buffer.concat([gzipSync(report), Buffer.alloc(100)]), 'gzip');
    expect({ text: bytes.toString(), error }).toEqual({ text: 'report', error: undefined });
  });
});

it.each([
  ['two members of gzip', 'gzip', Buffer.concat([gzipSync('re'), gzipSync('port')])],
  ['two frames of zstd, something to skip between them', 'zstd', zstdFrames()],
  ['gzip in br', 'gzip, br', brotliCompressSync(gzipSync('report'))],
  ['identity around it', 'gzip, identity', gzipSync('report')],
  ['capitals and spaces', ' GZIP ', gzipSync('report')],
  ['an encoding that is not known', 'compress', Buffer.from('report')],
  ['an encoding that is not known, around one that is', 'gzip, aes128gcm', Buffer.from('report')],
  ['a known one around it', 'aes128gcm, gzip', gzipSync('report')],
  ['identity', 'identity', Buffer.from('report')],
  ['none', undefined, Buffer.from('report')],
])('%s', async (_, encoding, encoded) => {
  const { bytes, error } = await decode(encoded, encoding);
  expect({ text: bytes.toString(), error }).toEqual({ text: 'report', error: undefined });
});

describe('Zstandard', () => {
  const decodeZstd = (encoded: Buffer, size = encoded.length) =>
    outcomeOf(decompressZstd(streamOf(encoded, size)));

  it.each([1, 17, 511, 512, 513, 100_000])('is decoded, %i bytes at a time', async (size) => {
    const { bytes, error } = await decodeZstd(Buffer.concat([ZSTD_ROWS, ZSTD_NOTHING, ZSTD_ROWS]), size);
    expect(error).toBeUndefined();
    expect(bytes.equals(Buffer.concat([ROWS, ROWS]))).toBe(true);
  });

  it('gives the blocks before the one that is damaged', async () => {
    const { bytes, error } = await decodeZstd(ZSTD_ROWS.subarray(0, -12));
    expect(error).toBeInstanceOf(Error);
    expect(bytes.length).toBe(256 * 1024);
    expect(ROWS.subarray(0, bytes.length).equals(bytes)).toBe(true);
  });

  it('refuses a window that would take 256 MiB', async () => {
    const { error } = await decodeZstd(Buffer.from(`${ZSTD_MAGIC}009053000078`, 'hex'));
    expect(error).toMatchObject({ message: expect.stringContaining('window') as unknown });
  });

  it('refuses a block of 1 MiB', async () => {
    const { error } = await decodeZstd(Buffer.from(`${ZSTD_MAGIC}006803008078`, 'hex'));
    expect(error).toMatchObject({ message: expect.stringContaining('block') as unknown });
  });

  it('makes 256 MiB of 8 KiB in bounded memory', async () => {
    const block = Buffer.from('02001078', 'hex');
    const bomb = Buffer.concat([
      Buffer.from(`${ZSTD_MAGIC}0068`, 'hex'),
      ...Array.from({ length: 2048 }, () => block),
    ]);
    let length = 0;
    let mostHeld = 0;
    const before = process.memoryUsage().arrayBuffers;
    const ended = outcomeOf(
      (async function* () {
        for await (const chunk of decompressZstd(streamOf(bomb))) {
          length += chunk.length;
          mostHeld = Math.max(mostHeld, process.memoryUsage().arrayBuffers - before);
        }
        yield* [];
      })(),
    );
    // Its last block does not say that it is the last.
    expect((await ended).error).toBeInstanceOf(Error);
    expect(length).toBe(256 * MiB);
    expect(mostHeld).toBeLessThan(128 * MiB);
  });
});

describe('the start of a body', () => {
  const noise = randomBytes(200_000);
  it.each([
    ['gzip', gzipSync(noise)],
    ['deflate', deflateSync(noise)],
    ['br', brotliCompressSync(noise)],
    ['zstd', Buffer.concat([ZSTD_REPORT, ZSTD_ROWS]).subarray(0, -12)],
  ])('is decoded from a part of it: %s', async (encoding, encoded) => {
    const content = encoding === 'zstd' ? Buffer.concat([Buffer.from('report'), ROWS]) : noise;
    const start = await decodedStart(encoded.subarray(0, 100_000), encoding, 1000);
    expect(Buffer.from(start).equals(content.subarray(0, 1000))).toBe(true);
  });

  it('is all there is of a short one', async () => {
    expect(Buffer.from(await decodedStart(gzipSync('report'), 'gzip', 1000)).toString()).toBe('report');
  });

  it('is left as it is where it is not what it says', async () => {
    expect(Buffer.from(await decodedStart(Buffer.from('{"a":1}'), 'gzip', 1000)).toString()).toBe('{"a":1}');
  });

  it('of a bomb is no more than was asked for', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * MiB));
    expect(await decodedStart(bomb, 'gzip', 1000)).toHaveLength(1000);
  });
});

function spoilt(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[copy.length + at] = (copy.at(at) ?? 0) ^ 0xff;
  return copy;
}

function zstdFrames(): Buffer {
  return Buffer.concat([ZSTD_NOTHING, ZSTD_SKIPPABLE, ZSTD_REPORT]);
}
