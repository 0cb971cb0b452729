import { ScalekitClient } from '@scalekit-sdk/node';
import { onTestFinished } from 'vitest';
import type { ConnectorDefinition, SandboxConfig } from '../../../src/sandbox/config/types.ts';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../../src/sandbox/start.ts';

/** A sandbox that is closed when the test is over. */
export async function sandboxWith(
  config: SandboxConfig,
  options: Omit<SandboxOptions, 'config'> = {},
): Promise<Sandbox> {
  const sandbox = await startSandbox({ config, ...options });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

/** The real SDK, as its documentation sets it up. */
export function sdkOf({ env }: Sandbox, secret = env.SCALEKIT_CLIENT_SECRET): ScalekitClient {
  return new ScalekitClient(env.SCALEKIT_ENV_URL, env.SCALEKIT_CLIENT_ID, secret);
}

export async function accessToken({ env }: Sandbox): Promise<string> {
  const response = await fetch(`${env.SCALEKIT_ENV_URL}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: env.SCALEKIT_CLIENT_ID,
      client_secret: env.SCALEKIT_CLIENT_SECRET,
    }),
  });
  const { access_token } = (await response.json()) as { access_token: string };
  return access_token;
}

/** Signed in already: `actions.request` does not do it by itself. */
export async function signedInSdk(sandbox: Sandbox): Promise<ScalekitClient> {
  const sdk = sdkOf(sandbox);
  await sdk.actions.listConnections();
  return sdk;
}

export function connector(overrides: Partial<ConnectorDefinition> = {}): ConnectorDefinition {
  return {
    display_name: 'Demo',
    proxy_url: 'https://api.example.com',
    proxy_enabled: true,
    auth_patterns: [
      { type: 'BEARER', fields: [{ field_name: 'token', input_type: 'password', required: true }] },
    ],
    ...overrides,
  };
}

/** One connector, one connection `demo` on it, one account `user_1`. */
export function oneConnection(
  definition: Partial<ConnectorDefinition> = {},
  rest: Partial<SandboxConfig> = {},
): SandboxConfig {
  return { connectors: [connector(definition)], connections: [{ name: 'demo', connector: 'demo' }], ...rest };
}
