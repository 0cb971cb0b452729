import { isoTime } from '../clock.ts';
import { connectorIdentifier } from '../config/identifier.ts';
import type { ConnectionConfig, SandboxConfig } from '../config/types.ts';
import { accountKey } from '../state/accounts.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { SNAPSHOT_FORMAT, SNAPSHOT_VERSION, type SnapshotDocument } from './document.ts';
import { accountRecord, hashOf, linkRecord, verificationRecord, withIdentifier } from './records.ts';

interface SnapshotOptions {
  /** Credentials, tokens, links' addresses, clients' secrets and the signing key; none of them otherwise. */
  includeSecrets?: boolean;
}

/** What the sandbox has become beyond its config. Restored into a sandbox of the same config it is all as it was. */
export function takeSnapshot(
  state: SandboxState,
  { includeSecrets = false }: SnapshotOptions = {},
): SnapshotDocument {
  const configured = configuredHashes(state.config);
  return {
    format: SNAPSHOT_FORMAT,
    version: SNAPSHOT_VERSION,
    takenAt: isoTime(state.now()),
    includesSecrets: includeSecrets,
    ...(includeSecrets && { environment: environmentOf(state) }),
    clock: clockOf(state),
    ...catalogueOf(state, includeSecrets),
    removed: { ...removedCatalogue(state), accounts: removedAccounts(state) },
    accounts: state.accounts.all().map((account) => {
      const key = accountKey(account.connection.name, account.identifier);
      return accountRecord(account, includeSecrets, configured.get(key));
    }),
    links: state.links.all().map((link) => linkRecord(link, includeSecrets)),
    verifications: includeSecrets ? state.verifications.waiting().map(verificationRecord) : [],
    registrations: includeSecrets ? registrationsOf(state) : [],
    faults: state.faults.kept(),
  };
}

/** By account: what the config says of it, as a hash. */
export function configuredHashes({ accounts = [] }: SandboxConfig): Map<string, string> {
  return new Map(
    accounts.map((account) => [accountKey(account.connection, account.identifier), hashOf(account)]),
  );
}

function environmentOf(state: SandboxState): SnapshotDocument['environment'] {
  const { client, controlToken, signer, origin } = state;
  return {
    clientId: client.id,
    clientSecret: client.secret,
    controlToken,
    signingKey: signer.privateJwk,
    ...(origin !== '' && { port: Number(new URL(origin).port) }),
  };
}

export function clockOf(state: SandboxState): NonNullable<SnapshotDocument['clock']> {
  const { offsetMs, frozenAt } = state.clock.reading();
  return { offsetMs, frozenAt: frozenAt === null ? null : isoTime(frozenAt) };
}

/** The connectors and connections that the config does not have, or has otherwise. */
export function catalogueOf(
  state: SandboxState,
  includeSecrets: boolean,
): Required<Pick<SnapshotDocument, 'connectors' | 'connections'>> {
  const connectors = new Map(
    state.config.connectors.map((definition) => [
      connectorIdentifier(definition.display_name),
      hashOf(definition),
    ]),
  );
  const connections = new Map(
    state.config.connections.map((config) => [config.name, hashOf(withIdentifier(config))]),
  );
  return {
    connectors: [...state.connectors.values()]
      .filter(({ identifier, definition }) => connectors.get(identifier) !== hashOf(definition))
      .map(({ identifier, definition, createdAt, updatedAt }) => ({
        identifier,
        definition,
        createdAt: isoTime(createdAt),
        updatedAt: isoTime(updatedAt),
        ...given(connectors.get(identifier)),
      })),
    connections: [...state.connections.values()]
      .map(({ name, config, connector, createdAt }) => ({
        name,
        connection: { ...config, connector: connector.identifier },
        createdAt,
      }))
      .filter(({ name, connection }) => connections.get(name) !== hashOf(connection))
      .map(({ name, connection, createdAt }) => ({
        connection: includeSecrets ? connection : withoutSecret(connection),
        createdAt: isoTime(createdAt),
        ...given(connections.get(name)),
      })),
  };
}

export function registrationsOf({
  connections,
  oauthClients,
}: SandboxState): NonNullable<SnapshotDocument['registrations']> {
  return [...connections.values()].flatMap((connection) => {
    const registration = oauthClients.registration(connection);
    return registration ? [{ connectionName: connection.name, ...registration }] : [];
  });
}

function given(configured: string | undefined) {
  return configured === undefined ? {} : { configured };
}

function withoutSecret({ oauth, ...connection }: ConnectionConfig): ConnectionConfig {
  if (oauth === undefined) return connection;
  const { client_secret: _secret, ...client } = oauth;
  return { ...connection, oauth: client };
}

export function removedCatalogue({ config, connectors, connections }: SandboxState) {
  return {
    connectors: config.connectors
      .map(({ display_name }) => connectorIdentifier(display_name))
      .filter((identifier) => connectors.get(identifier) === undefined),
    connections: config.connections
      .map(({ name }) => name)
      .filter((name) => connections.get(name) === undefined),
  };
}

function removedAccounts({ config, accounts }: SandboxState) {
  return (config.accounts ?? [])
    .filter(({ connection, identifier }) => accounts.find(connection, identifier) === undefined)
    .map(({ connection, identifier }) => ({ connectionName: connection, identifier }));
}
