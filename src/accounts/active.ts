import type { App } from '../app.ts';
import { requireConnection } from '../connections/find.ts';
import { SkConnectError } from '../errors.ts';
import type { AccountKey, ConnectedAccount } from '../scalekit/accounts.ts';
import { commandLine } from '../terminal/command-line.ts';

/** Throws `account` with the command to run unless the account exists and is ACTIVE. Has no side effect. */
export async function requireActiveAccount(app: App, key: AccountKey): Promise<ConnectedAccount> {
  const account = await findAccount(app, key);
  if (account.status !== 'ACTIVE') throw notActive(app, account);
  return account;
}

/** Throws `account` where there is none, and `usage` where there is no such connection. */
export async function findAccount(app: App, key: AccountKey): Promise<ConnectedAccount> {
  const scalekit = await app.scalekit();
  const account = await (await scalekit.accounts()).find(key);
  if (account !== undefined) return account;
  await requireConnection(scalekit, key.connectionName);
  throw new SkConnectError('account', `${key.identifier} has no connected account on ${key.connectionName}`, {
    code: 'account_not_found',
    hint: `Authorize the user: ${authorizeCommand(app, key)}`,
    details: key,
  });
}

export function notActive(app: App, account: ConnectedAccount): SkConnectError {
  const { connectionName, identifier, status, connectedAccountId } = account;
  return new SkConnectError(
    'account',
    `${identifier}'s account on ${connectionName} is ${status}, not ACTIVE${meaning(status)}`,
    {
      code: 'account_not_active',
      hint: `Authorize the user: ${authorizeCommand(app, account)}`,
      details: { connectionName, identifier, connectedAccountId, status },
    },
  );
}

export function authorizeCommand(app: App, { connectionName, identifier }: AccountKey): string {
  return commandLine(app.options, 'authorize', '-c', connectionName, '-i', identifier);
}

/** Waits for what another command has begun. */
export function waitCommand(app: App, { connectionName, identifier }: AccountKey): string {
  return commandLine(app.options, 'status', '-c', connectionName, '-i', identifier, '--wait-for', 'ACTIVE');
}

function meaning(status: string): string {
  const meanings: Record<string, string> = {
    EXPIRED: ' (its token could not be refreshed)',
    PENDING_AUTH: ' (the user has not finished authorizing)',
    PENDING_VERIFICATION: ' (the user has authorized, but who they are is still to be verified)',
    DISCONNECTED: ' (it was disconnected, here or at the provider)',
  };
  return meanings[status] ?? '';
}
