import { findPattern } from '../config/find-pattern.ts';
import { connectorIdentifier } from '../config/identifier.ts';
import type { Finding } from '../config/problems.ts';
import type {
  AccountConfig,
  AuthType,
  ConnectionConfig,
  ConnectorDefinition,
  SandboxConfig,
} from '../config/types.ts';
import { findProblems } from '../config/validate.ts';
import { accountKey } from '../state/accounts.ts';
import type { AccountRecord, Snapshot } from './document.ts';
import { hashOf, withIdentifier } from './records.ts';

/** What a sandbox will hold: a snapshot together with the config it is restored into. */
export interface Plan {
  connectors: PlannedConnector[];
  connections: PlannedConnection[];
  accounts: AccountRecord[];
  /** The config's accounts that the snapshot says nothing of, or that the config has changed since. */
  seeded: { config: AccountConfig; id?: string }[];
  links: Snapshot['links'];
  verifications: Snapshot['verifications'];
}

interface PlannedConnector {
  identifier: string;
  definition: ConnectorDefinition;
  createdAt?: number;
  updatedAt?: number;
}

interface PlannedConnection {
  connection: ConnectionConfig;
  createdAt?: number;
}

/** The whole catalogue: the config's without what was removed, with what was added or replaced in its place. */
export function planCatalogue(config: SandboxConfig, snapshot: Snapshot): Catalogue {
  const removed = {
    connectors: new Set(snapshot.removed.connectors),
    connections: new Set(snapshot.removed.connections),
  };
  const connectors = new Map<string, PlannedConnector>();
  for (const definition of config.connectors) {
    const identifier = connectorIdentifier(definition.display_name);
    if (!removed.connectors.has(identifier)) connectors.set(identifier, { identifier, definition });
  }
  for (const { configured: _hash, ...record } of snapshot.connectors)
    connectors.set(record.identifier, record);
  const connections = new Map<string, PlannedConnection>();
  for (const connection of config.connections) {
    if (!removed.connections.has(connection.name))
      connections.set(connection.name, { connection: withIdentifier(connection) });
  }
  for (const { connection, createdAt } of snapshot.connections) {
    connections.set(connection.name, { connection, createdAt });
  }
  return { connectors: [...connectors.values()], connections: [...connections.values()] };
}

/** What is wrong with a catalogue as if it stood in a config; paths are the snapshot's. */
export function catalogueProblems(
  config: SandboxConfig,
  { connectors, connections }: Catalogue,
  snapshot: Snapshot,
): Finding[] {
  const whole: SandboxConfig = {
    ...config,
    // By its identifier, which it keeps whatever it is shown as.
    connectors: connectors.map(({ identifier, definition }) => ({
      ...definition,
      display_name: identifier.replaceAll('-', ' '),
    })),
    connections: connections.map(({ connection }) => connection),
    accounts: [],
  };
  const places: Record<string, number[]> = {
    connectors: connectors.map(({ identifier }) =>
      snapshot.connectors.findIndex((record) => record.identifier === identifier),
    ),
    connections: connections.map(({ connection }) =>
      snapshot.connections.findIndex((record) => record.connection.name === connection.name),
    ),
  };
  return findProblems(whole).map(({ path: [section, index, ...rest], message }) => {
    const at = places[String(section)]?.[Number(index)] ?? -1;
    const part = section === 'connectors' ? 'definition' : 'connection';
    // A connection of the config whose connector the snapshot has taken away.
    if (at === -1)
      return { path: [], message: `${String(section)}[${String(index)}] of the config: ${message}` };
    return { path: [String(section), at, part, ...rest], message };
  });
}

/** Which accounts come from the snapshot and which from the config. */
export function planAccounts(
  { accounts: configured = [] }: SandboxConfig,
  snapshot: Snapshot,
  /** Whether what the config has changed since goes before what was kept. */
  isOwn: boolean,
): Pick<Plan, 'accounts' | 'seeded'> {
  const byKey = new Map(configured.map((entry) => [accountKey(entry.connection, entry.identifier), entry]));
  const accounts: AccountRecord[] = [];
  const seeded: Plan['seeded'] = [];
  const done = new Set(
    snapshot.removed.accounts.map(({ connectionName, identifier }) => accountKey(connectionName, identifier)),
  );
  for (const record of snapshot.accounts) {
    const key = accountKey(record.connectionName, record.identifier);
    const entry = byKey.get(key);
    const isOutdated = isOwn && entry !== undefined && saysMore(entry) && record.configured !== hashOf(entry);
    if (isOutdated) seeded.push({ config: entry, id: record.connectedAccountId });
    else accounts.push(record);
    done.add(key);
  }
  for (const [key, entry] of byKey) if (!done.has(key)) seeded.push({ config: entry });
  return { accounts, seeded };
}

/** Whether a config says of an account more than that it is there. */
function saysMore({ credentials, status }: AccountConfig): boolean {
  return credentials !== undefined || status !== undefined;
}

type Catalogue = Pick<Plan, 'connections' | 'connectors'>;

/** By connection name. */
export function patternTypes({ connections, connectors }: Catalogue): Map<string, AuthType | undefined> {
  const definitions = new Map(connectors.map(({ identifier, definition }) => [identifier, definition]));
  return new Map(
    connections.map(({ connection }) => {
      const definition = definitions.get(connection.connector);
      const pattern = definition && findPattern(definition, connection.auth_type);
      return [connection.name, pattern?.type];
    }),
  );
}

export function accountProblems(catalogue: Catalogue, snapshot: Snapshot): Finding[] {
  const types = patternTypes(catalogue);
  const ids = new Set<string>();
  const keys = new Set<string>();
  return snapshot.accounts.flatMap(
    ({ connectedAccountId: id, connectionName, identifier, credentials }, index) => {
      const problems: Finding[] = [];
      const problem = (field: string, message: string) =>
        problems.push({ path: ['accounts', index, field], message });
      const key = accountKey(connectionName, identifier);
      if (ids.has(id)) problem('connectedAccountId', `another account is ${id}`);
      if (keys.has(key)) problem('identifier', 'another account has this connection and identifier');
      ids.add(id);
      keys.add(key);
      if (!types.has(connectionName)) problem('connectionName', `no connection is called ${connectionName}`);
      else if (!fits(credentials?.kind, types.get(connectionName)))
        problem('credentials', `are ${credentials?.kind}, which ${connectionName} does not take`);
      return problems;
    },
  );
}

export function registrationProblems({ connections }: Catalogue, { registrations }: Snapshot): Finding[] {
  const names = new Set(connections.map(({ connection }) => connection.name));
  return registrations.flatMap(({ connectionName }, index) =>
    names.has(connectionName)
      ? []
      : [
          {
            path: ['registrations', index, 'connectionName'],
            message: `no connection is called ${connectionName}`,
          },
        ],
  );
}

export function fits(kind: string | undefined, type: string | undefined): boolean {
  if (kind === undefined || kind === 'none') return true;
  return (kind === 'oauth') === (type === 'OAUTH');
}

export function linkProblems(snapshot: Snapshot): Finding[] {
  const accounts = new Set(snapshot.accounts.map(({ connectedAccountId }) => connectedAccountId));
  const links = new Set(snapshot.links.map(({ id }) => id));
  return [
    ...snapshot.links.flatMap(({ connectedAccountId }, index) =>
      accounts.has(connectedAccountId)
        ? []
        : [{ path: ['links', index, 'connectedAccountId'], message: `no account is ${connectedAccountId}` }],
    ),
    ...snapshot.verifications.flatMap(({ linkId }, index) =>
      links.has(linkId)
        ? []
        : [{ path: ['verifications', index, 'linkId'], message: `no link is ${linkId}` }],
    ),
  ];
}
