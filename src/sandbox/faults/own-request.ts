import type { OpenExchange } from '../exchanges/exchange-log.ts';
import type { Fault } from '../interface/faults.ts';
import { type MadeUpAnswer, madeUpAnswer } from './effects.ts';
import { strikeBy, waitForBytes } from './wire.ts';

/** What the sandbox asks a provider for by itself: tokens, or what a built-in tool needs. */
interface OwnRequest<Answer> {
  exchange: OpenExchange | undefined;
  signal: AbortSignal;
  ask: () => Promise<Answer>;
  answerOf: (madeUp: MadeUpAnswer) => Answer;
  sizeOf: (answer: Answer) => number | Promise<number>;
  /** What the provider says with a status where the fault has no body. */
  bodyFor?: (status: number) => unknown;
}

/** Its answer, or what the fault makes of it. Throws as fetch does where the connection breaks. */
export async function strikeOwnRequest<Answer>(
  fault: Fault,
  { exchange, signal, ask, answerOf, sizeOf, bodyFor }: OwnRequest<Answer>,
): Promise<Answer> {
  const signals = [signal];
  // Put off: a request that is lost was not heard of by anybody.
  const answer = await strikeBy<() => Promise<Answer>>(fault, {
    exchange,
    signals,
    ask: () => ask,
    makeUp(status) {
      const body = bodyFor?.(status);
      const effect = { ...(body !== undefined && { body }), ...fault.effect };
      return async () => answerOf(madeUpAnswer({ ...fault, effect }, status));
    },
    pace: (paced, bytesPerSecond) => async () => {
      const whole = await paced();
      await waitForBytes(await sizeOf(whole), bytesPerSecond, signals);
      return whole;
    },
    breakOff: () => lost,
    cutOff: () => {
      throw connectionLost();
    },
  });
  return answer();
}

async function lost(): Promise<never> {
  throw connectionLost();
}

function connectionLost(): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error('reset'), { code: 'ECONNRESET' }) });
}
