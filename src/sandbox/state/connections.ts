import type { LockedTool, Lockfile } from '../../contracts/lockfile.ts';
import { findPattern } from '../config/find-pattern.ts';
import type { AuthPattern, AuthType, ConnectionConfig } from '../config/types.ts';
import { stableId } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import type { Changes } from './changes.ts';
import type { Connector, ConnectorStore } from './connectors.ts';

export interface Connection {
  readonly id: string;
  readonly name: string;
  readonly connector: Connector;
  readonly authType: AuthType;
  /** The connector's pattern of that type, as the connector is now. */
  readonly pattern: AuthPattern;
  readonly oauth: NonNullable<ConnectionConfig['oauth']> | undefined;
  readonly createdAt: number;
  /** What it was made from. */
  readonly config: ConnectionConfig;
  /** What is listed in place of what the MCP server offers. */
  readonly locked: ReadonlyMap<string, LockedTool> | undefined;
}

export type ConnectionStore = ReturnType<typeof createConnectionStore>;

/** The environment's connections by their exact names, in order of creation. What they are made from has been validated. */
export function createConnectionStore(connectors: ConnectorStore, now: () => number, changes: Changes) {
  const byName = new Map<string, Connection>();

  return {
    /** @param sharedLock the environment's lockfile, for connections without one of their own */
    create(config: ConnectionConfig, sharedLock?: Lockfile, createdAt = now()): Connection {
      const connector = connectors.find(config.connector);
      const found = connector && findPattern(connector.definition, config.auth_type);
      if (!connector || !found) throw new TypeError(`connection ${config.name} was not validated`);
      const { name, oauth } = config;
      const authType = found.type;
      const connection: Connection = {
        id: stableId('conn_', name),
        name,
        connector,
        authType,
        get pattern() {
          const pattern = findPattern(connector.definition, authType);
          if (!pattern) throw new TypeError(`${connector.identifier} lost the pattern of ${name}`);
          return pattern;
        },
        oauth,
        createdAt,
        config,
        locked: lockedOf(config.tools_lock, name) ?? lockedOf(sharedLock, name),
      };
      byName.set(name, connection);
      changes.emit('catalogue');
      return connection;
    },
    remove(connection: Connection): void {
      byName.delete(connection.name);
      changes.emit('catalogue');
    },
    clear: () => byName.clear(),
    get: (name: string) => byName.get(name),
    values: (): IterableIterator<Connection> => byName.values(),
    ofConnector: (connector: Connector) =>
      [...byName.values()].filter((connection) => connection.connector === connector),
  };
}

/** Custom tools are not Scalekit's to list. */
function lockedOf(lock: Lockfile | undefined, name: string): ReadonlyMap<string, LockedTool> | undefined {
  if (lock === undefined || !Object.hasOwn(lock.connections, name)) return undefined;
  const tools = Object.entries(lock.connections[name]?.tools ?? {});
  return new Map(tools.filter(([, { source }]) => source !== 'custom'));
}

/** As the API spells the auth type of accounts; connectors say BEARER. */
export function authorizationType({ authType }: Connection): Exclude<AuthType, 'BEARER'> | 'BEARER_TOKEN' {
  return authType === 'BEARER' ? 'BEARER_TOKEN' : authType;
}

export function requireConnection(connections: Pick<ConnectionStore, 'get'>, name: string): Connection {
  const connection = connections.get(name);
  if (connection) return connection;
  throw new Refusal('not_found', 'CONNECTION_NOT_FOUND', `connection not found: ${name}`);
}
