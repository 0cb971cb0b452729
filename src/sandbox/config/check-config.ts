import { checkFaults } from '../faults/check-config.ts';
import { checkToolNames } from '../tools/check.ts';
import { checkWebhooks } from '../webhooks/check.ts';
import { checkAllowHosts } from './allow-hosts.ts';
import { checkToolLocks } from './check-tool-locks.ts';
import { findPattern } from './find-pattern.ts';
import { connectorIdentifier } from './identifier.ts';
import { below, type Finding } from './problems.ts';
import type { ConnectionConfig, ConnectorDefinition, SandboxConfig } from './types.ts';

/** What the parts of a config must be to each other, and of which parts each check counts on the shape. */
const CHECKS: readonly { reads: (keyof SandboxConfig)[]; check: (config: SandboxConfig) => Finding[] }[] = [
  { reads: ['connectors'], check: checkIdentifiers },
  { reads: ['connections'], check: checkConnectionNames },
  { reads: ['connectors', 'connections'], check: checkConnections },
  { reads: ['connectors'], check: checkToolNames },
  { reads: ['allow_hosts'], check: checkAllowHosts },
  { reads: ['connections', 'accounts'], check: checkAccounts },
  { reads: ['environment'], check: ({ environment }) => checkWebhooks(environment?.webhooks ?? []) },
  { reads: ['connections', 'faults'], check: checkFaults },
  { reads: ['connections', 'tools_lock'], check: checkToolLocks },
];

/** @param misshapen the parts that have not their shape: what reads them is not checked */
export function checkConfig(config: SandboxConfig, misshapen: ReadonlySet<unknown>): Finding[] {
  const checks = CHECKS.filter(({ reads }) => !reads.some((part) => misshapen.has(part)));
  return checks.flatMap(({ check }) => check(config));
}

function checkIdentifiers({ connectors }: SandboxConfig): Finding[] {
  const identifiers = connectors.map(({ display_name }) => connectorIdentifier(display_name));
  return checkUnique(identifiers, (index, name) => ({
    path: ['connectors', index, 'display_name'],
    message: `another connector has the identifier ${name}`,
  }));
}

function checkConnectionNames({ connections }: SandboxConfig): Finding[] {
  const names = connections.map(({ name }) => name);
  return checkUnique(names, (index, name) => ({
    path: ['connections', index, 'name'],
    message: `another connection is called ${name}`,
  }));
}

function checkConnections(config: SandboxConfig): Finding[] {
  return config.connections.flatMap((connection, index) =>
    below(['connections', index], checkConnection(config, connection)),
  );
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
