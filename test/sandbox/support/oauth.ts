import type { ScalekitClient } from '@scalekit-sdk/node';
import type { OAuthConfig, SandboxConfig } from '../../../src/sandbox/config/types.ts';
import type { Sandbox } from '../../../src/sandbox/start.ts';
import { authorizationServer, type TestAuthorizationServer } from './authorization-server.ts';
import { connector, sandboxWith, signedInSdk } from './sandbox.ts';
import { upstream } from './upstream.ts';

export const USER = { connectionName: 'notes', identifier: 'user_1' };

export interface Setting {
  sandbox: Sandbox;
  sdk: ScalekitClient;
  provider: TestAuthorizationServer;
  clock: { now: number };
}

/** One OAuth connector and its connection `notes`. */
export function oauthConfig(
  urls: { authorizeUri: string; tokenUri: string },
  proxyUrl: string,
  oauth: OAuthConfig = {},
): SandboxConfig {
  return {
    connectors: [
      connector({
        display_name: 'Notes',
        proxy_url: proxyUrl,
        auth_patterns: [
          {
            type: 'OAUTH',
            oauth_config: {
              authorize_uri: urls.authorizeUri,
              token_uri: urls.tokenUri,
              available_scopes: [{ scope: 'notes:read', required: true }, { scope: 'notes:write' }],
              ...oauth,
            },
          },
        ],
      }),
    ],
    connections: [
      { name: 'notes', connector: 'notes', oauth: { client_id: 'the client', client_secret: 's3cret:&' } },
    ],
  };
}

interface SettingOptions {
  oauth?: OAuthConfig | ((provider: TestAuthorizationServer) => OAuthConfig);
  /** Of the connection's OAuth client. */
  client?: Partial<NonNullable<SandboxConfig['connections'][number]['oauth']>>;
  environment?: SandboxConfig['environment'];
  /** What the provider is before anything asks it. */
  provider?: Partial<TestAuthorizationServer>;
  /** The sandbox's own clock, for `control`, in place of the test's. */
  ownClock?: boolean;
}

/** A provider that consents at once, a sandbox that knows it, and an account of USER without credentials. */
export async function setting(options: SettingOptions = {}): Promise<Setting> {
  const provider = await authorizationServer();
  Object.assign(provider, options.provider);
  const api = await upstream((request, response) => response.end(request.headers.authorization));
  const oauth = typeof options.oauth === 'function' ? options.oauth(provider) : options.oauth;
  const config = oauthConfig(provider, api, oauth);
  Object.assign(config.connections[0]?.oauth ?? {}, options.client);
  if (options.environment) config.environment = options.environment;
  const clock = { now: Date.now() };
  const sandbox = await sandboxWith(config, options.ownClock ? {} : { now: () => clock.now });
  const sdk = await signedInSdk(sandbox);
  await sdk.actions.createConnectedAccount({ ...USER, authorizationDetails: {} as never });
  return { sandbox, sdk, provider, clock };
}

interface LinkOptions {
  state?: string;
  userVerifyUrl?: string;
}

export async function linkOf(sdk: ScalekitClient, options: LinkOptions = {}): Promise<string> {
  return (await sdk.actions.getAuthorizationLink({ ...USER, ...options })).link;
}

export function statusOf({ sandbox }: Pick<Setting, 'sandbox'>): string | undefined {
  return sandbox.control.accounts()[0]?.status;
}

/** The Authorization header that the provider's API got with a proxied call. */
export async function apiSees(sdk: ScalekitClient): Promise<unknown> {
  return (await sdk.actions.request({ ...USER, path: '/' })).data;
}

/** The callback that the provider sends the browser to, not yet visited. */
export async function callbackOf(link: string): Promise<string> {
  const toProvider = await fetch(link, { redirect: 'manual' });
  const back = await fetch(toProvider.headers.get('location') ?? '', { redirect: 'manual' });
  return back.headers.get('location') ?? '';
}

/** The environment's own token ends as time passes: the SDK signs in anew. */
export async function later(here: Setting, ms: number): Promise<void> {
  here.clock.now += ms;
  await here.sdk.actions.listConnections();
}
