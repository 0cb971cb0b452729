import { finished } from 'node:stream';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/sdk/types.js';
import type { App } from '../../app.ts';
import type { Handlers } from './server.ts';
import { createToolsServer } from './server.ts';

/** Serves the client at stdin and stdout until it closes its end and has its answers, or the signal aborts. */
export async function serveStdio({ io, signal }: App, handlers: Handlers): Promise<void> {
  const transport = new StdioServerTransport(io.stdin, io.stdout);
  const pending = trackPending(transport);
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

/** Which requests are not answered yet. To be called before the server is connected, which keeps what is set here. */
function trackPending(transport: StdioServerTransport) {
  const pending = new Set<RequestId>();
  let onNone: (() => void) | undefined;
  const drop = (id: RequestId) => {
    pending.delete(id);
    if (pending.size === 0) onNone?.();
  };
  const onmessage = (message: JSONRPCMessage) => {
    if ('method' in message && 'id' in message) pending.add(message.id);
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
      if (pending.size === 0) callback();
      else onNone = callback;
    },
  };
}
