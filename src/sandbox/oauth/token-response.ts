import type { TokenEndpointResponse } from 'oauth4webapi';
import type { Response as UndiciResponse } from 'undici';
import type { OAuthCredentials } from '../state/accounts.ts';

/**
 * A token endpoint's answer as oauth4webapi accepts it. Real providers leave out `token_type` or call it
 * something of their own; and an ID token cannot be checked where only two endpoints are known.
 */
export async function tolerantResponse(response: UndiciResponse): Promise<Response> {
  const text = await response.text();
  const { status } = response;
  const headers = new Headers([...response.headers]);
  headers.delete('content-encoding');
  headers.delete('content-length');
  const body: unknown = status === 200 ? parseJson(text) : undefined;
  if (typeof body !== 'object' || body === null) {
    return new Response(status === 204 || status === 304 ? null : text, { status, headers });
  }
  const { id_token: _unchecked, ...rest } = body as Record<string, unknown>;
  headers.set('content-type', 'application/json');
  return new Response(JSON.stringify({ ...rest, token_type: 'bearer' }), { status, headers });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export function oauthCredentials(
  answer: TokenEndpointResponse,
  before: { refreshToken: string | undefined; scopes: string[] },
  now: number,
): OAuthCredentials {
  return {
    kind: 'oauth',
    accessToken: answer.access_token,
    // RFC 6749 section 6: a new refresh token replaces the old one, none leaves it good.
    refreshToken: answer.refresh_token ?? before.refreshToken,
    scopes: answer.scope?.split(' ').filter((scope) => scope !== '') ?? before.scopes,
    expiresAt: answer.expires_in === undefined ? undefined : now + answer.expires_in * 1000,
  };
}
