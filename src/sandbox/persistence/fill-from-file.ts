import { isoTime } from '../clock.ts';
import type { SetAside, Snapshot } from '../snapshot/document.ts';
import { planAccounts, planCatalogue } from '../snapshot/plan.ts';
import { applyPlan } from '../snapshot/restore.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { seed } from '../state/seed.ts';
import { sortOwn } from './own-snapshot.ts';

/** Fills an empty state with what its file kept, over what its config has. Returns what the config has no place for. */
export function fillFromFile(state: SandboxState, kept: Snapshot | undefined): SetAside {
  if (kept === undefined) {
    seed(state);
    return { connectors: [], connections: [], accounts: [], registrations: [] };
  }
  const { usable, setAside } = sortOwn(state.config, kept);
  const { links, verifications } = usable;
  const accounts = planAccounts(state.config, usable, true);
  applyPlan(state, { ...planCatalogue(state.config, usable), ...accounts, links, verifications }, usable);
  return setAside;
}

/** What somebody who knows the config alone would wonder about. */
export function keptWarnings(
  state: SandboxState,
  path: string,
  { accounts, connections }: SetAside,
): string[] {
  const names = [...new Set(accounts.map(({ connectionName }) => connectionName))];
  const aside =
    accounts.length + connections.length === 0
      ? []
      : [
          `${path} keeps ${count(accounts.length, 'account')} of connections that the config does not have${names.length === 0 ? '' : `: ${names.slice(0, 5).join(', ')}`}. They stay there, unused.`,
        ];
  const { offsetMs, frozenAt } = state.clock.reading();
  const moved =
    frozenAt === null && Math.abs(offsetMs) < 1000
      ? []
      : [
          frozenAt === null
            ? `The clock is ${Math.round(offsetMs / 1000)} s ahead, as it was left.`
            : `The clock stands still at ${isoTime(frozenAt)}, as it was left.`,
        ];
  return [...aside, ...moved];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
