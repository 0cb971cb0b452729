import type { Account } from '../state/accounts.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { ensureFresh, noticeExpiry, renewalDueAt } from './refresh.ts';

const MOST_AT_ONCE = 8;
/** Between two attempts of its own for one account: a provider that is down, or gives tokens for seconds, is not kept busy. */
const PAUSE_MS = 30_000;
/** At most: one look takes all that is due, of thousands of accounts. */
const LOOK_EVERY_MS = 100;
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/**
 * Does by itself what time brings, as Scalekit does: renews access tokens that end soon, and notices those that ended for good. By
 * the sandbox's clock; where the caller gave a clock of its own, whoever asks for an account brings it about. Ends when the sandbox closes.
 */
export function watchTokens(state: SandboxState): void {
  const watched = new Set<Account>();
  const pausedUntil = new WeakMap<Account, number>();
  let timer: NodeJS.Timeout | undefined;
  let timerAt = Infinity;

  function dueAt(account: Account): number {
    const { status, credentials } = account;
    if (status !== 'ACTIVE' || credentials.kind !== 'oauth') return Infinity;
    if (credentials.refreshToken === undefined) return credentials.expiresAt ?? Infinity;
    return Math.max(renewalDueAt(credentials, state.refreshAheadMs), pausedUntil.get(account) ?? 0);
  }

  function watch(account: Account): void {
    const at = dueAt(account);
    if (at === Infinity) watched.delete(account);
    else watched.add(account);
    wakeAt(at);
  }

  function wakeAt(due: number): void {
    const now = state.now();
    // Time that stands still brings nothing; the clock tells when it goes on.
    if (due === Infinity || state.closing.aborted || (state.clock.isFrozen() && due > now)) return;
    const at = Math.max(due, now + LOOK_EVERY_MS);
    if (at >= timerAt) return;
    clearTimeout(timer);
    timerAt = at;
    timer = setTimeout(look, Math.min(at - now, LONGEST_TIMER_MS));
    timer.unref();
  }

  function look(): void {
    clearTimeout(timer);
    timerAt = Infinity;
    const due = [...watched].filter((account) => dueAt(account) <= state.now());
    for (const account of due) {
      pausedUntil.set(account, state.now() + PAUSE_MS);
      noticeExpiry(state, account);
    }
    void renew(due);
    for (const account of watched) wakeAt(dueAt(account));
  }

  async function renew(due: readonly Account[]): Promise<void> {
    const waiting = due.values();
    const worker = async () => {
      for (const account of waiting)
        if (!state.closing.aborted) await ensureFresh(state, account).catch(() => {});
    };
    await Promise.all(Array.from({ length: MOST_AT_ONCE }, worker));
  }

  function start(): void {
    // The clock may be another by now: what was waited for says nothing.
    clearTimeout(timer);
    timerAt = Infinity;
    watched.clear();
    for (const account of state.accounts.all()) watch(account);
  }

  state.changes.on('account', watch);
  state.changes.on('accountRemoved', (account) => watched.delete(account));
  state.changes.on('replaced', start);
  state.changes.on('clock', look);
  state.closing.addEventListener('abort', () => clearTimeout(timer), { once: true });
  start();
}
