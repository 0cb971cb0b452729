import { EventEmitter } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { messageOf, SkConnectError, usageError } from '../errors.ts';
import { limitSilence } from './limit-silence.ts';
import { outliveWriteErrors } from './outlive-write-errors.ts';
import type { ProxyCall } from './proxy-input.ts';

/** One request on its way. */
export interface Sending {
  /** For axios: a stream, as far as it looks. It is told the request here, and sends nothing of it itself. */
  data: EventEmitter & { pipe(request: ClientRequest): void };
  /**
   * Settles when the body is sent as far as it will be: all of it, or what was sent when the server said no.
   * Rejects where it cannot be read on, or the connection breaks.
   */
  sent: Promise<void>;
  isSent(): boolean;
  /** Whether it went over a connection that another call had used before. */
  isReused(): boolean;
  /** Whether the head of an answer has come. */
  isAnswered(): boolean;
}

/**
 * Sends a body in step with the connection. An answer that comes first is not lost, as it would be with axios: one of
 * 300 and above ends the sending (RFC 9112 section 9.5), another waits for it. Breaks off when nothing moves for
 * `idleMs`, unless it is the body that is long in coming.
 */
export function createSending(body: ProxyCall['body'], idleMs: number): Sending {
  let request: ClientRequest | undefined;
  let response: IncomingMessage | undefined;
  let isSent = false;
  let settle = { resolve: () => {}, reject: (_error: Error) => {} };
  const sent = new Promise<void>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Most calls are answered after all was sent, and nobody asks.
  sent.catch(() => {});

  const finish = () => {
    isSent = true;
    settle.resolve();
  };

  const pipe = (outgoing: ClientRequest) => {
    request = outgoing;
    const source = body === undefined || body instanceof Uint8Array ? undefined : body.open();
    let failure: Error | undefined;

    const stop = () => {
      if (isSent) return;
      finish();
      source?.unpipe(outgoing);
      source?.destroy();
      // What was not sent to its end leaves a connection that is good for nothing else.
      whenAnswered(outgoing, response, () => outgoing.destroy());
    };
    const fail = (error: Error) => {
      failure = error;
      response?.destroy(error);
      outgoing.destroy(error);
    };

    outgoing.once('socket', (socket: Socket) => outliveWriteErrors(socket, outgoing, stop));
    limitSilence(outgoing, idleMs, () => source !== undefined && !isSent && !outgoing.writableNeedDrain);
    outgoing.once('response', (incoming: IncomingMessage) => {
      response = incoming;
      if ((incoming.statusCode ?? 0) >= 300 && !outgoing.writableFinished) stop();
    });
    outgoing.once('finish', finish);
    outgoing.once('close', () => {
      source?.destroy();
      settle.reject(failure ?? new Error('the connection was closed'));
    });

    if (source === undefined) {
      outgoing.end(body);
      return;
    }
    source.once('error', (error) => fail(unreadable(error)));
    source.once('close', () => {
      if (!isSent && !source.readableEnded) fail(failure ?? unreadable(new Error('it broke off')));
    });
    source.pipe(outgoing);
  };

  return {
    data: Object.assign(new EventEmitter(), { pipe }),
    sent,
    isSent: () => isSent,
    isReused: () => request?.reusedSocket === true,
    isAnswered: () => response !== undefined,
  };
}

/** Not a failure of the connection, whatever code of the system it carries. */
function unreadable(error: Error): SkConnectError {
  if (error instanceof SkConnectError) return error;
  return usageError(
    `the body cannot be read: ${messageOf(error)}`,
    'The call was broken off; send it again when it can be read to its end.',
    { code: 'body_unreadable', cause: error },
  );
}

function whenAnswered(
  request: ClientRequest,
  response: IncomingMessage | undefined,
  callback: () => void,
): void {
  if (response === undefined) request.once('response', (late: IncomingMessage) => late.once('end', callback));
  else if (response.readableEnded) callback();
  else response.once('end', callback);
}
