import type { Agent } from 'undici';
import type { Signer } from '../environment/keys.ts';
import type { OAuthFlows } from '../oauth/flows.ts';
import type { AccountStore } from './accounts.ts';
import type { Connection } from './connections.ts';
import type { LinkStore } from './links.ts';

/** Everything one sandbox knows; many live side by side in one process. */
export interface SandboxState {
  /** `http://127.0.0.1:PORT`, known once the port is. */
  origin: string;
  /** Milliseconds since the epoch: the one clock of tokens, links and accounts. */
  now: () => number;
  client: { id: string; secret: string };
  tokenLifetimeS: number;
  signer: Signer;
  connections: ReadonlyMap<string, Connection>;
  accounts: AccountStore;
  links: LinkStore;
  flows: OAuthFlows;
  upstream: Agent;
  /** How long a provider may take to begin its answer. */
  upstreamTimeoutMs: number;
}
