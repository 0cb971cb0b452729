import { describe, expect, it } from 'vitest';
import { createLatencies, percentile } from '../../../src/request/repeat/latencies.ts';
import { runPool } from '../../../src/request/repeat/pool.ts';

describe('percentile, by nearest rank', () => {
  it.each([
    [[7], 50, 7],
    [[7], 99, 7],
    [[1, 2], 50, 1],
    [[1, 2, 3], 50, 2],
    [[1, 2, 3, 4], 50, 2],
    [[15, 20, 35, 40, 50], 5, 15],
    [[15, 20, 35, 40, 50], 30, 20],
    [[15, 20, 35, 40, 50], 40, 20],
    [[15, 20, 35, 40, 50], 100, 50],
    [Array.from({ length: 100 }, (_, index) => index + 1), 95, 95],
    [Array.from({ length: 100 }, (_, index) => index + 1), 99, 99],
    [Array.from({ length: 200 }, (_, index) => index + 1), 99, 198],
  ])('of %j, %i: %d', (sorted, percent, expected) => {
    expect(percentile(Float64Array.from(sorted), percent)).toBe(expected);
  });
});

describe('latencies', () => {
  it('sums up in whatever order they come; the first is that of the first call', () => {
    const latencies = createLatencies();
    for (const [durationMs, order] of [
      [30, 2],
      [900.04, 0],
      [10.26, 3],
      [20, 1],
    ] as const) {
      latencies.add(durationMs, order);
    }
    expect(latencies.count()).toBe(4);
    expect(latencies.summary()).toEqual({ first: 900, min: 10.3, median: 20, p95: 900, p99: 900, max: 900 });
  });

  it('of none there is no summary', () => {
    expect(createLatencies().summary()).toBeUndefined();
  });

  it('100,000', () => {
    const latencies = createLatencies();
    for (let order = 0; order < 100_000; order++) latencies.add(100_000 - order, order);
    expect(latencies.summary()).toEqual({
      first: 100_000,
      min: 1,
      median: 50_000,
      p95: 95_000,
      p99: 99_000,
      max: 100_000,
    });
  });
});

describe('runPool', () => {
  it.each([
    [10, 3, 3],
    [10, 1, 1],
    [2, 8, 2],
    [1, 1, 1],
  ])('%i tasks, %i at a time', async (count, concurrency, most) => {
    const begun: number[] = [];
    let running = 0;
    let mostRunning = 0;
    await runPool(count, concurrency, async (index) => {
      begun.push(index);
      mostRunning = Math.max(mostRunning, ++running);
      await new Promise((resolve) => setImmediate(resolve));
      running--;
    });
    expect(begun).toEqual(Array.from({ length: count }, (_, index) => index));
    expect(mostRunning).toBe(most);
  });

  it('begins no more once one throws, and waits for those that run', async () => {
    const ended: number[] = [];
    const task = async (index: number) => {
      if (index === 2) throw new Error('the third');
      await new Promise((resolve) => setTimeout(resolve, 5));
      ended.push(index);
    };
    await expect(runPool(100, 3, task)).rejects.toThrow('the third');
    expect(ended).toEqual([0, 1]);
  });
});
