import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { fetch as undiciFetch } from 'undici';
import { isLoopback } from '../../../http/loopback.ts';
import { Refusal } from '../../refusal.ts';
import type { Connection } from '../../state/connections.ts';
import type { SandboxState } from '../../state/sandbox-state.ts';
import { failureCode, refusalOf } from '../../upstream/failure.ts';

/** A fetch that remembers what was answered where, so that a failure can tell all of it. */
export interface Look {
  fetch: FetchLike;
  /** `https://host/path: 404`, oldest first. */
  seen: string[];
  /** The status of the last answer. */
  status: number | undefined;
}

/** Looks around at a provider: within what the sandbox may reach and what it waits for, at endpoints that are secure. Each request is in the log. */
export function lookAround(state: SandboxState, { name: connectionName }: Connection): Look {
  const look: Look = {
    seen: [],
    status: undefined,
    fetch: async (input, init) => {
      const url = new URL(input);
      requireSecure(url);
      const shown = url.origin + url.pathname;
      const exchange = state.exchanges.begin('oauth', init?.method ?? 'GET', url.href);
      exchange.connectionName = connectionName;
      let status: number | null = null;
      const signal = AbortSignal.any([AbortSignal.timeout(state.upstreamTimeoutMs), state.closing]);
      const request = { ...init, signal, dispatcher: state.upstream } as Parameters<typeof undiciFetch>[1];
      try {
        const response = await undiciFetch(url, request);
        ({ status } = response);
        look.status = status;
        look.seen.push(`${shown}: ${status}`);
        return response;
      } catch (error) {
        const refusal = refusalOf(error) ?? unreachable(shown, error);
        exchange.error = refusal.message;
        throw refusal;
      } finally {
        state.exchanges.end(exchange, status);
      }
    },
  };
  return look;
}

/** MCP's authorization allows nothing but HTTPS; `http://` on loopback is the sandbox's own. */
export function requireSecure(url: URL): void {
  if (url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))) return;
  throw discoveryFailed(`${url.origin} is not https:// (http:// is allowed on loopback only)`);
}

export function discoveryFailed(message: string): Refusal {
  return new Refusal('failed_precondition', 'OAUTH_DISCOVERY_FAILED', message);
}

function unreachable(shown: string, error: unknown): Refusal {
  if (error instanceof Error && error.name === 'TimeoutError') {
    return new Refusal('deadline_exceeded', 'OAUTH_DISCOVERY_FAILED', `${shown} did not answer in time`);
  }
  const code = failureCode(error);
  const reason = code === undefined ? '' : ` (${code})`;
  return new Refusal('unavailable', 'OAUTH_DISCOVERY_FAILED', `${shown} could not be reached${reason}`);
}
