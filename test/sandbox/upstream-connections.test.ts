import { getEventListeners } from 'node:events';
import { createServer } from 'node:net';
import { request } from 'undici';
import { expect, it, onTestFinished } from 'vitest';
import { createUpstream } from '../../src/sandbox/upstream/dispatcher.ts';
import { createGuard } from '../../src/sandbox/upstream/guard.ts';
import { upstream } from './support/upstream.ts';

function upstreamUntil(closing: AbortSignal) {
  const agent = createUpstream(
    createGuard([], async () => []),
    10_000,
    closing,
  );
  onTestFinished(() => agent.destroy());
  return agent;
}

it('of a connection that ended nothing is kept', async () => {
  const origin = await upstream((_request, response) => {
    response.setHeader('connection', 'close').end('{}');
  });
  const closing = new AbortController();
  const dispatcher = upstreamUntil(closing.signal);
  for (let call = 0; call < 5; call += 1) {
    const { body } = await request(origin, { dispatcher });
    await body.dump();
  }
  expect(getEventListeners(closing.signal, 'abort')).toEqual([]);
});

it('a connection that is still being made ends with the sandbox', async () => {
  // It takes the connection, and never says anything of TLS.
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const ended = new Promise<void>((resolve) =>
    server.once('connection', (socket) => {
      socket
        .on('error', () => {})
        .resume()
        .once('close', () => resolve());
    }),
  );
  onTestFinished(() => void server.close());
  const closing = new AbortController();
  const address = server.address() as { port: number };
  const call = request(`https://127.0.0.1:${address.port}`, { dispatcher: upstreamUntil(closing.signal) });
  const refused = expect(call).rejects.toThrow();
  await new Promise((resolve) => server.once('connection', resolve));
  closing.abort();
  await refused;
  await ended;
});
