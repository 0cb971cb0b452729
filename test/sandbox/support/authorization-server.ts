import { createHash, randomUUID } from 'node:crypto';
import { bodyText, upstream } from './upstream.ts';

/** What the token endpoint was asked. */
export interface TokenRequest {
  form: URLSearchParams;
  authorization: string | undefined;
}

export interface TestAuthorizationServer {
  authorizeUri: string;
  tokenUri: string;
  /** Query strings of the authorize endpoint, oldest first. */
  authorizeRequests: URLSearchParams[];
  tokenRequests: TokenRequest[];
  /** Each of the next answers of the token endpoint instead of a good one. */
  tokenAnswers: { status: number; body: object | string }[];
  /** Lifetime of the access tokens in seconds; none said where undefined. */
  expiresIn: number | undefined;
  issuesRefreshTokens: boolean;
  /** Held back until this is settled. */
  delay: Promise<void>;
}

/** A small authorization server that consents at once, checks PKCE, and lets a test say what it answers. */
export async function authorizationServer(): Promise<TestAuthorizationServer> {
  const codes = new Map<string, URLSearchParams>();
  let issued = 0;
  const server: TestAuthorizationServer = {
    authorizeUri: '',
    tokenUri: '',
    authorizeRequests: [],
    tokenRequests: [],
    tokenAnswers: [],
    expiresIn: 3600,
    issuesRefreshTokens: true,
    delay: Promise.resolve(),
  };

  function grant(form: URLSearchParams): { status: number; body: object | string } {
    if (form.get('grant_type') === 'authorization_code') {
      const request = codes.get(form.get('code') ?? '');
      codes.delete(form.get('code') ?? '');
      const challenge = request?.get('code_challenge') ?? null;
      const verifier = form.get('code_verifier');
      const verified = verifier === null ? null : createHash('sha256').update(verifier).digest('base64url');
      if (!request || challenge !== verified) return { status: 400, body: { error: 'invalid_grant' } };
    }
    issued += 1;
    const body = {
      access_token: `access-${issued}`,
      token_type: 'Bearer',
      ...(server.expiresIn !== undefined && { expires_in: server.expiresIn }),
      ...(server.issuesRefreshTokens && { refresh_token: `refresh-${issued}` }),
    };
    return { status: 200, body };
  }

  const origin = await upstream((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    if (url.pathname === '/authorize') {
      server.authorizeRequests.push(url.searchParams);
      const code = randomUUID();
      codes.set(code, url.searchParams);
      const back = new URL(url.searchParams.get('redirect_uri') ?? '');
      back.searchParams.set('code', code);
      back.searchParams.set('state', url.searchParams.get('state') ?? '');
      // As oidc-provider does (RFC 9207); the sandbox cannot know it.
      back.searchParams.set('iss', 'https://issuer.example');
      response.writeHead(302, { location: back.href }).end();
      return;
    }
    void bodyText(request).then(async (text) => {
      await server.delay;
      const form = new URLSearchParams(text);
      server.tokenRequests.push({ form, authorization: request.headers.authorization });
      const { status, body } = server.tokenAnswers.shift() ?? grant(form);
      const json = typeof body !== 'string';
      response.writeHead(status, { 'content-type': json ? 'application/json' : 'text/plain' });
      response.end(json ? JSON.stringify(body) : body);
    });
  });
  server.authorizeUri = `${origin}/authorize`;
  server.tokenUri = `${origin}/token`;
  return server;
}
