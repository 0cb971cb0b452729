import type { Dispatcher } from 'undici';
import type { MadeUpAnswer } from './effects.ts';

/** What undici tells of an answer, in the form that forward.ts takes it: headers as they came. */
export type AnswerHandler = Required<
  Pick<Dispatcher.DispatchHandler, 'onConnect' | 'onHeaders' | 'onData' | 'onComplete' | 'onError'>
>;

/** Tells a handler of an answer that nobody gave. */
export function tell(handler: AnswerHandler, answer: MadeUpAnswer): void {
  let isAborted = false;
  handler.onConnect((error) => {
    if (isAborted) return;
    isAborted = true;
    handler.onError(error ?? new Error('aborted'));
  });
  if (isAborted) return;
  const headers = answer.headers.map((part) => Buffer.from(part, 'latin1'));
  handler.onHeaders(answer.status, headers, () => {}, answer.statusText);
  if (answer.body.length > 0) handler.onData(answer.body);
  if (!isAborted) handler.onComplete([]);
}

const LONGEST_TICK_MS = 50;

/** Hands the body on at that pace, holding one chunk back while the sender waits; what cannot be taken is not made up for later. */
export function paced(handler: AnswerHandler, bytesPerSecond: number): AnswerHandler {
  const tickMs = Math.max(LONGEST_TICK_MS, 1000 / bytesPerSecond);
  let held: Buffer[] = [];
  let timer: NodeJS.Timeout | undefined;
  let before = 0;
  let allowance = 0;
  let isBlocked = false;
  let resumeSender = () => {};
  let trailers: string[] | null | undefined;

  function tick(): void {
    const now = performance.now();
    allowance = Math.min(
      allowance + ((now - before) * bytesPerSecond) / 1000,
      (2 * tickMs * bytesPerSecond) / 1000,
    );
    before = now;
    while (!isBlocked && allowance >= 1 && held[0]) {
      const part = held[0].subarray(0, Math.floor(allowance));
      const rest = held[0].subarray(part.length);
      if (rest.length > 0) held[0] = rest;
      else held.shift();
      allowance -= part.length;
      isBlocked = !handler.onData(part);
    }
    if (held.length > 0 || (isBlocked && trailers === undefined)) return;
    stop();
    if (trailers !== undefined) handler.onComplete(trailers);
    else resumeSender();
  }

  function start(): void {
    if (timer !== undefined) return;
    before = performance.now();
    timer = setInterval(tick, tickMs);
  }

  function stop(): void {
    clearInterval(timer);
    timer = undefined;
    held = [];
  }

  return {
    onConnect: (abort) => handler.onConnect(abort),
    onHeaders(status, headers, resume, statusText) {
      resumeSender = resume;
      return handler.onHeaders(status, headers, () => (isBlocked = false), statusText);
    },
    onData(chunk) {
      held.push(chunk);
      start();
      return false;
    },
    onComplete(received) {
      trailers = received;
      if (timer === undefined) handler.onComplete(received);
    },
    onError(error) {
      stop();
      handler.onError(error);
    },
  };
}

/** Lets half of the first part of the body through, and calls `reset` where the rest would follow. */
export function brokenOff(handler: AnswerHandler, reset: (hasBegun: boolean) => void): AnswerHandler {
  let sendHead = () => {};
  let abortCall: ((error?: Error) => void) | undefined;
  let isOver = false;

  function breakOff(part: Buffer): void {
    isOver = true;
    // An answer without a body would be whole with its head.
    if (part.length > 0) {
      sendHead();
      handler.onData(part.subarray(0, Math.floor(part.length / 2)));
    }
    reset(part.length > 0);
    abortCall?.();
  }

  return {
    onConnect(abort) {
      abortCall = abort;
      handler.onConnect(abort);
    },
    onHeaders(status, headers, resume, statusText) {
      if (status < 200) return true;
      sendHead = () => handler.onHeaders(status, headers, resume, statusText);
      return true;
    },
    onData(chunk) {
      if (!isOver) breakOff(chunk);
      return true;
    },
    onComplete() {
      if (!isOver) breakOff(Buffer.alloc(0));
    },
    onError(error) {
      if (!isOver) handler.onError(error);
    },
  };
}
