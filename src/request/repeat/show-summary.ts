import type { App } from '../../app.ts';
import { type Column, printTable } from '../../terminal/table.ts';
import { inWords } from '../retry/duration.ts';
import type { LatencySummary } from './latencies.ts';
import type { RepeatSummary } from './tally.ts';

interface Row {
  label: string;
  count: number;
  latencyMs: LatencySummary | null;
  isError: boolean;
}

/** A row for each status, each kind of failure, and all together; under `--json` a document. */
export async function showSummary(
  app: App,
  summary: RepeatSummary,
  asked: { repeat: number; concurrency: number },
): Promise<void> {
  const { terminal } = app;
  const { count, ...rest } = summary;
  const { concurrency } = asked;
  if (terminal.isJson) return terminal.printJson({ repeat: { count, concurrency, ...rest } });
  await printTable(terminal, columns(app), rowsOf(summary));
  const { rateLimited, durationMs, callsPerSecond } = summary;
  const number = (value: number) => value.toLocaleString('en');
  const made = count < asked.repeat ? `${number(count)} of ${number(asked.repeat)}` : number(count);
  terminal.notice(
    `${made} ${asked.repeat === 1 ? 'call' : 'calls'} in ${durationMs < 100 ? `${Math.round(durationMs)} ms` : inWords(durationMs)}, ${number(callsPerSecond)} a second, ${concurrency} at a time.`,
  );
  if (rateLimited.count === 0) return;
  const seen = rateLimited.retryAfter.length === 0 ? 'none was sent' : rateLimited.retryAfter.join(', ');
  terminal.notice(`Rate limited: ${number(rateLimited.count)}; Retry-After: ${seen}.`);
}

function rowsOf({ byStatus, failures, count, latencyMs }: RepeatSummary): Row[] {
  return [
    ...byStatus.map(({ status, ...rest }) => ({ label: String(status), ...rest, isError: status >= 400 })),
    ...failures.map(({ code, ...rest }) => ({ label: code, ...rest, latencyMs: null, isError: true })),
    { label: 'total', count, latencyMs, isError: false },
  ];
}

function columns({ terminal }: App): Column<Row>[] {
  const latency = (header: string, name: keyof LatencySummary): Column<Row> => ({
    header,
    value: ({ latencyMs }) => latencyMs?.[name].toFixed(1) ?? '',
  });
  return [
    {
      header: 'STATUS',
      value: ({ label }) => label,
      paint: (text, { isError }) => (isError ? terminal.outStyle.red(text) : text),
    },
    { header: 'CALLS', value: ({ count }) => String(count) },
    latency('FIRST MS', 'first'),
    latency('MIN', 'min'),
    latency('MEDIAN', 'median'),
    latency('P95', 'p95'),
    latency('P99', 'p99'),
    latency('MAX', 'max'),
  ];
}
