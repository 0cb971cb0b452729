import { createHash, randomUUID } from 'node:crypto';
import { bodyText, upstream } from './upstream.ts';

/** What the token endpoint was asked. */
export interface TokenRequest {
  form: URLSearchParams;
  authorization: string | undefined;
}

interface TokenAnswer {
  status: number;
  /** An object is sent as JSON. */
  body: object | string;
  contentType?: string;
}

export interface TestAuthorizationServer {
  authorizeUri: string;
  tokenUri: string;
  /** Query strings of the authorize endpoint, oldest first. */
  authorizeRequests: URLSearchParams[];
  tokenRequests: TokenRequest[];
  /** Each of the next answers of the token endpoint instead of a good one. */
  tokenAnswers: TokenAnswer[];
  /** Where it looks for the client's secret; a client that shows it elsewhere is refused. */
  takesSecret: 'anywhere' | 'header' | 'body';
  /** What it refuses such a client with. */
  clientRefusal: TokenAnswer;
  /** What the authorize endpoint answers in place of a code. */
  authorizeError: Record<string, string> | undefined;
  userInfoUri: string;
  /** The Authorization headers that came to the user info endpoint. */
  userInfoRequests: (string | undefined)[];
  userInfoStatus: number;
  /** Lifetime of the access tokens in seconds; none said where undefined. */
  expiresIn: number | undefined;
  issuesRefreshTokens: boolean;
  /** Token answers are held back until this is settled. */
  delay: Promise<void>;
}

/** A small authorization server that consents at once, checks PKCE, and lets a test say what it answers. */
export async function authorizationServer(): Promise<TestAuthorizationServer> {
  const codes = new Map<string, URLSearchParams>();
  /** Refresh tokens that were replaced: who shows one has lost its successor. */
  const spent = new Set<string>();
  let issued = 0;
  const server: TestAuthorizationServer = {
    authorizeUri: '',
    tokenUri: '',
    authorizeRequests: [],
    tokenRequests: [],
    tokenAnswers: [],
    takesSecret: 'anywhere',
    clientRefusal: { status: 401, body: { error: 'invalid_client' } },
    authorizeError: undefined,
    userInfoUri: '',
    userInfoRequests: [],
    userInfoStatus: 200,
    expiresIn: 3600,
    issuesRefreshTokens: true,
    delay: Promise.resolve(),
  };

  function knowsClient(form: URLSearchParams, authorization: string | undefined): boolean {
    if (server.takesSecret === 'header') return authorization !== undefined;
    return server.takesSecret === 'anywhere' || form.has('client_secret');
  }

  function grant(form: URLSearchParams): TokenAnswer {
    if (form.get('grant_type') === 'authorization_code') {
      const request = codes.get(form.get('code') ?? '');
      codes.delete(form.get('code') ?? '');
      const challenge = request?.get('code_challenge') ?? null;
      const verifier = form.get('code_verifier');
      const verified = verifier === null ? null : createHash('sha256').update(verifier).digest('base64url');
      if (!request || challenge !== verified) return { status: 400, body: { error: 'invalid_grant' } };
    }
    const refreshToken = form.get('refresh_token') ?? '';
    if (spent.has(refreshToken)) return { status: 400, body: { error: 'invalid_grant' } };
    if (refreshToken !== '' && server.issuesRefreshTokens) spent.add(refreshToken);
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
      const back = new URL(url.searchParams.get('redirect_uri') ?? '');
      const code = randomUUID();
      if (!server.authorizeError) codes.set(code, url.searchParams);
      for (const [name, value] of Object.entries(server.authorizeError ?? { code }))
        back.searchParams.set(name, value);
      back.searchParams.set('state', url.searchParams.get('state') ?? '');
      // As oidc-provider does (RFC 9207); the sandbox cannot know it.
      back.searchParams.set('iss', 'https://issuer.example');
      response.writeHead(302, { location: back.href }).end();
      return;
    }
    if (url.pathname === '/userinfo') {
      server.userInfoRequests.push(request.headers.authorization);
      response.writeHead(server.userInfoStatus, { 'content-type': 'application/json' }).end('{"sub":"1"}');
      return;
    }
    void bodyText(request).then(async (text) => {
      const form = new URLSearchParams(text);
      server.tokenRequests.push({ form, authorization: request.headers.authorization });
      await server.delay;
      const scripted = server.tokenAnswers.shift();
      const known = knowsClient(form, request.headers.authorization);
      const { status, body, contentType } = scripted ?? (known ? grant(form) : server.clientRefusal);
      const type = contentType ?? (typeof body === 'string' ? 'text/plain' : 'application/json');
      response.writeHead(status, { 'content-type': type });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  server.authorizeUri = `${origin}/authorize`;
  server.tokenUri = `${origin}/token`;
  server.userInfoUri = `${origin}/userinfo`;
  return server;
}
