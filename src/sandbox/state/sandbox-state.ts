import type { Agent } from 'undici';
import type { Clock } from '../clock.ts';
import type { SandboxConfig } from '../config/types.ts';
import type { Signer } from '../environment/keys.ts';
import type { ExchangeLog } from '../exchanges/exchange-log.ts';
import type { FaultStore } from '../faults/fault-store.ts';
import type { OAuthFlows } from '../oauth/flows.ts';
import type { UpstreamGuard } from '../upstream/guard.ts';
import type { Account, AccountStore } from './accounts.ts';
import type { Changes } from './changes.ts';
import type { ConnectionStore } from './connections.ts';
import type { ConnectorStore } from './connectors.ts';
import type { LinkStore } from './links.ts';
import type { OAuthClientStore } from './oauth-clients.ts';
import type { VerificationStore } from './verifications.ts';

/** Everything one sandbox knows; many live side by side in one process. */
export interface SandboxState {
  /** `http://127.0.0.1:PORT`, known once the port is. */
  origin: string;
  /** Milliseconds since the epoch: the one clock of tokens, links and accounts. */
  now: () => number;
  clock: Clock;
  /** As it was started with; `reset` goes back to it. */
  config: SandboxConfig;
  changes: Changes;
  client: { id: string; secret: string };
  /** What `/sandbox/v1` asks for; no token of the environment opens it. */
  controlToken: string;
  userVerification: 'off' | 'custom';
  /** How long before its end an access token is renewed. */
  refreshAheadMs: number;
  tokenLifetimeS: number;
  signer: Signer;
  connectors: ConnectorStore;
  connections: ConnectionStore;
  accounts: AccountStore;
  links: LinkStore;
  verifications: VerificationStore;
  flows: OAuthFlows;
  oauthClients: OAuthClientStore;
  /** Renewals of tokens that are under way: one at a time for an account, gone when it is done. */
  renewals: Map<Account, Promise<void>>;
  faults: FaultStore;
  exchanges: ExchangeLog;
  /** Aborted when the sandbox closes: what waits for something ends with it. */
  closing: AbortSignal;
  /** What every call to a provider goes through; refuses whom the guard refuses. */
  upstream: Agent;
  guard: UpstreamGuard;
  /** How long a provider may take to begin its answer. */
  upstreamTimeoutMs: number;
}
