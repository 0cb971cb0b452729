import { setMaxListeners } from 'node:events';
import { finished, type Readable } from 'node:stream';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js';
import type { App } from '../../app.ts';
import { createToolsServer, type Handlers } from './server.ts';

/** Serves the client at stdin and stdout until it closes its end and has its answers, or the signal aborts. */
export async function serveStdio({ io, signal }: App, handlers: Handlers): Promise<void> {
  const transport = new StdioServerTransport(io.stdin, io.stdout);
  const pending = trackPending(transport, io.stdin);
  // Each answer waits for a reader that is slow.
  setMaxListeners(0, io.stdout);
  const server = createToolsServer(handlers);
  const over = new Promise<void>((resolve) => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    finished(io.stdin, { writable: false }, () => pending.whenNone(resolve));
    Object.assign(server, { onclose: () => resolve() });
  });
  await server.connect(transport);
  if (!signal.aborted) await over;
  await server.close();
  io.stdin.unref?.();
}

/** A client that asks for more waits. */
const MOST_PENDING = 100;

/**
 * Which requests are not answered yet; reads no more of them while there are many. To be called before the server is
 * connected, which keeps what is set here.
 */
function trackPending(transport: StdioServerTransport, stdin: Readable) {
  const pending = new Map<RequestId, number>();
  let count = 0;
  let onNone: (() => void) | undefined;
  const add = (id: RequestId) => {
    pending.set(id, (pending.get(id) ?? 0) + 1);
    count += 1;
    if (count >= MOST_PENDING) stdin.pause();
  };
  const drop = (id: RequestId) => {
    const ofId = pending.get(id) ?? 0;
    if (ofId === 0) return;
    pending.set(id, ofId - 1);
    if (ofId === 1) pending.delete(id);
    count -= 1;
    if (count < MOST_PENDING && stdin.isPaused()) stdin.resume();
    if (count === 0) onNone?.();
  };
  const onmessage = (message: JSONRPCMessage) => {
    if ('method' in message && 'id' in message) add(message.id);
    // It is not answered any more.
    if ('method' in message && message.method === 'notifications/cancelled') {
      const id: unknown = message.params?.['requestId'];
      if (typeof id === 'string' || typeof id === 'number') drop(id);
    }
  };
  const write = transport.send.bind(transport);
  const send = async (message: JSONRPCMessage) => {
    await write(message);
    if (!('method' in message) && message.id !== undefined) drop(message.id);
  };
  Object.assign(transport, { onmessage, send });
  return {
    whenNone: (callback: () => void) => {
      if (count === 0) callback();
      else onNone = callback;
    },
  };
}
