import type { App } from '../../app.ts';
import { closedPipe } from '../../end.ts';
import { SkConnectError, usageError } from '../../errors.ts';
import type { AccountKey } from '../../scalekit/accounts.ts';
import { isRepeatable, type ProxyCall } from '../../scalekit/proxy-input.ts';
import type { Answer } from '../answer/answer.ts';
import { keepBody } from '../answer/kept-body.ts';
import { judgesBody } from '../answer/present.ts';
import type { CheckedExpectations } from '../expect/expectations.ts';
import { judge } from '../judge.ts';
import type { RequestOptions } from '../options.ts';
import type { Send } from '../send.ts';
import { createFaults } from './faults.ts';
import { runPool } from './pool.ts';
import { startRepeatProgress } from './progress.ts';
import { showSummary } from './show-summary.ts';
import { createRepeatTally } from './tally.ts';

/**
 * Makes a call over and over and prints a summary of latencies and statuses; also of what was done before Ctrl-C or
 * the deadline. Throws what the worst of the answers are guilty of, and `unreachable` where some did not come.
 */
export async function repeatCall(
  app: App,
  key: AccountKey,
  call: ProxyCall,
  send: Send,
  options: RequestOptions,
  expectations: CheckedExpectations,
): Promise<void> {
  refuseSingleBody(call);
  const { repeat = 1, concurrency = 1 } = options;
  const tally = createRepeatTally();
  const faults = createFaults();
  // Each answer is judged as a single one is, without a word on stderr about each.
  const silent: App = { ...app, terminal: { ...app.terminal, notice: () => {} } };
  const once = async (order: number): Promise<void> => {
    const answer = await timed(app, call, send, options).catch((error: unknown) => {
      if (app.signal.aborted || !(error instanceof SkConnectError) || error.kind !== 'unreachable')
        throw error;
      tally.failed(error.code);
      faults.add(error);
    });
    if (answer === undefined) return;
    tally.answered(answer.response, answer.durationMs, order);
    await judge(silent, key, answer, options, expectations).catch((error: unknown) => faults.add(error));
  };
  const progress = await startRepeatProgress(app, repeat, tally);
  const startedAt = performance.now();
  try {
    await runPool(repeat, concurrency, once);
  } finally {
    const durationMs = performance.now() - startedAt;
    progress.stop();
    if (tally.count() > 0 && app.signal.reason !== closedPipe) {
      await showSummary(app, tally.summary(durationMs), { repeat, concurrency });
    }
  }
  const failure = faults.worst(repeat);
  if (failure !== undefined) throw failure;
}

/** One call, from sending it to the last byte of its answer, which is counted and dropped unless something judges it. */
async function timed(app: App, call: ProxyCall, send: Send, options: RequestOptions): Promise<Answer> {
  const sentAt = performance.now();
  const response = await send(call);
  const body = keepBody(response);
  try {
    if (judgesBody(options)) await body.readAhead(Number.POSITIVE_INFINITY);
    for await (const _ of body.chunks) app.signal.throwIfAborted();
  } finally {
    body.close();
  }
  const durationMs = (body.endedAt() ?? performance.now()) - sentAt;
  return { response, body: body.kept(), isWhole: body.isWhole(), durationMs };
}

function refuseSingleBody({ body }: ProxyCall): void {
  if (isRepeatable(body)) return;
  throw usageError(
    '--repeat sends the body with every call, and stdin can be read once',
    'Write the body to a file and name it: -d @FILE',
    { code: 'body_not_repeatable' },
  );
}
