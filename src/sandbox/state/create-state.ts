import { randomInt } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { createClock } from '../clock.ts';
import type { SandboxConfig } from '../config/types.ts';
import { createSigner, type PrivateJwk } from '../environment/keys.ts';
import { createExchangeLog } from '../exchanges/exchange-log.ts';
import { createFaultStore } from '../faults/fault-store.ts';
import { randomSecret } from '../ids.ts';
import type { SandboxOptions } from '../interface.ts';
import { createOAuthFlows } from '../oauth/flows.ts';
import { createUpstream } from '../upstream/dispatcher.ts';
import { createGuard } from '../upstream/guard.ts';
import { createAccountStore } from './accounts.ts';
import { createChanges } from './changes.ts';
import { createConnectionStore } from './connections.ts';
import { createConnectorStore } from './connectors.ts';
import { createLinkStore } from './links.ts';
import { createOAuthClientStore } from './oauth-clients.ts';
import type { SandboxState } from './sandbox-state.ts';
import { createVerificationStore } from './verifications.ts';

const TOKEN_LIFETIME_S = 3600;
const LINK_LIFETIME_S = 600;
const REFRESH_AHEAD_S = 300;
/** Less than the 60 s that the SDK waits, so that its caller hears of the provider and not of Scalekit. */
const UPSTREAM_TIMEOUT_MS = 55_000;

/** What was given out in an earlier run, and is to stay good. */
export interface KeptEnvironment {
  clientId: string;
  clientSecret: string;
  controlToken: string;
  signingKey: PrivateJwk;
}

/** An empty state: what the config lists is not in it yet. */
export async function createState(
  config: SandboxConfig,
  options: Pick<SandboxOptions, 'now' | 'upstreamTimeoutMs' | 'lookup'>,
  closing: AbortSignal,
  kept?: KeptEnvironment,
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
      id: environment.client_id ?? kept?.clientId ?? `skc_sandbox${randomInt(1e9, 1e10)}`,
      secret: environment.client_secret ?? kept?.clientSecret ?? randomSecret(),
    },
    controlToken: kept?.controlToken ?? `sandbox_${randomSecret()}`,
    userVerification: environment.user_verification ?? 'off',
    refreshAheadMs: (environment.refresh_ahead ?? REFRESH_AHEAD_S) * 1000,
    tokenLifetimeS: environment.token_lifetime ?? TOKEN_LIFETIME_S,
    signer: await createSigner(kept?.signingKey),
    connectors,
    connections: createConnectionStore(connectors, now, changes),
    accounts: createAccountStore(now, changes),
    links: createLinkStore(now, linkLifetimeS, changes),
    verifications: createVerificationStore(now, linkLifetimeS, changes),
    flows: createOAuthFlows(now),
    oauthClients: createOAuthClientStore(changes),
    renewals: new Map(),
    faults: createFaultStore(),
    exchanges: createExchangeLog(now, changes),
    closing,
    upstream: createUpstream(guard, upstreamTimeoutMs, closing),
    guard,
    upstreamTimeoutMs,
  };
}
