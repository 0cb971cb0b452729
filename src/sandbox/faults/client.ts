import type { IncomingMessage, ServerResponse } from 'node:http';

/** Aborts when the client's connection is done with the call, whatever the reason. */
export function clientGone(response: ServerResponse): AbortSignal {
  const gone = new AbortController();
  if (response.destroyed) gone.abort();
  else response.once('close', () => gone.abort());
  return gone.signal;
}

/** A real TCP reset, after what was written so far is on its way. Over HTTP/2 it hits all that shares the connection. */
export function resetConnection(request: IncomingMessage): void {
  setImmediate(() => {
    request.socket.resetAndDestroy();
  });
}
