import type { JWK } from 'jose';
import { errorPage } from './interaction-pages.ts';
import type { OidcClient } from './oidc-provider.ts';
import { demoPageHeaders } from './page.ts';

export const SESSION_COOKIE = 'demo_session';

interface OidcSettings {
  client: { id: string; secret: string; name: string };
  signingKey: JWK;
  cookieKey: string;
  /** The resource server's identifier: the tokens' `aud`. */
  audience: string;
  /** The scopes of that resource server. */
  scopes: string[];
  accessTokenSeconds: number;
}

interface KoaContext {
  body: unknown;
  set(headers: Record<string, string>): void;
}

async function renderError(
  ctx: KoaContext,
  out: { error: string; error_description?: string },
): Promise<void> {
  ctx.set(demoPageHeaders);
  ctx.body = String(await errorPage(out.error, out.error_description ?? 'The request was refused.'));
}

function features(settings: OidcSettings): object {
  const resourceServer = {
    audience: settings.audience,
    scope: settings.scopes.join(' '),
    accessTokenTTL: settings.accessTokenSeconds,
    accessTokenFormat: 'jwt',
    jwt: { sign: { alg: 'ES256' } },
  };
  return {
    devInteractions: { enabled: false },
    rpInitiatedLogout: { enabled: false },
    userinfo: { enabled: false },
    resourceIndicators: {
      enabled: true,
      // Clients that send no `resource` (RFC 8707) get tokens for the one API there is.
      defaultResource: () => settings.audience,
      getResourceServerInfo: () => resourceServer,
    },
    revocation: {
      enabled: true,
      allowedPolicy: (_ctx: unknown, client: OidcClient, token: { clientId: string }) =>
        client.clientId === token.clientId,
    },
  };
}

function client(settings: OidcSettings): object {
  return {
    client_id: settings.client.id,
    client_secret: settings.client.secret,
    client_name: settings.client.name,
    grant_types: ['authorization_code', 'refresh_token'],
    response_types: ['code'],
    redirect_uris: ['http://127.0.0.1/sso/v1/oauth/connection/callback'],
    id_token_signed_response_alg: 'ES256',
  };
}

/**
 * oidc-provider's configuration. Each of its defaults that prints a notice when used is replaced:
 * keys, account look-up, lifetimes, error page, CORS.
 */
export function oidcConfiguration(settings: OidcSettings): object {
  const day = 24 * 60 * 60;
  return {
    clients: [client(settings)],
    jwks: { keys: [settings.signingKey] },
    cookies: {
      keys: [settings.cookieKey],
      // Cookies know no ports: other servers on 127.0.0.1 may use oidc-provider's own names.
      names: { session: SESSION_COOKIE, interaction: 'demo_interaction', resume: 'demo_resume' },
    },
    features: features(settings),
    scopes: ['openid', 'offline_access'],
    discovery: { scopes_supported: ['openid', 'offline_access', ...settings.scopes] },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post'],
    responseTypes: ['code'],
    pkce: { required: () => true },
    interactions: { url: (_ctx: unknown, { uid }: { uid: string }) => `/interaction/${uid}` },
    findAccount: (_ctx: unknown, sub: string) => ({ accountId: sub, claims: () => ({ sub }) }),
    issueRefreshToken: (_ctx: unknown, of: OidcClient) => of.grantTypeAllowed('refresh_token'),
    expiresWithSession: () => false,
    clientBasedCORS: () => false,
    renderError,
    ttl: {
      AccessToken: settings.accessTokenSeconds,
      IdToken: 60 * 60,
      Interaction: 60 * 60,
      RefreshToken: 14 * day,
      Session: day,
      Grant: 14 * day,
    },
  };
}
