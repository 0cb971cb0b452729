import { describe, expect, it } from 'vitest';
import { progressText } from '../../../src/request/answer/progress.ts';

describe('progressText', () => {
  it.each([
    [0, 100, 0, '0 bytes of 100 bytes (0%), 0 bytes/s'],
    [12_340_000, 100_000_000, 5_000_000, '12.3 MB of 100 MB (12%), 5.00 MB/s, 18 s left'],
    [999, 1_500, 1, '999 bytes of 1.50 kB (66%), 1 bytes/s, 8 min 21 s left'],
    [1e9, 1e12, 1e7, '1.00 GB of 1.00 TB (0%), 10.0 MB/s, 27 h 45 min left'],
    [100, 100, 100, '100 bytes of 100 bytes (100%), 100 bytes/s, 0 s left'],
    [2_000, undefined, 1_000, '2.00 kB, 1.00 kB/s'],
    [200, 100, 1_000, '200 bytes, 1.00 kB/s'],
  ])('%d of %s at %d', (bytes, total, rate, text) => {
    expect(progressText(bytes, total, rate)).toBe(text);
  });
});
