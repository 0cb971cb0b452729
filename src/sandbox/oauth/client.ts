import * as oauth from 'oauth4webapi';
import { type Agent, fetch as undiciFetch } from 'undici';
import { isLoopback } from '../proxy/loopback.ts';
import { resolveUrl } from '../proxy/placeholders.ts';
import { Refusal } from '../refusal.ts';
import type { Account } from '../state/accounts.ts';
import type { Connection } from '../state/connections.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { tolerantResponse } from './token-response.ts';

interface OAuthParties {
  server: oauth.AuthorizationServer;
  client: oauth.Client;
  authentication: oauth.ClientAuth;
  options: oauth.TokenEndpointRequestOptions;
}

/** Whose values the placeholders in an OAuth connector's URLs take. */
type UrlValues = Pick<Account, 'credentials' | 'apiConfig'>;

export function oauthParties(state: SandboxState, connection: Connection, values: UrlValues): OAuthParties {
  const { authorize_uri = '', token_uri = '' } = connection.pattern.oauth_config ?? {};
  const registered = connection.oauth;
  if (!registered || authorize_uri === '' || token_uri === '') {
    const message = `connection ${connection.name} has no OAuth client, authorize_uri or token_uri`;
    throw new Refusal('failed_precondition', 'OAUTH_NOT_CONFIGURED', message);
  }
  const tokenEndpoint = resolveUrl(token_uri, values);
  return {
    server: {
      // A connector definition does not name the issuer; what would be compared with it is left out.
      issuer: tokenEndpoint.origin,
      authorization_endpoint: resolveUrl(authorize_uri, values).href,
      token_endpoint: tokenEndpoint.href,
    },
    client: { client_id: registered.client_id },
    authentication: registered.client_secret
      ? oauth.ClientSecretBasic(registered.client_secret)
      : oauth.None(),
    options: {
      [oauth.customFetch]: tokenFetch(state.upstream, state.upstreamTimeoutMs),
      [oauth.allowInsecureRequests]: isLoopback(tokenEndpoint.hostname),
    },
  };
}

function tokenFetch(agent: Agent, timeoutMs: number) {
  return async (url: string, init: { signal?: AbortSignal }): Promise<Response> => {
    const signal = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(init.signal ? [init.signal] : [])]);
    const request = { ...init, signal, dispatcher: agent } as Parameters<typeof undiciFetch>[1];
    return tolerantResponse(await undiciFetch(url, request));
  };
}
