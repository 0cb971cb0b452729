import { headerValue } from '../../http/headers.ts';
import type { ProxyResponse } from '../../scalekit/proxy.ts';
import { createLatencies, type Latencies, type LatencySummary } from './latencies.ts';

/** What came of the calls so far. */
export interface RepeatTally {
  answered(response: ProxyResponse, durationMs: number, order: number): void;
  /** No answer came: the error's code. */
  failed(code: string): void;
  /** Calls that are over. */
  count(): number;
  summary(durationMs: number): RepeatSummary;
}

export interface RepeatSummary {
  count: number;
  durationMs: number;
  callsPerSecond: number;
  /** Of the calls that were answered; null where none was. */
  latencyMs: LatencySummary | null;
  byStatus: { status: number; count: number; latencyMs: LatencySummary }[];
  failures: { code: string; count: number }[];
  /** Answers with 429, and the different values of their Retry-After. */
  rateLimited: { count: number; retryAfter: string[] };
}

const MOST_RETRY_AFTER = 10;

export function createRepeatTally(): RepeatTally {
  const all = createLatencies();
  const byStatus = new Map<number, Latencies>();
  const failures = new Map<string, number>();
  const retryAfter = new Set<string>();
  let failed = 0;
  return {
    answered: (response, durationMs, order) => {
      const { status } = response;
      const latencies = byStatus.get(status) ?? createLatencies();
      byStatus.set(status, latencies);
      latencies.add(durationMs, order);
      all.add(durationMs, order);
      const asked = status === 429 ? headerValue(response.headers, 'retry-after') : undefined;
      if (asked !== undefined && retryAfter.size < MOST_RETRY_AFTER) retryAfter.add(asked);
    },
    failed: (code) => {
      failed++;
      failures.set(code, (failures.get(code) ?? 0) + 1);
    },
    count: () => all.count() + failed,
    summary: (durationMs) => ({
      count: all.count() + failed,
      durationMs: Math.round(durationMs),
      callsPerSecond: Math.round(((all.count() + failed) / Math.max(durationMs, 1)) * 10_000) / 10,
      latencyMs: all.summary() ?? null,
      byStatus: [...byStatus]
        .sort(([a], [b]) => a - b)
        .flatMap(([status, latencies]) => {
          const latencyMs = latencies.summary();
          return latencyMs === undefined ? [] : [{ status, count: latencies.count(), latencyMs }];
        }),
      failures: [...failures].map(([code, count]) => ({ code, count })),
      rateLimited: { count: byStatus.get(429)?.count() ?? 0, retryAfter: [...retryAfter] },
    }),
  };
}
