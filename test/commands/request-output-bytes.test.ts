import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { folders, type RunOptions } from './run.ts';
import { onTerminal } from './support/answers.ts';
import { useEnvironment } from './support/environment.ts';

vi.setConfig({ testTimeout: 60_000 });
const environment = useEnvironment();
const USER = ['-c', 'rest', '-i', 'user_1', '--no-preflight'];

const encoders: Record<string, (body: Uint8Array) => Uint8Array> = {
  identity: (body) => body,
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
};

const types = [
  undefined,
  'application/json',
  'application/x-ndjson',
  'text/event-stream',
  'text/plain; charset=utf-16',
  'text/html; charset=shift_jis',
  'application/octet-stream',
];

const answers = fc.record({
  body: fc.oneof(
    fc.uint8Array({ maxLength: 2000 }),
    fc.json().map((json) => Buffer.from(json)),
    fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
    fc
      .array(fc.constantFrom('\r', '\n', '\0', '\u001b[2J', '\uFEFF', '{', 'data: 1', 'é'))
      .map((parts) => Buffer.from(parts.join(''))),
  ),
  type: fc.constantFrom(...types),
  encoding: fc.constantFrom(...Object.keys(encoders)),
  cuts: fc.array(fc.nat({ max: 2000 }), { maxLength: 4 }),
});
type Given = typeof answers extends fc.Arbitrary<infer T> ? T : never;

/** Sends a body in chunks, in the encoding that it says. */
async function sent({ body, type, encoding, cuts }: Given, argv: readonly string[], options?: RunOptions) {
  const bytes = encoders[encoding]?.(body) ?? body;
  environment.rest.at('/bytes', (_request, response) => {
    response.writeHead(200, {
      'content-encoding': encoding,
      ...(type === undefined ? {} : { 'content-type': type }),
    });
    let from = 0;
    for (const to of [...cuts.toSorted((a, b) => a - b), bytes.length]) {
      response.write(bytes.subarray(from, to));
      from = Math.max(from, to);
    }
    response.end();
  });
  const result = await environment.run(['request', '/bytes', ...USER, ...argv], options);
  // On a terminal some of it is refused as binary.
  expect([0, 2]).toContain(result.exitCode);
  return result;
}

describe('any bytes, in any chunks and encoding', () => {
  it.each<[string, string[], RunOptions]>([
    ['in a pipe', [], {}],
    ['--raw in a pipe', ['--raw'], {}],
    ['--raw on a terminal', ['--raw'], onTerminal],
    ['--output - on a terminal', ['--output', '-'], onTerminal],
  ])('%s', async (_what, argv, options) => {
    await fc.assert(
      fc.asyncProperty(answers, async (given) => {
        const result = await sent(given, argv, options);
        expect(result.bytes.equals(Buffer.from(given.body))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('--output FILE', async () => {
    await fc.assert(
      fc.asyncProperty(answers, async (given) => {
        await sent(given, ['--output', 'any.bin', '--quiet']);
        const saved = await readFile(join(folders.cwd, 'any.bin'));
        expect(saved.equals(Buffer.from(given.body))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

it('whatever comes, a terminal gets no control characters but these', async () => {
  await fc.assert(
    fc.asyncProperty(answers, async (given) => {
      const { stdout } = await sent(given, ['--no-color'], onTerminal);
      expect(
        stdout.split('').filter((character) => /\p{Cc}/u.test(character) && !'\t\n\r'.includes(character)),
      ).toEqual([]);
      expect(/\r(?!\n)/.test(stdout)).toBe(false);
      expect(stdout === '' || stdout.endsWith('\n')).toBe(true);
    }),
    { numRuns: 60 },
  );
});
