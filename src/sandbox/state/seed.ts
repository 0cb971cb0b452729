import { secondsAfter } from '../clock.ts';
import type { AccountConfig } from '../config/types.ts';
import { faultOfConfig } from '../faults/schema.ts';
import type { Credentials } from './accounts.ts';
import { type Connection, requireConnection } from './connections.ts';
import { shapeDetails } from './credential-fields.ts';
import type { SandboxState } from './sandbox-state.ts';

/** Fills an empty state with what its config has. */
export function seed(state: SandboxState): void {
  const { connectors, connections, accounts = [], tools_lock: lock } = state.config;
  for (const definition of connectors) state.connectors.create(definition);
  for (const connection of connections) state.connections.create(connection, lock);
  for (const account of accounts) seedAccount(state, account);
  seedFaults(state);
}

export function seedFaults({ config, faults }: SandboxState): void {
  for (const fault of config.faults ?? []) faults.add(faultOfConfig(fault));
}

/** @param id what it was called in an earlier run */
export function seedAccount(state: SandboxState, config: AccountConfig, id?: string): void {
  const { connection: name, identifier, status, credentials } = config;
  const connection = requireConnection(state.connections, name);
  const seeded = seededCredentials(state, connection, credentials);
  const active = seeded.kind !== 'none' || connection.pattern.type === 'NO_AUTH';
  state.accounts.create({
    ...(id !== undefined && { id }),
    connection,
    identifier,
    credentials: seeded,
    apiConfig: connection.pattern.type === 'OAUTH' ? seededApiConfig(connection, credentials) : {},
    status: status ?? (active ? 'ACTIVE' : 'PENDING_AUTH'),
  });
}

const TOKEN_FIELDS = new Set(['access_token', 'refresh_token', 'expires_in', 'scope']);

export function seededCredentials(
  state: SandboxState,
  connection: Connection,
  given: AccountConfig['credentials'],
): Credentials {
  const values = textValues(given);
  if (values.size === 0) return { kind: 'none' };
  if (connection.pattern.type !== 'OAUTH') {
    return { kind: 'static', details: shapeDetails(connection.pattern, values) };
  }
  const expiresIn = values.get('expires_in');
  return {
    kind: 'oauth',
    accessToken: values.get('access_token') ?? '',
    refreshToken: values.get('refresh_token'),
    scopes: values.get('scope')?.split(' ') ?? connection.oauth?.scopes ?? [],
    expiresAt: expiresIn === undefined ? undefined : secondsAfter(state.now(), Number(expiresIn)),
  };
}

/** An OAuth connection's other values are its account fields. */
function seededApiConfig(connection: Connection, given: AccountConfig['credentials']) {
  const rest = [...textValues(given)].filter(([name]) => !TOKEN_FIELDS.has(name));
  return shapeDetails(connection.pattern, new Map(rest));
}

function textValues(given: AccountConfig['credentials']): Map<string, string> {
  return new Map(Object.entries(given ?? {}).map(([name, value]) => [name, String(value)]));
}
