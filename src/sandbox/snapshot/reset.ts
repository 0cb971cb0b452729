import type { SandboxState } from '../state/sandbox-state.ts';
import { seed } from '../state/seed.ts';
import { clearState } from './restore.ts';

/** Back to the config, as if it had just been started; its address, client, control token and key stay. */
export function resetState(state: SandboxState): void {
  state.changes.emit('replacing');
  clearState(state);
  state.clock.set({ offsetMs: 0, frozenAt: null });
  state.faults.clear();
  state.exchanges.clear();
  seed(state);
  state.changes.emit('replaced');
}
