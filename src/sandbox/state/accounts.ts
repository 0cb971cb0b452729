import type { JsonObject } from '@bufbuild/protobuf';
import type { AccountStatus } from '../config/types.ts';
import { randomId } from '../ids.ts';
import type { DiscoveredClient } from '../oauth/client.ts';
import { Refusal } from '../refusal.ts';
import type { Changes } from './changes.ts';
import type { Connection } from './connections.ts';
import { insertLast, type Ordered, removeOrdered } from './ordered.ts';

export type Credentials = OAuthCredentials | { kind: 'static'; details: JsonObject } | { kind: 'none' };

export interface OAuthCredentials {
  kind: 'oauth';
  accessToken: string;
  refreshToken: string | undefined;
  scopes: string[];
  /** Milliseconds since the epoch; unknown where the provider did not say. */
  expiresAt: number | undefined;
  /** When they were issued, where the sandbox was there. */
  issuedAt?: number | undefined;
  /** An MCP server's authorization server, and the client at it; these tokens are good with no other. */
  issuedBy?: DiscoveredClient | undefined;
}

export interface Account extends Ordered {
  readonly id: string;
  readonly connection: Connection;
  readonly identifier: string;
  /** What the account was created for, where that was said. */
  readonly organizationId?: string | undefined;
  readonly userId?: string | undefined;
  status: AccountStatus;
  credentials: Credentials;
  apiConfig: JsonObject;
  updatedAt: number;
  lastUsedAt: number | undefined;
}

type NewAccount = Pick<Account, 'connection' | 'identifier' | 'status' | 'credentials' | 'apiConfig'> & {
  id?: string;
  organizationId?: string | undefined;
  userId?: string | undefined;
};
type RestoredAccount = Omit<Account, 'order'>;
type AccountChange = Partial<Pick<Account, 'status' | 'credentials' | 'apiConfig'>>;

export type AccountStore = ReturnType<typeof createAccountStore>;

/** Accounts in order of creation, with an index for each way of listing them. */
export function createAccountStore(now: () => number, changes: Changes) {
  const all: Account[] = [];
  const byId = new Map<string, Account>();
  const byKey = new Map<string, Account>();
  const byConnection = new Map<string, Account[]>();
  const byIdentifier = new Map<string, Account[]>();
  let nextOrder = 1;

  function create(fields: NewAccount): Account {
    const key = accountKey(fields.connection.name, fields.identifier);
    if (byKey.has(key)) {
      const message = `connected account already exists for ${fields.identifier} on ${fields.connection.name}`;
      throw new Refusal('already_exists', 'CONNECTED_ACCOUNT_ALREADY_EXISTS', message);
    }
    const account = restore({ id: randomId('ca_'), ...fields, updatedAt: now(), lastUsedAt: undefined });
    changes.emit('account', account, undefined);
    return account;
  }

  /** As it was before, of a snapshot that has been checked: nobody is told of a new account. */
  function restore(fields: RestoredAccount): Account {
    const account = { ...fields, order: nextOrder++ };
    all.push(account);
    byId.set(account.id, account);
    byKey.set(accountKey(account.connection.name, account.identifier), account);
    insertLast(byConnection, account.connection.name, account);
    insertLast(byIdentifier, account.identifier, account);
    return account;
  }

  function clear(): void {
    all.length = 0;
    for (const index of [byId, byKey, byConnection, byIdentifier]) index.clear();
  }

  function remove(account: Account): void {
    removeOrdered(all, account);
    byId.delete(account.id);
    byKey.delete(accountKey(account.connection.name, account.identifier));
    removeOrdered(byConnection.get(account.connection.name) ?? [], account);
    removeOrdered(byIdentifier.get(account.identifier) ?? [], account);
    changes.emit('accountRemoved', account);
  }

  function change(account: Account, change: AccountChange): void {
    // Removed while its change was on its way: a refresh that was under way when the sandbox was reset.
    if (byId.get(account.id) !== account) return;
    const before = account.status;
    Object.assign(account, change, { updatedAt: now() });
    changes.emit('account', account, before);
  }

  return {
    create,
    restore,
    clear,
    remove,
    change,
    touch: (account: Account) => {
      account.lastUsedAt = now();
    },
    get: (id: string) => byId.get(id),
    find: (connectionName: string, identifier: string) => byKey.get(accountKey(connectionName, identifier)),
    all: (): readonly Account[] => all,
    ofConnection: (name: string): readonly Account[] => byConnection.get(name) ?? [],
    ofIdentifier: (identifier: string): readonly Account[] => byIdentifier.get(identifier) ?? [],
  };
}

/** Names an account among all of them, whether it is there or not. */
export function accountKey(connectionName: string, identifier: string): string {
  return JSON.stringify([connectionName, identifier]);
}

/** When its access token ends, in milliseconds since the epoch; undefined where it has none or nobody said. */
export function tokenEnd({ credentials }: Account): number | undefined {
  return credentials.kind === 'oauth' ? credentials.expiresAt : undefined;
}

/** An access token that ran out and cannot be renewed makes its account EXPIRED; nobody has to be told. */
export function currentStatus(account: Account, now: number): AccountStatus {
  const { credentials } = account;
  const ranOut =
    account.status === 'ACTIVE' &&
    credentials.kind === 'oauth' &&
    credentials.refreshToken === undefined &&
    credentials.expiresAt !== undefined &&
    credentials.expiresAt <= now;
  return ranOut ? 'EXPIRED' : account.status;
}
