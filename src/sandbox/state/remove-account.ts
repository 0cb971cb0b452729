import type { Account } from './accounts.ts';
import type { SandboxState } from './sandbox-state.ts';

/** With its links, and what waits for its user to be verified. */
export function removeAccount(state: SandboxState, account: Account): void {
  state.accounts.remove(account);
  state.links.dropOf(account);
  state.verifications.dropOf(account);
}
