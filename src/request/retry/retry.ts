import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../app.ts';
import { SkConnectError, withMessage } from '../../errors.ts';
import { isIdempotent } from '../../http/idempotent.ts';
import type { ProxyResponse } from '../../scalekit/proxy.ts';
import { isRepeatable, type ProxyCall } from '../../scalekit/proxy-input.ts';
import { brokenBody } from '../answer/content.ts';
import type { Send, SendOptions, SentResponse } from '../send.ts';
import { inWords } from './duration.ts';
import { type Wait, waitBeforeRetry } from './wait.ts';

export interface RetryPolicy {
  mostRetries: number;
  /** Also for methods that are not idempotent. */
  isForEveryMethod: boolean;
}

const PASSING = new Set([408, 425, 429, 500, 502, 503, 504]);

/** Node's timers fire at once where the delay does not fit 31 bits, some 25 days. */
const LONGEST_WAIT_MS = 24 * 60 * 60 * 1000;

type Outcome = { response: SentResponse } | { error: SkConnectError };

/**
 * Sends a call again while its failure may pass: a status that says so, a connection that failed. The last answer
 * is the result, whatever it is; the last failure is thrown, and says how often the call was sent.
 */
export function sendAgain(
  app: App,
  policy: RetryPolicy,
  send: (call: ProxyCall) => Promise<ProxyResponse>,
): Send {
  return async (call, options = {}) => {
    for (let attempt = 1; ; attempt++) {
      const outcome = await attemptOnce(app, call, options, send);
      if (!mayPass(outcome) || attempt > policy.mostRetries) return resultOf(outcome, attempt);
      const wait = waitBeforeRetry('response' in outcome ? outcome.response : {}, attempt, {
        now: Date.now(),
        random: Math.random(),
      });
      const obstacle = obstacleOf(app, policy, call, wait);
      if (obstacle !== undefined) {
        app.terminal.notice(`${inBrief(outcome)}: not tried again: ${obstacle}`);
        return resultOf(outcome, attempt);
      }
      if ('response' in outcome) outcome.response.body.destroy();
      const asked = wait.askedBy === undefined ? '' : ` (${wait.askedBy})`;
      app.terminal.notice(
        `${inBrief(outcome)}: trying again in ${inWords(wait.durationMs)}${asked}, ${attempt} of ${policy.mostRetries}`,
      );
      await pause(wait.durationMs, app.signal);
    }
  };
}

/** A failure that no further attempt could change is thrown. */
async function attemptOnce(
  app: App,
  call: ProxyCall,
  { isHeld = false }: SendOptions,
  send: (call: ProxyCall) => Promise<ProxyResponse>,
): Promise<Outcome> {
  try {
    const response = await send(call);
    return { response: isHeld ? await held(response) : response };
  } catch (error) {
    // Ctrl-C and our own deadline end it for good.
    if (app.signal.aborted || !(error instanceof SkConnectError) || error.kind !== 'unreachable') throw error;
    return { error };
  }
}

async function held(response: ProxyResponse): Promise<ProxyResponse> {
  try {
    const bytes = await buffer(response.body);
    return { ...response, body: Readable.from([bytes], { objectMode: false }) };
  } catch (error) {
    throw brokenBody(error);
  }
}

function mayPass(outcome: Outcome): boolean {
  return 'error' in outcome || PASSING.has(outcome.response.status);
}

/** Why the call is not sent again. */
function obstacleOf(app: App, policy: RetryPolicy, call: ProxyCall, wait: Wait): string | undefined {
  if (!policy.isForEveryMethod && !isIdempotent(call.method)) {
    return `${call.method} is not idempotent, and might be done twice (--retry-all repeats it)`;
  }
  if (!isRepeatable(call.body)) {
    return 'its body was read from stdin and is gone';
  }
  const asked = `${wait.askedBy ?? 'the next attempt'} is ${inWords(wait.durationMs)} away`;
  const leftMs = app.timeLeftMs();
  if (wait.durationMs >= leftMs) return `${asked}, and --timeout leaves ${inWords(leftMs)}`;
  return wait.durationMs > LONGEST_WAIT_MS ? `${asked}, more than a day` : undefined;
}

function resultOf(outcome: Outcome, attempts: number): SentResponse {
  if ('response' in outcome) return { ...outcome.response, attempts };
  const { error } = outcome;
  if (attempts === 1) throw error;
  throw withMessage(error, `${error.message} (tried ${attempts} times)`);
}

function inBrief(outcome: Outcome): string {
  if ('error' in outcome) return outcome.error.message;
  const { status, statusText } = outcome.response;
  return `${status} ${statusText}`.trim();
}

/** Rejects with what the invocation ends with where that comes first. */
async function pause(durationMs: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(durationMs, undefined, { signal });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}
