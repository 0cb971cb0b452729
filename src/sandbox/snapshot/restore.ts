import type { Finding } from '../config/problems.ts';
import { type PathKey, pathText } from '../config/problems.ts';
import type { AccountStatus, AuthType } from '../config/types.ts';
import { toFindings } from '../config/validate.ts';
import { randomSecret } from '../ids.ts';
import { Refusal } from '../refusal.ts';
import { accountKey, type Credentials } from '../state/accounts.ts';
import { requireConnection } from '../state/connections.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { seedAccount, seededCredentials, seedFaults } from '../state/seed.ts';
import {
  type AccountRecord,
  SNAPSHOT_FORMAT,
  SNAPSHOT_VERSION,
  type Snapshot,
  snapshotSchema,
} from './document.ts';
import {
  accountProblems,
  catalogueProblems,
  linkProblems,
  type Plan,
  planAccounts,
  planCatalogue,
  registrationProblems,
} from './plan.ts';

/**
 * Puts a snapshot in the place of everything; what the snapshot says nothing of is as the config has it. The
 * environment's client, control token and key stay, as those who use it hold them.
 * @throws Refusal that names every problem with its path; nothing has changed then
 */
export function restoreSnapshot(state: SandboxState, document: unknown): void {
  const snapshot = parseSnapshot(document);
  const catalogue = planCatalogue(state.config, snapshot);
  const problems = [
    ...catalogueProblems(state.config, catalogue, snapshot),
    ...accountProblems(catalogue, snapshot),
    ...linkProblems(snapshot),
    ...registrationProblems(catalogue, snapshot),
  ];
  if (problems.length > 0) throw refused(problems);
  const { links, verifications } = snapshot;
  applyPlan(
    state,
    { ...catalogue, ...planAccounts(state.config, snapshot, false), links, verifications },
    snapshot,
  );
}

/** @throws Refusal */
export function parseSnapshot(document: unknown): Snapshot {
  const { format, version } = (document ?? {}) as { format?: unknown; version?: unknown };
  if (format !== SNAPSHOT_FORMAT) {
    throw refused([
      { path: ['format'], message: `is not ${SNAPSHOT_FORMAT}: this is no snapshot of a sandbox` },
    ]);
  }
  if (version !== SNAPSHOT_VERSION) {
    const message = `is ${String(version)}; this sk-connect reads version ${SNAPSHOT_VERSION}`;
    throw refused([{ path: ['version'], message }]);
  }
  const parsed = snapshotSchema.safeParse(document);
  if (parsed.success) return parsed.data;
  throw refused(
    parsed.error.issues.flatMap((issue) =>
      issue.code === 'invalid_union'
        ? [{ path: issue.path as PathKey[], message: 'is none of the things that it may be' }]
        : toFindings(issue, document),
    ),
  );
}

function refused(problems: Finding[]): Refusal {
  const violations = problems.map(({ path, message }) => ({ field: pathText(path), description: message }));
  const lines = violations.map(({ field, description }) =>
    field === '' ? description : `${field} ${description}`,
  );
  return new Refusal(
    'invalid_argument',
    'INVALID_SNAPSHOT',
    `not a snapshot for this sandbox: ${lines.join('; ')}`,
    {
      violations,
    },
  );
}

/** All of it or, as it has been checked, nothing that could fail. */
export function applyPlan(state: SandboxState, plan: Plan, snapshot: Snapshot): void {
  state.changes.emit('replacing');
  clearState(state);
  for (const { identifier, definition, createdAt = state.now(), updatedAt = createdAt } of plan.connectors)
    state.connectors.restore({ identifier, definition, createdAt, updatedAt });
  for (const { connection, createdAt } of plan.connections)
    state.connections.create(connection, state.config.tools_lock, createdAt);
  for (const { connectionName, ...registration } of snapshot.registrations)
    state.oauthClients.restore(requireConnection(state.connections, connectionName), registration);
  if (snapshot.clock) state.clock.set(snapshot.clock);
  for (const account of plan.accounts) restoreAccount(state, account);
  for (const { config, id } of plan.seeded) seedAccount(state, config, id);
  restoreLinks(state, plan);
  state.faults.clear();
  if (snapshot.faults) for (const fault of snapshot.faults) state.faults.restore(fault);
  else seedFaults(state);
  state.changes.emit('replaced');
}

export function clearState(state: SandboxState): void {
  state.flows.clear();
  state.oauthClients.clear();
  state.verifications.clear();
  state.links.clear();
  state.accounts.clear();
  state.connections.clear();
  state.connectors.clear();
}

function restoreAccount(state: SandboxState, record: AccountRecord): void {
  const {
    connectedAccountId: id,
    connectionName,
    identifier,
    updatedAt,
    lastUsedAt,
    organizationId,
    userId,
    apiConfig = {},
  } = record;
  const connection = requireConnection(state.connections, connectionName);
  const credentials = (record.credentials as Credentials | undefined) ?? configuredCredentials(state, record);
  state.accounts.restore({
    id,
    connection,
    identifier,
    credentials,
    apiConfig,
    status: statusWith(credentials, connection.authType, record),
    updatedAt,
    lastUsedAt,
    organizationId,
    userId,
  });
}

/** A snapshot without secrets goes with those that its config has. */
function configuredCredentials(
  state: SandboxState,
  { connectionName, identifier }: AccountRecord,
): Credentials {
  const key = accountKey(connectionName, identifier);
  const entry = state.config.accounts?.find(
    (account) => accountKey(account.connection, account.identifier) === key,
  );
  return seededCredentials(state, requireConnection(state.connections, connectionName), entry?.credentials);
}

/** Where the credentials were left out and the config has none, the account is to be authorized. What was recorded with them stands, scripted states too. */
function statusWith(credentials: Credentials, authType: AuthType, record: AccountRecord): AccountStatus {
  const { status } = record;
  if (record.credentials || credentials.kind !== 'none' || authType === 'NO_AUTH') return status;
  return status === 'ACTIVE' || status === 'PENDING_VERIFICATION' ? 'PENDING_AUTH' : status;
}

function restoreLinks(state: SandboxState, plan: Plan): void {
  const links = new Map<string, Parameters<SandboxState['links']['restore']>[0]>();
  for (const { connectedAccountId, token, formToken, ...record } of plan.links) {
    const account = state.accounts.get(connectedAccountId);
    if (!account) continue;
    const link = {
      userVerifyUrl: undefined,
      requestedState: undefined,
      failure: undefined,
      ...record,
      account,
      token: token ?? randomSecret(),
      formToken: formToken ?? randomSecret(),
    };
    links.set(link.id, link);
    state.links.restore(link);
  }
  for (const { linkId, ...record } of plan.verifications) {
    const link = links.get(linkId);
    if (link?.account.connection.authType === 'OAUTH')
      state.verifications.restore({ ...record, link } as Parameters<
        SandboxState['verifications']['restore']
      >[0]);
  }
}
