import type { IncomingMessage } from 'node:http';
import { exchangeOf } from '../exchanges/record.ts';
import type { Fault } from '../interface/faults.ts';
import { Refusal } from '../refusal.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import type { FaultSubject } from './compile.ts';
import { type MadeUpAnswer, madeUpAnswer, madeUpStatus, refuseAs } from './effects.ts';
import { wait } from './wait.ts';

/** What is answered in place of anything else. */
export class AnswerInstead extends Error {
  readonly answer: MadeUpAnswer;

  constructor(answer: MadeUpAnswer) {
    super(`HTTP status ${answer.status} by a fault of the sandbox`);
    this.answer = answer;
  }
}

interface Call<T> {
  incoming: IncomingMessage | undefined;
  signal: AbortSignal;
  sizeOf: (answer: T) => number;
  /** Throws what a status means for this call, where that is not the call's own HTTP status. */
  failAs?: (fault: Fault, status: number) => never;
}

/**
 * A call that is answered with one message, and what a fault makes of it.
 * @throws Refusal; AnswerInstead; an AbortError where the client did not wait, or was cut off
 */
export async function strike<T>(
  state: SandboxState,
  subject: FaultSubject,
  { incoming, signal, sizeOf, failAs }: Call<T>,
  next: () => Promise<T>,
): Promise<T> {
  const fault = state.faults.take(subject, (candidate) => {
    if (madeUpStatus(candidate.effect) === undefined || failAs) return true;
    // A provider's answer; of a call that asks none only where the fault names the call itself.
    return (
      (subject.path !== undefined && candidate.match.path !== undefined) || subject.kinds.includes('token')
    );
  });
  if (!fault) return next();
  const exchange = incoming && exchangeOf(incoming);
  if (exchange) exchange.fault = fault.id;
  const { latencyMs = 0, bytesPerSecond, reset } = fault.effect;
  const signals = [signal, state.closing];
  await wait(latencyMs, signals);
  refuseAs(fault);
  const status = madeUpStatus(fault.effect);
  if (status !== undefined && !reset) {
    if (failAs) failAs(fault, status);
    throw new AnswerInstead(madeUpAnswer(fault, status));
  }
  const answer = status === undefined ? await next() : undefined;
  if (answer === undefined || reset) {
    if (exchange) exchange.isCutOff = true;
    incoming?.socket.resetAndDestroy();
    throw new Refusal('unavailable', 'CONNECTION_RESET', `the connection was reset (${fault.id})`);
  }
  if (bytesPerSecond !== undefined) await wait((sizeOf(answer) / bytesPerSecond) * 1000, signals);
  return answer;
}
