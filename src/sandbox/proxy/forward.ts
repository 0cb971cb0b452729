import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { type Dispatcher, errors } from 'undici';
import { Refusal } from '../refusal.ts';
import { refuse } from '../refuse.ts';
import { failureCode, refusalOf } from '../upstream/failure.ts';
import { clientHeaders } from './request-headers.ts';

interface UpstreamCall {
  origin: string;
  path: string;
  headers: string[];
}

/**
 * One call to the provider, streamed both ways: nothing is held back, decoded or followed. undici's own
 * `dispatch` is the only interface that gives the response's headers as they came, repeated ones too.
 */
export function forward(
  provider: Pick<Dispatcher, 'dispatch'>,
  call: UpstreamCall,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  let abort: ((error?: Error) => void) | undefined;
  response.on('close', () => {
    if (!response.writableFinished) abort?.(new Error('the client went away'));
  });

  provider.dispatch(
    { ...call, method: request.method ?? 'GET', body: hasBody(request) ? bodyOf(request) : null },
    {
      onConnect(abortCall) {
        if (response.destroyed) abortCall();
        else abort = abortCall;
      },
      onHeaders(status, headers, resume, reason) {
        if (status < 200) return true;
        response.on('drain', resume);
        sendHead(response, status, reason, headers);
        // It may name the length of what it does not send (RFC 9110 section 8.6): undici takes that for a body that is missing.
        if (status === 304) response.end();
        return true;
      },
      onData: (chunk) => response.write(chunk),
      onComplete() {
        response.end();
      },
      onError(error) {
        if (response.writableEnded) return;
        if (response.headersSent) response.destroy();
        else if (!response.destroyed) refuse(response, upstreamFailure(error));
      },
    },
  );
}

function sendHead(response: ServerResponse, status: number, reason: string, headers: Buffer[]): void {
  // The provider's Date or none: what it did not send is not added.
  response.sendDate = false;
  const raw = clientHeaders(headers.map((part) => part.toString('latin1')));
  response.writeHead(status, reason, raw);
  // What came along with the head goes out with it, in one write. Not by the response's own cork(): of Node 22 and later
  // that one puts the end of a chunked body before the body.
  const { socket } = response;
  socket?.cork();
  queueMicrotask(() => socket?.uncork());
  // Sends the head at once. flushHeaders() would, too, but in UTF-8 where header bytes are Latin-1.
  response.write('', 'latin1');
}

function hasBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** Not the request itself: undici destroys a stream when the call fails, and the refusal could not be sent any more. */
function bodyOf(request: IncomingMessage): Readable {
  // undici takes any async iterable; its types name only the streams.
  return request.iterator({ destroyOnReturn: false }) as unknown as Readable;
}

function upstreamFailure(error: Error): Refusal {
  const refusal = refusalOf(error);
  if (refusal) return refusal;
  if (error instanceof errors.HeadersTimeoutError || error instanceof errors.ConnectTimeoutError) {
    return new Refusal('deadline_exceeded', 'UPSTREAM_TIMEOUT', 'the provider did not answer in time');
  }
  if (error instanceof errors.InvalidArgumentError) {
    return new Refusal('invalid_argument', 'INVALID_REQUEST', 'the request cannot be sent to the provider');
  }
  if (error instanceof errors.HeadersOverflowError) {
    const message = "the provider's headers are larger than 64 KiB";
    return new Refusal('unavailable', 'UPSTREAM_UNREACHABLE', message);
  }
  const code = failureCode(error);
  const reason = code === undefined ? '' : ` (${code})`;
  return new Refusal('unavailable', 'UPSTREAM_UNREACHABLE', `the provider could not be reached${reason}`);
}
