import { randomBytes, randomInt } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { sandboxApp } from './app.ts';
import { createClock } from './clock.ts';
import type { SandboxConfig } from './config/types.ts';
import { validateConfig } from './config/validate.ts';
import { createControl } from './control.ts';
import { createSigner } from './environment/keys.ts';
import { createExchangeLog } from './exchanges/exchange-log.ts';
import { createFaultStore } from './faults/fault-store.ts';
import type { Sandbox, SandboxOptions } from './interface.ts';
import { createOAuthFlows } from './oauth/flows.ts';
import { listen } from './server.ts';
import { createAccountStore } from './state/accounts.ts';
import { createChanges } from './state/changes.ts';
import { createConnectionStore } from './state/connections.ts';
import { createConnectorStore } from './state/connectors.ts';
import { createLinkStore } from './state/links.ts';
import type { SandboxState } from './state/sandbox-state.ts';
import { seed } from './state/seed.ts';
import { createVerificationStore } from './state/verifications.ts';
import { createUpstream } from './upstream/dispatcher.ts';
import { createGuard } from './upstream/guard.ts';
import { upstreamWarnings } from './upstream/warnings.ts';

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
const REFRESH_AHEAD_S = 300;
/** Less than the 60 s that the SDK waits, so that its caller hears of the provider and not of Scalekit. */
const UPSTREAM_TIMEOUT_MS = 55_000;

/**
 * A Scalekit environment on 127.0.0.1 that the unmodified SDK accepts.
 * @throws SandboxConfigError for a wrong config; what `listen` throws (`EADDRINUSE`) for the port.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const config = validateConfig(options.config);
  const ending = new AbortController();
  const state = await createState(config, options, ending.signal);
  seed(state);
  const server = await listen(state, sandboxApp(state), options.port ?? 0);
  state.origin = `http://127.0.0.1:${server.port}`;

  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= shutDown());
  async function shutDown(): Promise<void> {
    ending.abort();
    await Promise.all([server.close(), state.upstream.destroy()]);
  }

  return {
    url: state.origin,
    port: server.port,
    env: {
      SCALEKIT_ENV_URL: state.origin,
      SCALEKIT_CLIENT_ID: state.client.id,
      SCALEKIT_CLIENT_SECRET: state.client.secret,
      SK_CONNECT_SANDBOX_TOKEN: state.controlToken,
    },
    warnings: upstreamWarnings(config, state.guard),
    control: createControl(state),
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function createState(
  config: SandboxConfig,
  options: SandboxOptions,
  closing: AbortSignal,
): Promise<SandboxState> {
  const changes = createChanges();
  const clock = createClock(options.now ?? Date.now, () => changes.emit('clock'));
  const { now } = clock;
  const connectors = createConnectorStore(now, changes);
  const upstreamTimeoutMs = options.upstreamTimeoutMs ?? UPSTREAM_TIMEOUT_MS;
  const environment = config.environment ?? {};
  const linkLifetimeS = environment.link_lifetime ?? LINK_LIFETIME_S;
  const resolve = options.lookup ?? ((hostname: string) => lookup(hostname, { all: true }));
  const guard = createGuard(config.allow_hosts ?? [], resolve);
  return {
    origin: '',
    now,
    clock,
    config,
    changes,
    client: {
      id: environment.client_id ?? `skc_sandbox${randomInt(1e9, 1e10)}`,
      secret: environment.client_secret ?? randomBytes(24).toString('base64url'),
    },
    controlToken: `sandbox_${randomBytes(24).toString('base64url')}`,
    userVerification: environment.user_verification ?? 'off',
    refreshAheadMs: (environment.refresh_ahead ?? REFRESH_AHEAD_S) * 1000,
    tokenLifetimeS: environment.token_lifetime ?? TOKEN_LIFETIME_S,
    signer: await createSigner(),
    connectors,
    connections: createConnectionStore(connectors, now, changes),
    accounts: createAccountStore(now, changes),
    links: createLinkStore(now, linkLifetimeS, changes),
    verifications: createVerificationStore(now, linkLifetimeS),
    flows: createOAuthFlows(now),
    faults: createFaultStore(),
    exchanges: createExchangeLog(now, changes),
    closing,
    upstream: createUpstream(guard, upstreamTimeoutMs),
    guard,
    upstreamTimeoutMs,
  };
}
