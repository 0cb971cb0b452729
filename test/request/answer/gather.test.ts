import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gather } from '../../../src/request/answer/gather.ts';

async function* from(chunks: readonly Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

async function joined(chunks: AsyncIterable<Buffer>): Promise<Buffer> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

describe('gather', () => {
  it('any chunks: the head is long enough, and nothing is lost behind it', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.uint8Array({ maxLength: 5 })),
        fc.integer({ min: 1, max: 20 }),
        async (parts, least) => {
          const whole = Buffer.concat(parts);
          const { head, isAll, chunks } = await gather(from(parts.map((part) => Buffer.from(part))), least);
          expect(head.length >= least || isAll).toBe(true);
          if (isAll) expect(head.equals(whole)).toBe(true);
          expect((await joined(chunks)).equals(whole)).toBe(true);
        },
      ),
    );
  });

  it('waits for the first bytes, then no longer than it is told', async () => {
    let goOn = () => {};
    const told = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    async function* slow(): AsyncGenerator<Buffer> {
      yield Buffer.from('a');
      await told;
      yield Buffer.from('b');
    }
    const { head, isAll, chunks } = await gather(slow(), 100, 10);
    expect([head.toString(), isAll]).toEqual(['a', false]);
    goOn();
    expect((await joined(chunks)).toString()).toBe('ab');
  });

  it('what breaks while it reads ahead is told by what it hands on', async () => {
    async function* breaking(): AsyncGenerator<Buffer> {
      yield Buffer.from('abcd');
      throw new Error('broken');
    }
    const { head, chunks } = await gather(breaking(), 1);
    expect(head.toString()).toBe('abcd');
    await expect(joined(chunks)).rejects.toThrow('broken');
  });
});
