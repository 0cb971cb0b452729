import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { exchangeOf } from '../exchanges/record.ts';
import type { Fault } from '../interface/faults.ts';
import { proxiedPath } from '../proxy/target.ts';
import type { Account } from '../state/accounts.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { clientGone, resetConnection } from './client.ts';
import { madeUpAnswer, madeUpStatus, refuseAs } from './effects.ts';
import { type AnswerHandler, brokenOff, paced, tell } from './handlers.ts';
import { wait } from './wait.ts';

type Upstream = Pick<Dispatcher, 'dispatch'>;

/**
 * What a proxied call goes to: the providers, or where a fault strikes what does to its answer as that says. Resolves after the
 * fault's latency.
 * @throws Refusal where the fault is Scalekit's own; an AbortError where the client did not wait for it
 */
export async function struckUpstream(
  state: SandboxState,
  account: Account,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<Upstream> {
  const fault = state.faults.take({
    kinds: ['proxy'],
    connectionName: account.connection.name,
    identifier: account.identifier,
    method: request.method,
    path: proxiedPath(request.url ?? ''),
  });
  if (!fault) return state.upstream;
  const exchange = exchangeOf(request);
  if (exchange) exchange.fault = fault.id;
  await wait(fault.effect.latencyMs ?? 0, [clientGone(response), state.closing]);
  refuseAs(fault);
  return upstreamStruckBy(state.upstream, fault, request);
}

function upstreamStruckBy(upstream: Upstream, fault: Fault, request: IncomingMessage): Upstream {
  const { reset, bytesPerSecond } = fault.effect;
  const status = madeUpStatus(fault.effect);
  return {
    dispatch(options, receiver) {
      let handler = receiver as AnswerHandler;
      if (reset) handler = brokenOff(handler, (hasBegun) => resetConnection(request, hasBegun));
      if (bytesPerSecond !== undefined) handler = paced(handler, bytesPerSecond);
      if (status === undefined) return upstream.dispatch(options, handler);
      tell(handler, madeUpAnswer(fault, status));
      return true;
    },
  };
}
