import { connectorIdentifier } from '../config/identifier.ts';
import type { ConnectorDefinition } from '../config/types.ts';
import { stableId } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import type { Changes } from './changes.ts';

export interface Connector {
  readonly id: string;
  /** What Scalekit calls the provider; derived from the display name once, and kept when that changes. */
  readonly identifier: string;
  /** Replaced as a whole. */
  definition: ConnectorDefinition;
  readonly createdAt: number;
  updatedAt: number;
}

export type ConnectorStore = ReturnType<typeof createConnectorStore>;

/** The environment's connectors, in order of creation. What they hold has been validated. */
export function createConnectorStore(now: () => number, changes: Changes) {
  const byIdentifier = new Map<string, Connector>();

  return {
    create(definition: ConnectorDefinition): Connector {
      const identifier = connectorIdentifier(definition.display_name);
      if (byIdentifier.has(identifier)) {
        throw new Refusal(
          'already_exists',
          'PROVIDER_ALREADY_EXISTS',
          `provider already exists: ${identifier}`,
        );
      }
      const id = stableId('prv_', identifier);
      const connector = { id, identifier, definition, createdAt: now(), updatedAt: now() };
      byIdentifier.set(identifier, connector);
      changes.emit('catalogue');
      return connector;
    },
    /** As it was before, of a snapshot that has been checked. */
    restore(fields: Omit<Connector, 'id'>): void {
      byIdentifier.set(fields.identifier, { ...fields, id: stableId('prv_', fields.identifier) });
    },
    clear: () => byIdentifier.clear(),
    replace(connector: Connector, definition: ConnectorDefinition): void {
      Object.assign(connector, { definition, updatedAt: now() });
      changes.emit('catalogue');
    },
    remove(connector: Connector): void {
      byIdentifier.delete(connector.identifier);
      changes.emit('catalogue');
    },
    get: (identifier: string) => byIdentifier.get(identifier),
    /** By identifier or by display name, as a config names them. */
    find: (name: string) =>
      byIdentifier.get(name) ??
      [...byIdentifier.values()].find(({ definition }) => definition.display_name === name),
    values: (): IterableIterator<Connector> => byIdentifier.values(),
  };
}
