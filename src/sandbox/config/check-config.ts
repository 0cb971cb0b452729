import { checkFaults } from '../faults/check-config.ts';
import { checkToolNames } from '../tools/check.ts';
import { checkWebhooks } from '../webhooks/check.ts';
import { checkAllowHosts } from './allow-hosts.ts';
import { checkToolLocks } from './check-tool-locks.ts';
import { findPattern } from './find-pattern.ts';
import { connectorIdentifier } from './identifier.ts';
import type { Finding } from './problems.ts';
import type { ConnectionConfig, ConnectorDefinition, SandboxConfig } from './types.ts';

/** What the parts of a config must be to each other. */
export function checkConfig(config: SandboxConfig): Finding[] {
  return [
    ...checkUnique(
      config.connectors.map(({ display_name }) => connectorIdentifier(display_name)),
      (index, name) => ({
        path: ['connectors', index, 'display_name'],
        message: `another connector has the identifier ${name}`,
      }),
    ),
    ...checkUnique(
      config.connections.map(({ name }) => name),
      (index, name) => ({
        path: ['connections', index, 'name'],
        message: `another connection is called ${name}`,
      }),
    ),
    ...config.connections.flatMap((connection, index) =>
      checkConnection(config, connection).map(({ path, message }) => ({
        path: ['connections', index, ...path],
        message,
      })),
    ),
    ...checkToolNames(config),
    ...checkAllowHosts(config),
    ...checkAccounts(config),
    ...checkWebhooks(config.environment?.webhooks ?? []),
    ...checkFaults(config),
    ...checkToolLocks(config),
  ];
}

function checkUnique(names: string[], finding: (index: number, name: string) => Finding): Finding[] {
  return names.flatMap((name, index) => (names.indexOf(name) < index ? [finding(index, name)] : []));
}

function checkConnection(config: SandboxConfig, connection: ConnectionConfig): Finding[] {
  const definition = findDefinition(config, connection.connector);
  if (!definition)
    return [
      { path: ['connector'], message: `names ${connection.connector}, but there is no such connector` },
    ];
  const pattern = findPattern(definition, connection.auth_type);
  if (!pattern) {
    const types = definition.auth_patterns.map(({ type }) => type).join(', ');
    return [{ path: ['auth_type'], message: `the connector has no ${connection.auth_type}, only ${types}` }];
  }
  if (pattern.type === 'OAUTH') {
    // An MCP connection without a client registers itself; that is not for this check to refuse.
    if (connection.oauth || pattern.is_mcp) return [];
    return [{ path: ['oauth'], message: 'is required for OAUTH: the client_id that the provider gave you' }];
  }
  return connection.oauth ? [{ path: ['oauth'], message: `does not go with ${pattern.type}` }] : [];
}

function findDefinition(config: SandboxConfig, name: string): ConnectorDefinition | undefined {
  return config.connectors.find(
    ({ display_name }) => display_name === name || connectorIdentifier(display_name) === name,
  );
}

function checkAccounts({ accounts = [], connections }: SandboxConfig): Finding[] {
  const names = new Set(connections.map(({ name }) => name));
  const unknown = accounts.flatMap(({ connection }, index) =>
    names.has(connection)
      ? []
      : [{ path: ['accounts', index, 'connection'], message: `no connection is called ${connection}` }],
  );
  const keys = accounts.map(({ connection, identifier }) => JSON.stringify([connection, identifier]));
  const twice = checkUnique(keys, (index) => ({
    path: ['accounts', index, 'identifier'],
    message: 'another account has this connection and identifier',
  }));
  return [...unknown, ...twice];
}
