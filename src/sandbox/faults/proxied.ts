import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Dispatcher } from 'undici';
import { exchangeOf } from '../exchanges/record.ts';
import { proxiedPath } from '../proxy/target.ts';
import type { Account } from '../state/accounts.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { clientGone, cutOff, resetConnection } from './client.ts';
import { madeUpAnswer } from './effects.ts';
import { type AnswerHandler, brokenOff, paced, tell } from './handlers.ts';
import { strikeBy } from './wire.ts';

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
  return strikeBy<Upstream>(fault, {
    exchange: exchangeOf(request),
    signals: [clientGone(response), state.closing],
    ask: () => state.upstream,
    makeUp: (status) => ({
      dispatch(_options, receiver) {
        tell(receiver as AnswerHandler, madeUpAnswer(fault, status));
        return true;
      },
    }),
    pace: (upstream, bytesPerSecond) => heardBy(upstream, (handler) => paced(handler, bytesPerSecond)),
    breakOff: (upstream) =>
      heardBy(upstream, (handler) => brokenOff(handler, (hasBegun) => resetConnection(request, hasBegun))),
    cutOff: () => cutOff(request, fault),
  });
}

function heardBy(upstream: Upstream, around: (handler: AnswerHandler) => AnswerHandler): Upstream {
  return {
    dispatch: (options, receiver) => upstream.dispatch(options, around(receiver as AnswerHandler)),
  };
}
