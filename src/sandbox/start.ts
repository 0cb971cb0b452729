import { randomBytes, randomInt } from 'node:crypto';
import { Agent } from 'undici';
import { sandboxApp } from './app.ts';
import type { SandboxConfig } from './config/types.ts';
import { validateConfig } from './config/validate.ts';
import { createControl } from './control.ts';
import { createSigner } from './environment/keys.ts';
import type { Sandbox, SandboxOptions } from './interface.ts';
import { createOAuthFlows } from './oauth/flows.ts';
import { listen } from './server.ts';
import { createAccountStore } from './state/accounts.ts';
import { buildConnections } from './state/connections.ts';
import { createLinkStore } from './state/links.ts';
import type { SandboxState } from './state/sandbox-state.ts';
import { seedAccounts } from './state/seed.ts';

export { loadSandboxConfig } from './config/load.ts';
export { type ConfigProblem, SandboxConfigError } from './config/problems.ts';
export type {
  AccountConfig,
  AccountStatus,
  AuthPattern,
  AuthType,
  ConnectionConfig,
  ConnectorDefinition,
  SandboxConfig,
} from './config/types.ts';
export type { Sandbox, SandboxControl, SandboxOptions } from './interface.ts';

const TOKEN_LIFETIME_S = 3600;
const LINK_LIFETIME_S = 600;
/** Less than the 60 s that the SDK waits, so that its caller hears of the provider and not of Scalekit. */
const UPSTREAM_TIMEOUT_MS = 55_000;

/**
 * A Scalekit environment on 127.0.0.1 that the unmodified SDK accepts.
 * @throws SandboxConfigError for a wrong config; what `listen` throws (`EADDRINUSE`) for the port.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const config = validateConfig(options.config);
  const state = await createState(config, options);
  seedAccounts(state, config.accounts ?? []);
  const server = await listen(state, sandboxApp(state), options.port ?? 0);
  state.origin = `http://127.0.0.1:${server.port}`;

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= shutDown());
  async function shutDown(): Promise<void> {
    await Promise.all([server.close(), state.upstream.destroy()]);
  }

  return {
    url: state.origin,
    port: server.port,
    env: {
      SCALEKIT_ENV_URL: state.origin,
      SCALEKIT_CLIENT_ID: state.client.id,
      SCALEKIT_CLIENT_SECRET: state.client.secret,
    },
    control: createControl(state),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function createState(config: SandboxConfig, options: SandboxOptions): Promise<SandboxState> {
  const now = options.now ?? Date.now;
  const upstreamTimeoutMs = options.upstreamTimeoutMs ?? UPSTREAM_TIMEOUT_MS;
  const { client_id, client_secret, token_lifetime, link_lifetime } = config.environment ?? {};
  return {
    origin: '',
    now,
    client: {
      id: client_id ?? `skc_sandbox${randomInt(1e9, 1e10)}`,
      secret: client_secret ?? randomBytes(24).toString('base64url'),
    },
    tokenLifetimeS: token_lifetime ?? TOKEN_LIFETIME_S,
    signer: await createSigner(),
    connections: buildConnections(config, now()),
    accounts: createAccountStore(now),
    links: createLinkStore(now, link_lifetime ?? LINK_LIFETIME_S),
    flows: createOAuthFlows(now),
    // An answer may go on for as long as it likes: only its beginning is waited for with a limit.
    upstream: new Agent({ headersTimeout: upstreamTimeoutMs, bodyTimeout: 0, connect: { timeout: 10_000 } }),
    upstreamTimeoutMs,
  };
}
