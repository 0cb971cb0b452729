import {
  discoverAuthorizationServerMetadata,
  discoverOAuthProtectedResourceMetadata,
  extractWWWAuthenticateParams,
} from '@modelcontextprotocol/sdk/client/auth.js';
import type {
  AuthorizationServerMetadata,
  OAuthProtectedResourceMetadata,
} from '@modelcontextprotocol/sdk/shared/auth.js';
import {
  checkResourceAllowed,
  resourceUrlFromServerUrl,
} from '@modelcontextprotocol/sdk/shared/auth-utils.js';
import { LATEST_PROTOCOL_VERSION } from '@modelcontextprotocol/sdk/types.js';
import type { AuthorizationServer } from 'oauth4webapi';
import type { Connection } from '../../state/connections.ts';
import type { SandboxState } from '../../state/sandbox-state.ts';
import { discoveryFailed, type Look, lookAround, requireSecure } from './look.ts';

/** Where an MCP server sends its clients for tokens. */
export interface Discovered {
  server: AuthorizationServer;
  /** What the tokens are to be for (RFC 8707), as the server spells it. */
  resource: string;
  /** What the server asks for; none where it leaves that to the authorization server. */
  scopes: string[];
}

/**
 * As MCP's authorization describes it: the server's challenge leads to its protected-resource metadata (RFC 9728), that
 * to an authorization server, and its metadata (RFC 8414 or OpenID Connect Discovery) to the endpoints.
 * Throws a Refusal that tells where was looked and what was there.
 */
export async function discover(
  state: SandboxState,
  connection: Connection,
  mcpServer: URL,
): Promise<Discovered> {
  const look = lookAround(state, connection);
  const challenge = await challengeOf(look, mcpServer);
  const resource = await protectedResource(look, mcpServer, challenge.resourceMetadataUrl);
  // Servers of MCP's first authorization (2025-03-26) are their own authorization servers.
  const issuer = resource?.authorization_servers?.[0] ?? new URL('/', mcpServer).href;
  const server = await authorizationServer(look, issuer, resource !== undefined);
  const asked = challenge.scope?.split(' ').filter((scope) => scope !== '');
  return {
    server,
    resource: resource?.resource ?? resourceUrlFromServerUrl(mcpServer).href,
    scopes: asked ?? resource?.scopes_supported ?? [],
  };
}

/** What the server answers to somebody who shows no token; one that lets everybody begin gives no challenge. */
async function challengeOf(look: Look, mcpServer: URL) {
  const response = await look.fetch(mcpServer, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 0,
      method: 'initialize',
      params: {
        protocolVersion: LATEST_PROTOCOL_VERSION,
        capabilities: {},
        clientInfo: { name: 'sk-connect-sandbox', version: '1.0.0' },
      },
    }),
    redirect: 'manual',
  });
  await response.body?.cancel();
  return response.status === 401 ? extractWWWAuthenticateParams(response) : {};
}

async function protectedResource(
  look: Look,
  mcpServer: URL,
  resourceMetadataUrl: URL | undefined,
): Promise<OAuthProtectedResourceMetadata | undefined> {
  const options = resourceMetadataUrl === undefined ? {} : { resourceMetadataUrl };
  let resource: OAuthProtectedResourceMetadata;
  try {
    resource = await discoverOAuthProtectedResourceMetadata(mcpServer, options, look.fetch);
  } catch (error) {
    const isNone = look.status !== undefined && look.status >= 400 && look.status < 500;
    // One that was named has to be there.
    if (isNone && resourceMetadataUrl === undefined) return undefined;
    throw wrongMetadata(look, 'protected-resource metadata (RFC 9728)', error);
  }
  if (!checkResourceAllowed({ requestedResource: mcpServer, configuredResource: resource.resource })) {
    throw discoveryFailed(
      `the protected-resource metadata is of ${resource.resource}, and not of ${mcpServer.href}`,
    );
  }
  return resource;
}

async function authorizationServer(
  look: Look,
  issuer: string,
  isNamed: boolean,
): Promise<AuthorizationServer> {
  requireSecure(new URL(issuer));
  let server: AuthorizationServerMetadata | undefined;
  try {
    server = await discoverAuthorizationServerMetadata(issuer, { fetchFn: look.fetch });
  } catch (error) {
    throw wrongMetadata(look, 'authorization-server metadata (RFC 8414)', error);
  }
  if (server === undefined)
    throw discoveryFailed(`no authorization server was found: ${look.seen.join(', ')}`);
  if (isNamed && !isSameIssuer(server.issuer, issuer)) {
    throw discoveryFailed(
      `the metadata of ${issuer} is of another issuer, ${server.issuer} (RFC 8414 section 3.3)`,
    );
  }
  for (const name of ['authorization_endpoint', 'token_endpoint', 'registration_endpoint'] as const) {
    const endpoint = server[name];
    if (endpoint !== undefined) requireSecure(new URL(endpoint));
  }
  // Where it is not said, there is none: a client has to refuse (MCP, "Authorization Code Protection").
  if (server.code_challenge_methods_supported?.includes('S256') !== true) {
    throw discoveryFailed(
      `${server.issuer} does not say that it supports PKCE with S256 (code_challenge_methods_supported), which MCP requires`,
    );
  }
  return ofInterest(server);
}

/** What is kept of the metadata beside the tokens. */
function ofInterest(server: AuthorizationServerMetadata): AuthorizationServer {
  const kept = Object.entries(server).filter(([name]) => OF_INTEREST.has(name));
  return { issuer: server.issuer, ...Object.fromEntries(kept) };
}

const OF_INTEREST = new Set([
  'authorization_endpoint',
  'token_endpoint',
  'registration_endpoint',
  'revocation_endpoint',
  'grant_types_supported',
  'token_endpoint_auth_methods_supported',
  'authorization_response_iss_parameter_supported',
]);

/** What the SDK throws for an answer that is none, or names a place that must not be asked. */
function wrongMetadata(look: Look, what: string, error: unknown): Error {
  if (error instanceof Error && error.name === 'Refusal') return error;
  return discoveryFailed(`there is no ${what}: ${look.seen.slice(1).join(', ')}`);
}

/** RFC 8414 wants them to be identical; a slash at the end is what implementations differ in. */
function isSameIssuer(one: string, other: string): boolean {
  return one.replace(/\/$/, '') === other.replace(/\/$/, '');
}
