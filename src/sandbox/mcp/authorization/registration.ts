import { registerClient } from '@modelcontextprotocol/sdk/client/auth.js';
import {
  type AuthorizationServerMetadata,
  type OAuthClientInformationFull,
  OAuthErrorResponseSchema,
} from '@modelcontextprotocol/sdk/shared/auth.js';
import type { FetchLike } from '@modelcontextprotocol/sdk/shared/transport.js';
import { type AuthorizationServer, type Client, generateRandomState } from 'oauth4webapi';
import { authorizeUrl } from '../../oauth/authorize-url.ts';
import { Refusal } from '../../refusal.ts';
import type { Connection } from '../../state/connections.ts';
import type { SandboxState } from '../../state/sandbox-state.ts';
import { type Discovered } from './discover.ts';
import { type Look, lookAround } from './look.ts';

/**
 * Providers forget, those above all that are being developed. An unknown client is answered to on the spot, as there is no
 * URL to redirect to that could be trusted (RFC 6749 section 4.1.2.1): better told from here than by a page that leads nowhere.
 */
export async function isStillKnown(
  state: SandboxState,
  connection: Connection,
  server: AuthorizationServer,
  client: Client,
  redirectUri: string,
): Promise<boolean> {
  const url = authorizeUrl(
    { server, client, resource: undefined },
    { redirectUri, state: generateRandomState() },
  );
  try {
    const response = await lookAround(state, connection).fetch(url, { redirect: 'manual' });
    await response.body?.cancel();
    return ![400, 401, 403, 404].includes(response.status);
  } catch {
    // The browser may reach what the sandbox may not.
    return true;
  }
}

/** Registers a client (RFC 7591). Throws a Refusal. */
export async function register(
  state: SandboxState,
  connection: Connection,
  { server, scopes }: Discovered,
  redirectUri: string,
): Promise<Client> {
  if (server.registration_endpoint === undefined) {
    throw refused(
      `${server.issuer} takes no dynamic client registration: give the connection an oauth.client_id that it knows`,
    );
  }
  const attempts: (string | undefined)[] = scopes.length > 0 ? [scopes.join(' '), undefined] : [undefined];
  const failures: string[] = [];
  for (const scope of attempts) {
    const { client, failure } = await attempt(lookAround(state, connection), server, redirectUri, scope);
    if (client) {
      state.oauthClients.register(connection, { client, issuer: server.issuer, redirectUri });
      return client;
    }
    failures.push(failure);
    // A scope of the resource is none that some authorization servers let a client be registered for.
    if (!failure.startsWith('invalid_client_metadata')) break;
  }
  throw refused(`${server.registration_endpoint} refused to register a client: ${failures[0]}`);
}

type Attempt = { client: Client; failure?: never } | { client?: never; failure: string };

async function attempt(
  look: Look,
  server: AuthorizationServer,
  redirectUri: string,
  scope: string | undefined,
): Promise<Attempt> {
  let failure = 'the answer is no registered client';
  const fetchFn: FetchLike = async (url, init) => {
    const response = await look.fetch(url, init);
    if (!response.ok) failure = await wordsOf(response.clone());
    return response;
  };
  try {
    const registered = await registerClient(server.issuer, {
      // What else there is in it is not looked at.
      metadata: server as unknown as AuthorizationServerMetadata,
      clientMetadata: clientMetadata(server, redirectUri),
      ...(scope !== undefined && { scope }),
      fetchFn,
    });
    return { client: ofInterest(registered) };
  } catch (error) {
    if (error instanceof Refusal) throw error;
    return { failure };
  }
}

/** How the token endpoint takes the secret is found out where it is not said. */
function ofInterest(registered: OAuthClientInformationFull): Client {
  const { client_id, client_secret, client_secret_expires_at, token_endpoint_auth_method } = registered;
  return {
    client_id,
    ...(client_secret && { client_secret }),
    ...(client_secret_expires_at && { client_secret_expires_at }),
    ...(token_endpoint_auth_method && { token_endpoint_auth_method }),
  };
}

function clientMetadata(server: AuthorizationServer, redirectUri: string) {
  const grantTypes = server.grant_types_supported;
  const canRefresh = grantTypes === undefined || grantTypes.includes('refresh_token');
  const metadata = {
    client_name: 'sk-connect sandbox',
    redirect_uris: [redirectUri],
    grant_types: ['authorization_code', ...(canRefresh ? ['refresh_token'] : [])],
    response_types: ['code'],
    token_endpoint_auth_method: authMethod(server.token_endpoint_auth_methods_supported),
    // OpenID Connect lets no other kind of client have an http:// redirect URI on loopback.
    application_type: 'native',
  };
  return metadata;
}

/** A client with a secret, as a service has one; RFC 8414 section 2: `client_secret_basic` where nothing is said. */
function authMethod(supported: readonly string[] = ['client_secret_basic']): string {
  const known = ['client_secret_basic', 'client_secret_post', 'none'];
  return known.find((method) => supported.includes(method)) ?? 'client_secret_basic';
}

/** The SDK tells no error codes but the ones of RFC 6749; RFC 7591 section 3.2.2 has some of its own. */
async function wordsOf(response: Response): Promise<string> {
  const parsed = OAuthErrorResponseSchema.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success) return `HTTP status ${response.status}`;
  return [parsed.data.error, parsed.data.error_description].filter(Boolean).join(': ');
}

function refused(message: string): Refusal {
  return new Refusal('failed_precondition', 'OAUTH_REGISTRATION_FAILED', message);
}
