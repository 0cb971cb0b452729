import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  nat,
  oneof,
  record,
  string,
  uint8Array,
} from 'fast-check';
import { expect, it, vi } from 'vitest';
import { folders, run } from '../commands/run.ts';
import { chunked, wire } from './support/message.ts';
import type { Answer } from './support/recorder.ts';
import { useWire } from './support/stage.ts';

vi.setConfig({ testTimeout: 60_000 });
const stage = useWire();

const encodings = {
  identity: (bytes: Uint8Array) => Buffer.from(bytes),
  gzip: gzipSync,
  deflate: deflateSync,
  'deflate without its wrapper': deflateRawSync,
  br: brotliCompressSync,
  zstd: storedZstd,
  'gzip, br': (bytes: Uint8Array) => brotliCompressSync(gzipSync(bytes)),
};

/** A frame of raw blocks (RFC 8878 section 3.1.1): Node 20 has no compressor of its own. */
function storedZstd(bytes: Uint8Array): Buffer {
  const head = Buffer.from('28b52ffda000000000', 'hex');
  head.writeUInt32LE(bytes.length, 5);
  const blocks: Uint8Array[] = [head];
  for (let at = 0; at === 0 || at < bytes.length; at += 65_536) {
    const block = bytes.subarray(at, at + 65_536);
    const header = Buffer.alloc(3);
    header.writeUIntLE(block.length * 8 + (at + 65_536 >= bytes.length ? 1 : 0), 0, 3);
    blocks.push(header, block);
  }
  return Buffer.concat(blocks);
}

const bodies = oneof(
  uint8Array({ maxLength: 2000 }),
  string({ unit: 'binary', maxLength: 500 }).map((text) => new TextEncoder().encode(text)),
  // More than any buffer on the way holds at once.
  uint8Array({ minLength: 1, maxLength: 50 }).map((piece) => Buffer.alloc(200_000, piece)),
);

const answers = record({
  body: bodies,
  encoding: constantFrom(...(Object.keys(encodings) as (keyof typeof encodings)[])),
  framing: constantFrom('length', 'chunked', 'until it closes'),
  cuts: array(nat(1000), { maxLength: 6 }),
  type: constantFrom(
    'application/json',
    'text/plain; charset=utf-16',
    'application/octet-stream',
    'text/event-stream',
  ),
});

/** The parts of a whole, cut at thousandths of its length. */
function cut(whole: Buffer, cuts: readonly number[]): Buffer[] {
  const places = cuts.map((each) => Math.floor((whole.length * each) / 1000)).sort((a, b) => a - b);
  return [0, ...places].map((start, index) => whole.subarray(start, places[index] ?? whole.length));
}

function framed(given: {
  body: Uint8Array;
  encoding: keyof typeof encodings;
  framing: string;
  cuts: number[];
  type: string;
}): Answer {
  const { encoding, framing, cuts, type } = given;
  const content = encodings[encoding](given.body);
  const head = [
    'HTTP/1.1 200 OK',
    `content-type: ${type}`,
    `content-encoding: ${encoding.split(' without')[0]}`,
    ...(framing === 'length' ? [`content-length: ${content.length}`] : []),
    ...(framing === 'chunked' ? ['transfer-encoding: chunked'] : []),
    '\r\n',
  ].join('\r\n');
  const body =
    framing === 'chunked' ? chunked(...cut(content, cuts).filter(({ length }) => length > 0)) : content;
  const pieces = cut(
    Buffer.concat([Buffer.from(head), body]),
    cuts.map((each) => 1000 - each),
  );
  return { ...wire(...pieces), thenCloses: framing === 'until it closes' };
}

const ACCOUNT = ['-c', 'wire', '-i', 'user_1'];
const request = async (argv: string[], stdin?: Uint8Array) => {
  const options = stdin === undefined ? {} : { stdin };
  return run(['request', ...argv, ...ACCOUNT], { env: stage.sandbox.env, ...options });
};

it.each([
  ['a pipe', []],
  ['--raw', ['--raw']],
  ['--output -', ['--output', '-']],
  ['--output FILE', ['--output', 'saved.bin', '--quiet']],
])('whatever the provider sends comes unchanged through %s', async (_way, flags) => {
  const property = asyncProperty(answers, async (given) => {
    stage.recorder.willAnswer([framed(given)]);
    const result = await request(['/x', ...flags]);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    const got = flags.includes('saved.bin') ? await readFile(join(folders.cwd, 'saved.bin')) : result.bytes;
    expect(got.equals(given.body)).toBe(true);
  });
  await assert(property, { numRuns: 40 });
});

it.each([
  ['a file', ['-d', '@sent.bin']],
  ['a file of a declared type', ['-d', '@sent.bin', '-H', 'content-type: application/json']],
  ['stdin', ['-d', '-']],
  ['stdin of a declared type', ['-d', '@-', '-H', 'content-type: text/csv']],
])('whatever is in %s arrives unchanged', async (_what, flags) => {
  const isFile = flags.includes('@sent.bin');
  const property = asyncProperty(bodies, async (body) => {
    stage.recorder.willAnswer([wire('HTTP/1.1 204 No Content\r\n\r\n')]);
    await writeFile(join(folders.cwd, 'sent.bin'), body);
    const result = await request(['/x', ...flags], isFile ? undefined : body);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(stage.recorder.recorded.map((each) => each.body.equals(body))).toEqual([true]);
  });
  await assert(property, { numRuns: 30 });
});

it('whatever is in the file of a form arrives unchanged, between its boundaries', async () => {
  const property = asyncProperty(bodies, async (body) => {
    stage.recorder.willAnswer([wire('HTTP/1.1 204 No Content\r\n\r\n')]);
    await writeFile(join(folders.cwd, 'sent.bin'), body);
    expect(await request(['/x', '--form', 'f=@sent.bin'])).toMatchObject({ exitCode: 0, stderr: '' });
    const [{ head, body: got } = { head: '', body: Buffer.alloc(0) }] = stage.recorder.recorded;
    const boundary = /boundary="?([^"\r]+)/.exec(head)?.[1];
    const start = got.indexOf('\r\n\r\n') + 4;
    expect(got.subarray(start, got.indexOf(`\r\n--${boundary}--`, start)).equals(body)).toBe(true);
  });
  await assert(property, { numRuns: 30 });
});
