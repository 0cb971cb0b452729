import type { Context, MiddlewareHandler } from 'hono';
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { DemoEnv } from './http-server.ts';
import { problem } from './problem.ts';

export interface TokenRules {
  issuer: string;
  audience: string;
  jwksUri: string;
}

interface Challenge {
  error?: 'invalid_token' | 'insufficient_scope';
  error_description?: string;
  scope?: string;
}

/** RFC 6750 section 3: a request without a token is told of no error. */
function refuse(status: 401 | 403, detail: string, challenge: Challenge): Response {
  const parameters = Object.entries({ realm: 'demo-notes', ...challenge });
  const value = parameters.map(([name, text]) => `${name}="${text}"`).join(', ');
  return problem(status, detail, { headers: { 'www-authenticate': `Bearer ${value}` } });
}

function bearerToken(c: Context): string | undefined {
  return /^Bearer +([\w.~+/-]+=*)$/i.exec(c.req.header('authorization') ?? '')?.[1];
}

async function verify(token: string, keys: JWTVerifyGetKey, rules: TokenRules) {
  try {
    const { payload } = await jwtVerify(token, keys, {
      issuer: rules.issuer,
      audience: rules.audience,
      algorithms: ['ES256'],
      // RFC 9068 section 4: an ID token of the same issuer is no access token.
      typ: 'at+jwt',
      requiredClaims: ['sub', 'exp'],
    });
    return payload;
  } catch (error) {
    if (error instanceof errors.JOSEError) return error;
    throw error;
  }
}

function scopesOf(payload: JWTPayload): string[] {
  return typeof payload['scope'] === 'string' ? payload['scope'].split(' ') : [];
}

/**
 * Lets a request pass whose Bearer token is an access token of `rules.issuer` for `rules.audience`
 * with that scope; sets `userName`. Otherwise 401 or 403 with a challenge.
 */
export function bearerAuth(rules: TokenRules): (scope: string) => MiddlewareHandler<DemoEnv> {
  const keys = createRemoteJWKSet(new URL(rules.jwksUri));
  return (scope) => async (c, next) => {
    const token = bearerToken(c);
    if (token === undefined) return refuse(401, 'A Bearer access token is needed.', {});
    const payload = await verify(token, keys, rules);
    if (payload instanceof errors.JOSEError) {
      const isExpired = payload instanceof errors.JWTExpired;
      const reason = isExpired ? 'The access token expired' : 'The access token is not valid here';
      return refuse(401, `${reason}.`, { error: 'invalid_token', error_description: reason });
    }
    if (!scopesOf(payload).includes(scope)) {
      return refuse(403, `The access token lacks the scope ${scope}.`, {
        error: 'insufficient_scope',
        scope,
      });
    }
    c.set('userName', payload.sub ?? '');
    return next();
  };
}
