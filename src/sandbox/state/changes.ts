import { EventEmitter } from 'node:events';
import type { AccountStatus } from '../config/types.ts';
import type { Exchange } from '../interface.ts';
import type { Account } from './accounts.ts';

/** What happens in a sandbox, for those who keep, tell or show it. Listeners are called at once and must not throw. */
export type Changes = EventEmitter<{
  /** Created or changed; `before` is undefined for a new one. */
  account: [account: Account, before: AccountStatus | undefined];
  accountRemoved: [account: Account];
  /** A link was made, used or denied. */
  link: [];
  /** A connector or a connection was added, replaced or removed. */
  catalogue: [];
  /** A call was answered, or ended without. */
  exchange: [exchange: Exchange];
}>;

export function createChanges(): Changes {
  const changes: Changes = new EventEmitter();
  changes.setMaxListeners(0);
  return changes;
}
