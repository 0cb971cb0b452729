import type { Account } from './accounts.ts';
import type { SandboxState } from './sandbox-state.ts';

/** The account stays, without credentials; what waits for its user to be verified would bring some back. */
export function disconnect(state: SandboxState, account: Account): void {
  state.verifications.dropOf(account);
  state.accounts.change(account, { status: 'DISCONNECTED', credentials: { kind: 'none' } });
}
