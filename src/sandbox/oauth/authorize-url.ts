import type { OAuthParties } from './client.ts';

interface AuthorizationRequest {
  redirectUri: string;
  state: string;
  scopes?: readonly string[];
  codeChallenge?: string | undefined;
  /** What the provider calls the parameter; `scope` where omitted. */
  scopeName?: string | undefined;
}

/** Where the browser goes (RFC 6749 section 4.1.1), with what RFC 7636 and 8707 add. */
export function authorizeUrl(
  { server, client, resource }: Pick<OAuthParties, 'server' | 'client' | 'resource'>,
  { redirectUri, state, scopes = [], codeChallenge, scopeName }: AuthorizationRequest,
): URL {
  const url = new URL(server.authorization_endpoint ?? '');
  const parameters = url.searchParams;
  parameters.set('response_type', 'code');
  parameters.set('client_id', client.client_id);
  parameters.set('redirect_uri', redirectUri);
  parameters.set('state', state);
  if (scopes.length > 0) parameters.set(scopeName || 'scope', scopes.join(' '));
  if (resource !== undefined) parameters.set('resource', resource);
  if (codeChallenge !== undefined) {
    parameters.set('code_challenge', codeChallenge);
    parameters.set('code_challenge_method', 'S256');
  }
  return url;
}
