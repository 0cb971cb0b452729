import { setMaxListeners } from 'node:events';
import type { TcpNetConnectOpts } from 'node:net';
import { Agent, buildConnector, Pool } from 'undici';
import { linkedSignal } from '../linked-signal.ts';
import type { UpstreamGuard } from './guard.ts';

const CONNECT_TIMEOUT_MS = 10_000;
/** Of answers, as of what clients send. */
const LARGEST_HEADER_BYTES = 64 * 1024;

/**
 * What everything that the sandbox calls goes through: providers, token endpoints, MCP servers, webhooks. Asks the guard
 * before there is a connection, and connects to the very addresses that it has checked. Environment variables of proxies are
 * not looked at: behind a proxy it is not known what a name resolves to.
 * @param timeoutMs how long the beginning of an answer is waited for; it may then go on for as long as it likes
 * @param closing ends connections; undici itself does not end those that are still being made
 */
export function createUpstream(guard: UpstreamGuard, timeoutMs: number, closing: AbortSignal): Agent {
  // One for each connection that is being made.
  setMaxListeners(0, closing);
  const options = { headersTimeout: timeoutMs, bodyTimeout: 0, maxHeaderSize: LARGEST_HEADER_BYTES };
  return new Agent({
    // Asked once for each origin, when there is no connection to it yet.
    factory(origin) {
      const url = new URL(origin);
      guard.requireAllowed(url);
      const connect = connectorUntil(closing, { timeout: CONNECT_TIMEOUT_MS, lookup: guard.lookupFor(url) });
      return new Pool(url.origin, { ...options, connect });
    },
  });
}

/** A socket never lets go of the signal that it was made with, so that each has a signal of its own. */
function connectorUntil(
  closing: AbortSignal,
  options: Pick<TcpNetConnectOpts, 'timeout' | 'lookup'>,
): buildConnector.connector {
  return (target, callback) => {
    const making = linkedSignal([closing]);
    const connect = buildConnector({ ...options, signal: making.signal } as buildConnector.BuildOptions);
    connect(target, (...result) => {
      making.release();
      callback(...result);
    });
  };
}
