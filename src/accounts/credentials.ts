import type { App } from '../app.ts';
import { credentialKind, requireConnection } from '../connections/find.ts';
import { usageError } from '../errors.ts';
import { isJsonObject } from '../json/object.ts';
import type { AccountKey, ConnectedAccount, StaticCredentials } from '../scalekit/accounts.ts';
import { parseJsonArgument, readFileArgument } from '../terminal/input.ts';
import { authorizeCommand, findAccount, notActive } from './active.ts';

/**
 * Creates or updates the account of a static connection with the fields in `source`, a file or `-`.
 * Returns it; throws `account` where Scalekit does not make it ACTIVE.
 */
export async function storeCredentials(app: App, key: AccountKey, source: string): Promise<ConnectedAccount> {
  const credentials = await readCredentials(app, source);
  const scalekit = await app.scalekit();
  const connection = await requireConnection(scalekit, key.connectionName);
  if (credentialKind(connection) === 'oauth') {
    throw usageError(
      `${key.connectionName} is an ${connection.type} connection: its users authorize in a browser`,
      `Leave --credentials out: ${authorizeCommand(app, key)}`,
    );
  }
  const accounts = await scalekit.accounts();
  if ((await accounts.find(key)) === undefined) await accounts.create(key, 'static', credentials);
  else await accounts.updateCredentials(key, credentials);
  const account = await findAccount(app, key);
  if (account.status !== 'ACTIVE') throw notActive(app, account);
  return account;
}

/** The fields in `source` as a form takes them: text by name, path variables among them. */
export async function readFormFields(app: App, source: string): Promise<Record<string, string>> {
  const { path_variables: pathVariables = {}, ...fields } = await readCredentials(app, source);
  const entries = [...Object.entries(fields), ...Object.entries(pathVariables)];
  return Object.fromEntries(entries.map(([name, value]) => [name, String(value)]));
}

async function readCredentials(app: App, source: string): Promise<StaticCredentials> {
  const bytes = await readFileArgument(app, source, '--credentials');
  const credentials = checkFields(parseJsonArgument(bytes, '--credentials', { isSecret: true }));
  for (const value of Object.values(credentials)) if (typeof value === 'string') app.redactor.add(value);
  return credentials;
}

function checkFields(value: unknown): StaticCredentials {
  const example = 'It takes the connection’s fields: {"api_key": "…"}, {"username": "…", "password": "…"}.';
  if (!isJsonObject(value) || Object.keys(value).length === 0) {
    throw usageError('--credentials is not a JSON object with fields', example);
  }
  for (const [name, field] of Object.entries(value)) {
    if (name === 'path_variables' ? !isStringRecord(field) : !isScalar(field)) {
      throw usageError(
        `--credentials: the field ${JSON.stringify(name)} is no text, number or boolean`,
        example,
      );
    }
  }
  return value as StaticCredentials;
}

function isScalar(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

function isStringRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(isScalar);
}
