import type { AccountStatus, AuthType, ConnectionConfig } from '../config/types.ts';
import type { ExchangeFilter, ExchangePage } from './exchanges.ts';
import type { Fault, FaultInput } from './faults.ts';

/**
 * What scripts a sandbox, in the process; the control API under `/sandbox/v1` has the same operations.
 * All of them throw a SandboxControlError for what is not there or cannot be.
 */
export interface SandboxControl {
  overview(): SandboxOverview;

  /** The open links, oldest first; with `state: 'all'` also those that ended within the last hour. */
  links(filter?: LinkFilter): SandboxLink[];
  /** The same as `links()`. */
  pendingLinks(): SandboxLink[];
  /** @param link its id, or the address that the user would open */
  link(link: string): SandboxLink;
  /**
   * Does what the user would do behind an open link, in the real pages: fills in the sandbox's own form with `fields`, and
   * consents at the provider where that is the demo's.
   */
  approveLink(link: string, fields?: Readonly<Record<string, string>>): Promise<SandboxAccount>;
  /** As when the provider sends the user back with an error, `access_denied` where none is given. */
  denyLink(link: string, failure?: LinkDenial): SandboxLink;

  /** In order of creation. */
  accounts(filter?: AccountFilter): SandboxAccount[];
  account(account: AccountReference): SandboxAccount;
  /** Its access token is over now and cannot be renewed: EXPIRED. */
  expireAccount(account: AccountReference): SandboxAccount;
  /** As when the user revokes the access at the provider: still ACTIVE here, but the provider takes none of its credentials. */
  revokeAccount(account: AccountReference): Promise<SandboxAccount>;
  disconnectAccount(account: AccountReference): SandboxAccount;
  setAccountStatus(connectionName: string, identifier: string, status: AccountStatus): SandboxAccount;

  clock(): SandboxClock;
  /** Forward alone: what has expired stays so. */
  advanceClock(seconds: number): SandboxClock;
  /** @param at the time it has where omitted, or a later one; ISO 8601 or a Date */
  freezeClock(at?: string | Date): SandboxClock;
  /** Runs on from where it stands. */
  resumeClock(): SandboxClock;

  /** In the order in which they are asked: the first one that strikes wins. */
  faults(): Fault[];
  fault(id: string): Fault;
  addFault(fault: FaultInput): Fault;
  removeFault(id: string): void;
  clearFaults(): void;

  connections(): SandboxConnection[];
  connection(name: string): SandboxConnection;
  /** @param connection as an entry of a config's `connections` */
  addConnection(connection: ConnectionConfig): SandboxConnection;
  /** Its accounts and their links go with it. */
  removeConnection(name: string): void;

  /** The last 1,000 calls. */
  exchanges(filter?: ExchangeFilter): ExchangePage;
  clearExchanges(): void;

  /** Back to the config: clock, faults, exchanges, accounts, links, connections, connectors. Address, client and token stay. */
  reset(): SandboxOverview;
  snapshot(options?: SnapshotOptions): SandboxSnapshot;
  /** Puts a snapshot in the place of everything; where it is wrong nothing changes. */
  restore(snapshot: unknown): SandboxOverview;
}

export interface SandboxOverview {
  version: string;
  url: string;
  clock: SandboxClock;
  userVerification: 'off' | 'custom';
  connections: number;
  accounts: number;
  pendingLinks: number;
  faults: number;
}

export interface SandboxClock {
  /** ISO 8601 */
  now: string;
  frozen: boolean;
  /** How far it is ahead of the real time. */
  offsetSeconds: number;
}

export interface LinkFilter {
  /** `open` where omitted. */
  state?: 'open' | 'all' | undefined;
}

export interface SandboxLink {
  /** `lnk_…` */
  id: string;
  connectionName: string;
  identifier: string;
  connectedAccountId: string;
  /** What the user opens. */
  link: string;
  state: 'open' | 'used' | 'denied' | 'expired';
  expiresAt: string;
  /** What it ended with, where it was denied. */
  error?: string;
  errorDescription?: string;
}

export interface LinkDenial {
  /** `access_denied` where omitted (RFC 6749 section 4.1.2.1). */
  error?: string | undefined;
  errorDescription?: string | undefined;
}

/** An account's id, or what it is asked for by. */
export type AccountReference = string | { connectionName: string; identifier: string };

export interface AccountFilter {
  connectionName?: string | undefined;
  identifier?: string | undefined;
  status?: AccountStatus | undefined;
}

export interface SandboxAccount {
  /** `ca_…` */
  connectedAccountId: string;
  connectionName: string;
  identifier: string;
  status: AccountStatus;
  /** The connector's identifier. */
  provider: string;
  authorizationType: Exclude<AuthType, 'BEARER'> | 'BEARER_TOKEN';
  tokenExpiresAt: string | null;
  updatedAt: string;
  lastUsedAt: string | null;
}

export interface SandboxConnection {
  /** `conn_…` */
  id: string;
  name: string;
  /** The connector's identifier. */
  connector: string;
  authType: AuthType;
  isMcp: boolean;
  /** Of an OAuth connection; the secret is not told. */
  clientId: string | null;
  createdAt: string;
}

export interface SnapshotOptions {
  /** Credentials, tokens, links' addresses, clients' secrets and the signing key; none of them otherwise. */
  includeSecrets?: boolean | undefined;
}

/** For a file, and to be restored; what is in it is the sandbox's. */
export interface SandboxSnapshot {
  format: 'sk-connect-sandbox';
  version: 1;
  takenAt: string;
  includesSecrets: boolean;
}
