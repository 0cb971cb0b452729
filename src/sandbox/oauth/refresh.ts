import type { Account } from '../state/accounts.ts';
import type { SandboxState } from '../state/sandbox-state.ts';

export async function ensureFresh(_state: SandboxState, _account: Account): Promise<void> {}
