import { connectorIdentifier } from '../config/identifier.ts';
import type { Finding } from '../config/problems.ts';
import type { SandboxConfig } from '../config/types.ts';
import type { AccountRecord, SetAside, Snapshot } from '../snapshot/document.ts';
import { catalogueProblems, fits, patternTypes, planCatalogue } from '../snapshot/plan.ts';
import { hashOf, withIdentifier } from '../snapshot/records.ts';

/** What goes with the config of today, and what does not: that is kept for a config that it goes with. */
interface SortedSnapshot {
  usable: Snapshot;
  setAside: SetAside;
}

/** What was kept meets a config that may have been changed since; what the config says anew goes before it. */
export function sortOwn(config: SandboxConfig, kept: Snapshot): SortedSnapshot {
  const usable = withoutOutdated(config, kept);
  const setAside: SetAside = { connectors: [], connections: [], accounts: [], registrations: [] };
  for (;;) {
    const problems = catalogueProblems(config, planCatalogue(config, usable), usable);
    if (problems.length === 0) break;
    const concerned = (section: 'connectors' | 'connections') => indexesIn(problems, section);
    const isUnclear = problems.every(({ path }) => path.length === 0);
    setAside.connectors.push(...take(usable.connectors, isUnclear ? 'all' : concerned('connectors')));
    setAside.connections.push(...take(usable.connections, isUnclear ? 'all' : concerned('connections')));
    if (isUnclear) Object.assign(usable.removed, { connectors: [], connections: [] });
  }
  const types = patternTypes(planCatalogue(config, usable));
  setAside.accounts = usable.accounts.filter(({ connectionName }) => !types.has(connectionName));
  usable.accounts = usable.accounts
    .filter(({ connectionName }) => types.has(connectionName))
    .map((account) => fitting(account, types.get(account.connectionName)));
  setAside.registrations = usable.registrations.filter(({ connectionName }) => !types.has(connectionName));
  usable.registrations = usable.registrations.filter(({ connectionName }) => types.has(connectionName));
  return { usable, setAside };
}

function withoutOutdated(config: SandboxConfig, kept: Snapshot): Snapshot {
  const connectors = new Map(
    config.connectors.map((definition) => [connectorIdentifier(definition.display_name), hashOf(definition)]),
  );
  const connections = new Map(config.connections.map((entry) => [entry.name, hashOf(withIdentifier(entry))]));
  const isCurrent = (hash: string | undefined, configured: string | undefined) =>
    hash === undefined || hash === configured;
  return {
    ...kept,
    connectors: kept.connectors.filter(({ identifier, configured }) =>
      isCurrent(connectors.get(identifier), configured),
    ),
    connections: kept.connections.filter(({ connection, configured }) =>
      isCurrent(connections.get(connection.name), configured),
    ),
    removed: { ...kept.removed },
  };
}

function indexesIn(problems: readonly Finding[], section: string): Set<number> {
  return new Set(problems.filter(({ path }) => path[0] === section).map(({ path }) => Number(path[1])));
}

/** Takes those out of the list. */
function take<T>(list: T[], which: ReadonlySet<number> | 'all'): T[] {
  const isTaken = (index: number) => which === 'all' || which.has(index);
  const taken = list.filter((_, index) => isTaken(index));
  const left = list.filter((_, index) => !isTaken(index));
  list.splice(0, list.length, ...left);
  return taken;
}

/** A connection that takes other credentials by now: the account has to be authorized anew. */
function fitting(account: AccountRecord, type: string | undefined): AccountRecord {
  if (fits(account.credentials?.kind, type)) return account;
  const { credentials: _unfit, ...rest } = account;
  return rest;
}
