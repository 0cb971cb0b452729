import type { IncomingMessage, ServerResponse } from 'node:http';
import { requireEnvironmentToken } from '../environment/bearer.ts';
import { struckUpstream } from '../faults/proxied.ts';
import { ensureFresh } from '../oauth/refresh.ts';
import { invalidArgument, Refusal } from '../refusal.ts';
import { refuse } from '../refuse.ts';
import type { Account } from '../state/accounts.ts';
import { requireConnection } from '../state/connections.ts';
import { requireAccount, requireActive } from '../state/find-account.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { credentialHeader } from './credentials.ts';
import { forward } from './forward.ts';
import { upstreamHeaders } from './request-headers.ts';
import { upstreamTarget } from './target.ts';

/** `ANY /proxy{path}`: to the connector's `proxy_url`, with the connected account's credential. */
export async function proxy(
  state: SandboxState,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    await requireEnvironmentToken(state, request.headers.authorization);
    const account = proxiedAccount(state, request);
    const target = upstreamTarget(account, request.url ?? '');
    const { faults, upstream } = state;
    const provider = faults.isEmpty() ? upstream : await struckUpstream(state, account, request, response);
    await ensureFresh(state, account);
    requireActive(account, state.now());
    state.accounts.touch(account);
    const headers = upstreamHeaders(request, credentialHeader(account));
    forward(provider, { ...target, headers }, request, response);
  } catch (error) {
    if (!response.headersSent) refuse(response, error);
  }
}

function proxiedAccount(state: SandboxState, request: IncomingMessage): Account {
  const connector = header(request, 'connection_name');
  const identifier = header(request, 'identifier');
  const connection = requireConnection(state.connections, connector);
  if (connection.connector.definition.proxy_enabled !== true) {
    throw new Refusal('failed_precondition', 'PROXY_NOT_ENABLED', 'proxy not enabled for provider');
  }
  const account = requireAccount(state, { connector, identifier });
  requireActive(account, state.now());
  return account;
}

function header(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  if (typeof value === 'string' && value !== '') return value;
  throw invalidArgument(name, 'the header is required');
}
