import type { AccountStatus } from '../config/types.ts';
import { type Account, currentStatus } from '../state/accounts.ts';

interface AccountsSummary {
  total: number;
  /** How many there are of each state that occurs, the most frequent first. */
  counts: [AccountStatus, number][];
  /** Those that changed or were used last, the latest first. */
  latest: Account[];
}

/** One pass over all accounts, however many: nothing of their number is kept or sorted. */
export function summarize(accounts: readonly Account[], now: number, most: number): AccountsSummary {
  const counts = new Map<AccountStatus, number>();
  const latest: Account[] = [];
  // From the newest on: an old one that did nothing since has no place any more.
  for (let index = accounts.length - 1; index >= 0; index -= 1) {
    const account = accounts[index];
    if (!account) continue;
    const status = currentStatus(account, now);
    counts.set(status, (counts.get(status) ?? 0) + 1);
    const last = latest[most - 1];
    if (!last || activityOf(account) > activityOf(last)) insert(latest, account, most);
  }
  return { total: accounts.length, counts: [...counts].sort(([, a], [, b]) => b - a), latest };
}

/** Among equals the one created last comes first. */
function insert(latest: Account[], account: Account, most: number): void {
  const at = latest.findIndex((other) => activityOf(account) > activityOf(other));
  latest.splice(at < 0 ? latest.length : at, 0, account);
  if (latest.length > most) latest.pop();
}

function activityOf({ updatedAt, lastUsedAt = 0 }: Account): number {
  return Math.max(updatedAt, lastUsedAt);
}
