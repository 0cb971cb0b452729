import type { IncomingMessage } from 'node:http';
import { exchangeOf } from '../exchanges/record.ts';
import type { Fault } from '../interface/faults.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { cutOff } from './client.ts';
import type { FaultSubject } from './compile.ts';
import { type MadeUpAnswer, madeUpAnswer, madeUpStatus } from './effects.ts';
import { strikeBy, waitForBytes } from './wire.ts';

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
  const signals = [signal, state.closing];
  const { give } = await strikeBy<Whole<T>>(fault, {
    exchange: incoming && exchangeOf(incoming),
    signals,
    async ask() {
      const answer = await next();
      return { size: () => sizeOf(answer), give: () => answer };
    },
    makeUp: (status) => madeUp(fault, status, failAs),
    async pace(answer, bytesPerSecond) {
      await waitForBytes(answer.size(), bytesPerSecond, signals);
      return answer;
    },
    breakOff: () => cutOff(incoming, fault),
    cutOff: () => cutOff(incoming, fault),
  });
  return give();
}

/** An answer that is one message. */
interface Whole<T> {
  size: () => number;
  give: () => T;
}

function madeUp(fault: Fault, status: number, failAs: Call<never>['failAs']): Whole<never> {
  const answer = madeUpAnswer(fault, status);
  return {
    size: () => answer.body.length,
    give() {
      if (failAs) failAs(fault, status);
      throw new AnswerInstead(answer);
    },
  };
}
