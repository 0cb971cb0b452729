import type * as oauth from 'oauth4webapi';
import { resolveUrl } from '../proxy/placeholders.ts';
import { Refusal } from '../refusal.ts';
import type { Account } from '../state/accounts.ts';
import type { Connection } from '../state/connections.ts';
import type { ClientAuthMethod } from '../state/oauth-clients.ts';
import type { SandboxState } from '../state/sandbox-state.ts';

/** Who gives the tokens of a connection, and as whom they are asked for. */
export interface OAuthParties {
  server: oauth.AuthorizationServer;
  /** Whether `server` is what the provider's own metadata says: then RFC 9207's `iss` is compared. */
  isDiscovered: boolean;
  client: oauth.Client;
  /** None for a public client. */
  clientSecret: string | undefined;
  /** How the token endpoint takes the secret; found out where undefined. */
  authMethod: ClientAuthMethod | undefined;
  /** What the tokens are for, where that is said (RFC 8707). */
  resource: string | undefined;
  /** What is asked for. */
  scopes: string[];
  /** Kept with the tokens, which are good with no other client. */
  issuedBy?: DiscoveredClient | undefined;
}

/** An authorization server that was discovered, and the client at it. */
export interface DiscoveredClient {
  server: oauth.AuthorizationServer;
  /** With its `client_secret` and `token_endpoint_auth_method`, where it has them. */
  client: oauth.Client;
  /** What the tokens are for (RFC 8707). */
  resource: string;
  scopes: string[];
}

/** Whose values the placeholders in an OAuth connector's URLs take. */
export type UrlValues = Pick<Account, 'credentials' | 'apiConfig'>;

/** As the connector and the connection say. Throws a Refusal where they do not, or for a host that is not allowed. */
export function oauthParties(state: SandboxState, connection: Connection, values: UrlValues): OAuthParties {
  const { authorize_uri = '', token_uri = '' } = connection.pattern.oauth_config ?? {};
  const registered = connection.oauth;
  if (!registered || authorize_uri === '' || token_uri === '') {
    const message = `connection ${connection.name} has no OAuth client, authorize_uri or token_uri`;
    throw new Refusal('failed_precondition', 'OAUTH_NOT_CONFIGURED', message);
  }
  const tokenEndpoint = resolveUrl(token_uri, values);
  // Before a browser is sent away for a code that could not be exchanged.
  state.guard.requireAllowed(tokenEndpoint);
  return {
    server: {
      // A connector definition does not name the issuer.
      issuer: tokenEndpoint.origin,
      authorization_endpoint: resolveUrl(authorize_uri, values).href,
      token_endpoint: tokenEndpoint.href,
    },
    isDiscovered: false,
    client: { client_id: registered.client_id },
    clientSecret: registered.client_secret || undefined,
    authMethod: registered.token_endpoint_auth_method,
    resource: undefined,
    scopes: requestedScopes(connection),
  };
}

export function discoveredParties(state: SandboxState, issuedBy: DiscoveredClient): OAuthParties {
  const { server, client, resource, scopes } = issuedBy;
  const { client_id, client_secret: secret, token_endpoint_auth_method: method } = client;
  const isPublic = method === 'none' || typeof secret !== 'string' || secret === '';
  state.guard.requireAllowed(new URL(server.token_endpoint ?? server.issuer));
  return {
    server,
    isDiscovered: true,
    client: { client_id },
    clientSecret: isPublic ? undefined : secret,
    authMethod: method === 'client_secret_basic' || method === 'client_secret_post' ? method : undefined,
    resource,
    scopes,
    issuedBy,
  };
}

/** The connection's scopes, else those that the connector cannot do without. */
export function requestedScopes({ oauth: registered, pattern }: Connection): string[] {
  if (registered?.scopes) return registered.scopes;
  const available = pattern.oauth_config?.available_scopes ?? [];
  return available.filter(({ required }) => required).map(({ scope }) => scope);
}
