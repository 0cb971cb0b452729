import type { TokenEndpointResponse } from 'oauth4webapi';
import type { Response as UndiciResponse } from 'undici';
import { secondsAfter } from '../clock.ts';
import type { OAuthCredentials } from '../state/accounts.ts';

type Body = Record<string, unknown>;

/**
 * A token endpoint's answer as oauth4webapi accepts it. Real providers answer in a form (GitHub, unless asked for JSON), with status 200
 * for an error (GitHub, Slack) or 201 for a token, leave out `token_type` or call it something of their own; and an ID token cannot be
 * checked where only two endpoints are known.
 */
export async function tolerantResponse(response: UndiciResponse): Promise<Response> {
  const text = await response.text();
  const body = bodyOf(text, response.headers.get('content-type') ?? '');
  const failure = body === undefined ? undefined : errorOf(body);
  if (response.ok && body !== undefined && failure === undefined) return json(200, tokenOf(body));
  const status = response.ok && failure !== undefined ? 400 : response.status;
  if (failure !== undefined && status >= 400) return json(status, failure);
  return new Response([204, 205, 304].includes(status) ? null : text, { status });
}

function json(status: number, body: Body): Response {
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
}

/** JSON whatever it is called, else a form. */
function bodyOf(text: string, contentType: string): Body | undefined {
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null ? (body as Body) : undefined;
  } catch {
    const isForm = contentType.includes('x-www-form-urlencoded') || /^(access_token|error)=/.test(text);
    return isForm ? Object.fromEntries(new URLSearchParams(text)) : undefined;
  }
}

/** RFC 6749 section 5.2; an error that is no code is some API's own, whose words are better than none. */
function errorOf(body: Body): Body | undefined {
  const { error, error_description: description } = body;
  if (typeof error === 'string' && error !== '') {
    return { error, ...(typeof description === 'string' && { error_description: description }) };
  }
  if (typeof error !== 'object' || error === null || !('message' in error)) return undefined;
  return { error: 'error', error_description: String(error.message) };
}

function tokenOf(answer: Body): Body {
  // Slack's, where scopes were asked for with `user_scope` alone: the user's token is inside.
  const inner = answer['access_token'] === undefined ? answer['authed_user'] : undefined;
  const body: Body = typeof inner === 'object' && inner !== null ? { ...answer, ...inner } : answer;
  const { id_token: _unchecked, expires_in, refresh_token, scope, ...rest } = body;
  const lifetime = Math.min(Number(expires_in ?? 0), Number.MAX_SAFE_INTEGER);
  return {
    ...rest,
    token_type: 'bearer',
    // What does not end is said to end in 0, in null or not at all.
    ...(lifetime > 0 && { expires_in: lifetime }),
    ...(typeof refresh_token === 'string' && refresh_token !== '' && { refresh_token }),
    ...(typeof scope === 'string' && { scope }),
    ...(Array.isArray(scope) && { scope: scope.join(' ') }),
  };
}

export function oauthCredentials(
  answer: TokenEndpointResponse,
  before: Pick<OAuthCredentials, 'refreshToken' | 'scopes' | 'issuedBy'>,
  now: number,
): OAuthCredentials {
  return {
    kind: 'oauth',
    accessToken: answer.access_token,
    // RFC 6749 section 6: a new refresh token replaces the old one, none leaves it good.
    refreshToken: answer.refresh_token ?? before.refreshToken,
    scopes: scopesOf(answer.scope) ?? before.scopes,
    expiresAt: answer.expires_in === undefined ? undefined : secondsAfter(now, answer.expires_in),
    issuedAt: now,
    ...(before.issuedBy && { issuedBy: before.issuedBy }),
  };
}

/** Separated by spaces (RFC 6749 section 3.3); GitHub, Slack and others take commas. */
function scopesOf(scope: string | undefined): string[] | undefined {
  const scopes = scope?.split(/[\s,]+/).filter((one) => one !== '');
  return scopes?.length ? scopes : undefined;
}
