/** Durations in milliseconds, eight bytes each. */
export interface Latencies {
  /** `order`: which call it was. */
  add(durationMs: number, order: number): void;
  count(): number;
  /** In no order. */
  values(): Float64Array;
  summary(): LatencySummary | undefined;
}

/** In milliseconds, to a tenth. */
export interface LatencySummary {
  /** Of the call that was begun first: connecting and cold starts are in it. */
  first: number;
  min: number;
  median: number;
  p95: number;
  p99: number;
  max: number;
}

export function createLatencies(): Latencies {
  let held = new Float64Array(64);
  let count = 0;
  let first = { order: Number.POSITIVE_INFINITY, durationMs: 0 };
  const values = () => held.subarray(0, count);
  return {
    add: (durationMs, order) => {
      if (count === held.length) {
        const larger = new Float64Array(count * 2);
        larger.set(held);
        held = larger;
      }
      held[count++] = durationMs;
      if (order < first.order) first = { order, durationMs };
    },
    count: () => count,
    values,
    summary: () => (count === 0 ? undefined : summarize(values(), first.durationMs)),
  };
}

function summarize(values: Float64Array, first: number): LatencySummary {
  const sorted = values.toSorted();
  return {
    first: tenths(first),
    min: tenths(sorted[0] ?? 0),
    median: tenths(percentile(sorted, 50)),
    p95: tenths(percentile(sorted, 95)),
    p99: tenths(percentile(sorted, 99)),
    max: tenths(sorted.at(-1) ?? 0),
  };
}

/** By nearest rank: the smallest value that at least so many percent do not exceed. It is one that was measured. */
export function percentile(sorted: Float64Array, percent: number): number {
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? 0;
}

function tenths(value: number): number {
  return Math.round(value * 10) / 10;
}
