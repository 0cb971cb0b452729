import type { LockedTool, Lockfile } from '../../contracts/lockfile.ts';
import { findPattern } from '../config/find-pattern.ts';
import { connectorIdentifier } from '../config/identifier.ts';
import type { AuthPattern, ConnectionConfig, ConnectorDefinition, SandboxConfig } from '../config/types.ts';
import { stableId } from '../ids.ts';
import { Refusal } from '../refusal.ts';

interface Connector {
  /** What Scalekit calls the provider. */
  identifier: string;
  definition: ConnectorDefinition;
}

export interface Connection {
  id: string;
  name: string;
  connector: Connector;
  pattern: AuthPattern;
  oauth: NonNullable<ConnectionConfig['oauth']> | undefined;
  createdAt: number;
  /** What is listed in place of what the MCP server offers. */
  locked: ReadonlyMap<string, LockedTool> | undefined;
}

/** Keyed by the exact Connection name, in the order of the config. The config has been validated. */
export function buildConnections(config: SandboxConfig, now: number): Map<string, Connection> {
  const connectors = config.connectors.map((definition) => ({
    identifier: connectorIdentifier(definition.display_name),
    definition,
  }));
  return new Map(
    config.connections.map((entry) => {
      const connector = findConnector(connectors, entry.connector);
      const pattern = connector && findPattern(connector.definition, entry.auth_type);
      if (!connector || !pattern) throw new TypeError(`connection ${entry.name} was not validated`);
      const id = stableId('conn_', entry.name);
      const { name, oauth } = entry;
      const locked = lockedOf(entry.tools_lock, name) ?? lockedOf(config.tools_lock, name);
      return [name, { id, name, connector, pattern, oauth, createdAt: now, locked }];
    }),
  );
}

/** Custom tools are not Scalekit's to list. */
function lockedOf(lock: Lockfile | undefined, name: string): ReadonlyMap<string, LockedTool> | undefined {
  if (lock === undefined || !Object.hasOwn(lock.connections, name)) return undefined;
  const tools = Object.entries(lock.connections[name]?.tools ?? {});
  return new Map(tools.filter(([, { source }]) => source !== 'custom'));
}

function findConnector(connectors: Connector[], name: string): Connector | undefined {
  return connectors.find(
    ({ identifier, definition }) => identifier === name || definition.display_name === name,
  );
}

export function requireConnection(connections: ReadonlyMap<string, Connection>, name: string): Connection {
  const connection = connections.get(name);
  if (connection) return connection;
  throw new Refusal('not_found', 'CONNECTION_NOT_FOUND', `connection not found: ${name}`);
}
