import { setTimeout as sleep } from 'node:timers/promises';
import { type Dispatcher, request } from 'undici';
import type { WebhookConfig } from '../config/types.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { failureCode } from '../upstream/failure.ts';
import type { StatusEvent } from './event.ts';
import { signedHeaders } from './signature.ts';

/** Real time. Scalekit's own waits grow to hours; here somebody is watching. */
const RETRY_AFTER_MS = [500, 2_000, 8_000];
/** What Scalekit gives an endpoint to answer. */
const ANSWER_TIMEOUT_MS = 10_000;

/** Posts an event until it is taken with a 2xx, four times at most. Each attempt is in the log; that is all that becomes of a failure. */
export async function deliver(
  state: SandboxState,
  webhook: WebhookConfig,
  dispatcher: Dispatcher,
  event: StatusEvent,
): Promise<void> {
  for (const waitMs of [...RETRY_AFTER_MS, undefined]) {
    if (await isTaken(state, webhook, dispatcher, event)) return;
    if (waitMs === undefined) return;
    await sleep(waitMs, undefined, { signal: state.closing, ref: false });
  }
}

async function isTaken(
  state: SandboxState,
  webhook: WebhookConfig,
  dispatcher: Dispatcher,
  event: StatusEvent,
): Promise<boolean> {
  const exchange = state.exchanges.begin('webhook', 'POST', webhook.url);
  Object.assign(exchange, { connectionName: event.data.connection_name, identifier: event.data.identifier });
  const body = JSON.stringify(event);
  try {
    const answer = await request(webhook.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'user-agent': 'sk-connect-sandbox',
        ...signedHeaders(webhook.secret, event.id, body, Date.now()),
      },
      body,
      dispatcher,
      headersTimeout: ANSWER_TIMEOUT_MS,
      bodyTimeout: ANSWER_TIMEOUT_MS,
      signal: state.closing,
    });
    // What it says beside its status is of no interest.
    answer.body.dump({ limit: 65_536 }).catch(() => {});
    state.exchanges.end(exchange, answer.statusCode);
    return answer.statusCode >= 200 && answer.statusCode < 300;
  } catch (error) {
    exchange.error = failureCode(error) ?? 'no answer';
    state.exchanges.end(exchange, null);
    return false;
  }
}
