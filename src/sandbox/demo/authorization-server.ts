import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { listenerOf, startHttpServer } from './http-server.ts';
import { createInteractions } from './interactions.ts';
import { DEMO_MARKER } from './marker.ts';
import { oidcConfiguration, SESSION_COOKIE } from './oidc-configuration.ts';
import { createOidcProvider } from './oidc-provider.ts';

interface AuthorizationServerOptions {
  /** The identifier of the API that the access tokens are for. */
  audience: string;
  /** That API's scopes. */
  scopes: string[];
  /** How long an access token lives, in seconds; 3600 where omitted. */
  accessTokenSeconds?: number;
}

export interface AuthorizationServer {
  issuer: string;
  authorizeUri: string;
  tokenUri: string;
  revocationUri: string;
  jwksUri: string;
  clientId: string;
  clientSecret: string;
  close(): Promise<void>;
}

const CALLBACK_PATH = /^\/sso\/v1\/oauth\/[^/]+\/callback$/;

/**
 * Whether it is a sandbox's callback, on whichever loopback port that runs (RFC 8252 section 7.3):
 * `http://127.0.0.1:<port>/sso/v1/oauth/<connection>/callback`.
 */
export function isSandboxCallback(redirectUri: string): boolean {
  if (!URL.canParse(redirectUri)) return false;
  const url = new URL(redirectUri);
  const isBare = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
  return (
    url.protocol === 'http:' && url.hostname === '127.0.0.1' && isBare && CALLBACK_PATH.test(url.pathname)
  );
}

/**
 * Every authorization starts signed out, so that one browser can stand for one user after the other:
 * oidc-provider would go on as the first of them, or want a sign-out page in between. It sets no session
 * cookie before sign-in, so the old one has to go from the browser too.
 */
function forgetSession(request: IncomingMessage, response: ServerResponse): void {
  const cookies = request.headers.cookie?.split(/; */) ?? [];
  request.headers.cookie = cookies.filter((cookie) => !cookie.startsWith(SESSION_COOKIE)).join('; ');
  response.setHeader('set-cookie', [`${SESSION_COOKIE}=; path=/; max-age=0`]);
}

async function createSigningKey(): Promise<JWK> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return { ...(await exportJWK(privateKey)), alg: 'ES256', use: 'sig', kid: randomBytes(8).toString('hex') };
}

/**
 * Starts an OAuth 2.1 authorization server with one confidential client, its secret new at every start.
 * It requires PKCE, asks the user to sign in and to consent, issues a refresh token with every grant,
 * and access tokens that are JWTs (RFC 9068) for `audience`.
 */
export async function startAuthorizationServer(
  options: AuthorizationServerOptions,
): Promise<AuthorizationServer> {
  const client = {
    id: 'sk-connect-demo',
    secret: randomBytes(32).toString('base64url'),
    name: 'sk-connect demo',
  };
  const configuration = oidcConfiguration({
    client,
    signingKey: await createSigningKey(),
    cookieKey: randomBytes(32).toString('base64url'),
    audience: options.audience,
    scopes: options.scopes,
    accessTokenSeconds: options.accessTokenSeconds ?? 3600,
  });
  const server = await startHttpServer((origin) => {
    const provider = createOidcProvider(origin, configuration);
    provider.Client.prototype.redirectUriAllowed = isSandboxCallback;
    const protocol = provider.callback();
    const pages = listenerOf(createInteractions(provider, client.name));
    return (request, response) => {
      response.setHeader(DEMO_MARKER, '1');
      const path = request.url?.split('?')[0] ?? '/';
      if (path === '/auth') forgetSession(request, response);
      const listener = path.startsWith('/interaction/') ? pages : protocol;
      listener(request, response);
    };
  });
  return {
    issuer: server.origin,
    authorizeUri: `${server.origin}/auth`,
    tokenUri: `${server.origin}/token`,
    revocationUri: `${server.origin}/token/revocation`,
    jwksUri: `${server.origin}/jwks`,
    clientId: client.id,
    clientSecret: client.secret,
    close: () => server.close(),
  };
}
