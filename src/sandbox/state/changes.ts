import { EventEmitter } from 'node:events';
import type { AccountStatus } from '../config/types.ts';
import type { Exchange } from '../interface/exchanges.ts';
import type { Account } from './accounts.ts';
import type { Link } from './links.ts';
import type { Verification } from './verifications.ts';

/** What happens in a sandbox, for those who keep, tell or show it. Listeners are called at once and must not throw. */
export type Changes = EventEmitter<{
  /** Created or changed; `before` is undefined for a new one. */
  account: [account: Account, before: AccountStatus | undefined];
  accountRemoved: [account: Account];
  /** A link was made, used or denied, or is gone; without one: they all are. */
  link: [link?: Link];
  /** Begins to wait for its user, or is done with. */
  verification: [verification: Verification];
  /** A client registered itself at a provider, or is not known there any more. */
  registration: [];
  /** A connector or a connection was added, replaced or removed. */
  catalogue: [];
  /** The clock was advanced, frozen or resumed. */
  clock: [];
  /** A reset or a snapshot begins to take the place of everything; what is told of until `replaced` is part of it. */
  replacing: [];
  replaced: [];
  /** A call was answered, or ended without. */
  exchange: [exchange: Exchange];
}>;

export function createChanges(): Changes {
  const changes: Changes = new EventEmitter();
  changes.setMaxListeners(0);
  return changes;
}
