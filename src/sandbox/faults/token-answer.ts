import { Response } from 'undici';
import type { OpenExchange } from '../exchanges/exchange-log.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { headerPairs } from './effects.ts';
import { strikeOwnRequest } from './own-request.ts';

/**
 * What a provider's token endpoint answers, or what a fault makes of that.
 * @param signal ends it; its reason is thrown then
 */
export async function struckTokenAnswer(
  state: SandboxState,
  exchange: OpenExchange,
  signal: AbortSignal,
  ask: () => Promise<Response>,
): Promise<Response> {
  if (state.faults.isEmpty()) return ask();
  const { connectionName, identifier, method, path: url } = exchange;
  const path = new URL(url).pathname;
  const fault = state.faults.take({ kinds: ['oauth'], connectionName, identifier, method, path });
  if (!fault) return ask();
  try {
    return await strikeOwnRequest<Response>(fault, {
      exchange,
      signal,
      ask,
      answerOf: (answer) => {
        const { status, statusText } = answer;
        // A response without a body has to be made without one.
        const body = answer.body.length > 0 ? answer.body : null;
        return new Response(body, { status, statusText, headers: headerPairs(answer) });
      },
      sizeOf: async (answer) => (await answer.clone().arrayBuffer()).byteLength,
      // RFC 6749 section 5.2.
      bodyFor: (status) => ({ error: status < 500 ? 'invalid_grant' : 'server_error' }),
    });
  } catch (error) {
    throw signal.aborted ? signal.reason : error;
  }
}
