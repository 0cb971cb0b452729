import type { OpenExchange } from '../exchanges/exchange-log.ts';
import type { Fault } from '../interface/faults.ts';
import { madeUpStatus, refusalBy } from './effects.ts';
import { wait } from './wait.ts';

/**
 * What a fault's effects mean on the way that a call takes. Whatever is struck, they come in the order of `strikeBy`:
 *
 * |                  | a proxied call           | an RPC, REST, the environment's token | what the sandbox asks a provider for by itself |
 * | latencyMs        | before anybody is asked, ended with the call                              | as those                   |
 * | grpcCode         | Scalekit's refusal       | Scalekit's refusal                    | that of the tool; none of `kind: oauth` (check.ts) |
 * | status, body     | the provider's answer    | a tool's TOOL_ERROR, else the call's own answer | the provider's answer |
 * | headers          | its headers              | its headers, of which a TOOL_ERROR has none | its headers          |
 * | bytesPerSecond   | the body trickles        | the answer is there when all of it would be | as those             |
 * | reset            | within the body          | before the answer, with the work done | the request is lost: nothing is done |
 *
 * A refusal goes at that pace, and is cut off before it begins, on each of them.
 */
export interface Wire<Answer> {
  /** The log's, which is to name the fault. */
  exchange: OpenExchange | undefined;
  /** Each of them ends what waits. */
  signals: readonly AbortSignal[];
  /** As if there were no fault; may be put off until the answer is used. */
  ask(): Answer | Promise<Answer>;
  /** The provider's answer, made up. */
  makeUp(status: number): Answer;
  pace(answer: Answer, bytesPerSecond: number): Answer | Promise<Answer>;
  breakOff(answer: Answer): Answer;
  /** Where no answer has begun. Throws what the call ends with. */
  cutOff(): never;
}

/**
 * The one place where a fault happens to a call.
 * @throws Refusal where it is Scalekit's own; what the wire's parts throw; an AbortError where nobody waited for it
 */
export async function strikeBy<Answer>(fault: Fault, wire: Wire<Answer>): Promise<Answer> {
  const { exchange, signals } = wire;
  if (exchange) exchange.fault = fault.id;
  const { latencyMs = 0, bytesPerSecond, reset = false } = fault.effect;
  await wait(latencyMs, signals);
  const refusal = refusalBy(fault);
  if (refusal) {
    if (bytesPerSecond !== undefined)
      await waitForBytes(Buffer.byteLength(refusal.message), bytesPerSecond, signals);
    if (reset) wire.cutOff();
    throw refusal;
  }
  const status = madeUpStatus(fault.effect);
  const whole = status === undefined ? await wire.ask() : wire.makeUp(status);
  const answer = bytesPerSecond === undefined ? whole : await wire.pace(whole, bytesPerSecond);
  return reset ? wire.breakOff(answer) : answer;
}

/** As long as so many bytes take at that pace. */
export function waitForBytes(
  bytes: number,
  bytesPerSecond: number,
  signals: readonly AbortSignal[],
): Promise<void> {
  return wait((bytes / bytesPerSecond) * 1000, signals);
}
