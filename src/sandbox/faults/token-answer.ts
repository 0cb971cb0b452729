import { Response } from 'undici';
import type { OpenExchange } from '../exchanges/exchange-log.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { headerPairs, madeUpAnswer, madeUpStatus } from './effects.ts';
import { wait } from './wait.ts';

/** What a fault answers in place of a provider's token endpoint; undefined, after its latency, where the endpoint is to be asked. */
export async function struckTokenAnswer(
  state: SandboxState,
  exchange: OpenExchange,
): Promise<Response | undefined> {
  if (state.faults.isEmpty()) return undefined;
  const { connectionName, identifier, method, path: url } = exchange;
  const path = new URL(url).pathname;
  const fault = state.faults.take({ kinds: ['oauth'], connectionName, identifier, method, path });
  if (!fault) return undefined;
  exchange.fault = fault.id;
  const { effect } = fault;
  await wait(effect.latencyMs ?? 0, [state.closing]);
  if (effect.reset) {
    throw new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });
  }
  const status = madeUpStatus(effect);
  if (status === undefined) return undefined;
  // RFC 6749 section 5.2, where the fault says nothing else.
  const error = status < 500 ? 'invalid_grant' : 'server_error';
  const answer = madeUpAnswer({ ...fault, effect: { body: { error }, ...effect } }, status);
  const { body, statusText } = answer;
  return new Response(body, { status, statusText, headers: headerPairs(answer) });
}
