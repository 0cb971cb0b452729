import { accountColumns } from '../../accounts/columns.ts';
import type { App } from '../../app.ts';
import { SkConnectError, usageError } from '../../errors.ts';
import type { SandboxAccount } from '../../sandbox/interface/control.ts';
import { openSandbox, type SandboxApi } from '../../sandbox-api.ts';
import { didYouMean } from '../../suggest.ts';
import { printTable } from '../../terminal/table.ts';
import { pickOne } from './pick.ts';
import { authorizeLine, ofWhom } from './selection.ts';

export async function listAccounts(app: App, { status }: { status?: string }): Promise<void> {
  const accounts = await selectedAccounts(app, await openSandbox(app), status?.toUpperCase());
  if (app.terminal.isJson) return app.terminal.printJson({ accounts });
  if (accounts.length === 0) app.terminal.notice('No accounts.');
  await printTable(app.terminal, accountColumns(app.terminal.outStyle), accounts);
}

export async function printAccount(app: App, account: SandboxAccount): Promise<void> {
  if (app.terminal.isJson) return app.terminal.printJson(account);
  await printTable(app.terminal, accountColumns(app.terminal.outStyle), [account]);
}

/** @param given its id; else it is the only account of the connection and identifier that were given */
export async function changeAccount(
  app: App,
  action: 'expire' | 'revoke' | 'disconnect',
  given: string | undefined,
): Promise<void> {
  const api = await openSandbox(app);
  const path = `/accounts/${encodeURIComponent(await accountOf(app, api, given))}/${action}`;
  const account = await api.call<SandboxAccount>('POST', path);
  await printAccount(app, account);
  if (action === 'revoke') app.terminal.notice(afterRevoke(account));
}

/** Its row looks as it did before. */
function afterRevoke({ status, tokenExpiresAt }: SandboxAccount): string {
  const revoked = `It is ${status} as before, but the provider takes its credentials no more.`;
  if (tokenExpiresAt === undefined || tokenExpiresAt === null) return revoked;
  return `${revoked} The next renewal finds out: sk-connect sandbox clock advance 1h`;
}

export async function setStatus(app: App, status: string, given: string | undefined): Promise<void> {
  const wanted = status.toUpperCase().replaceAll('-', '_');
  if (!STATUSES.includes(wanted)) {
    const known = didYouMean(wanted, STATUSES, `The known ones are ${STATUSES.join(', ')}.`);
    throw usageError(`${status}: that is no status`, known, { code: 'bad_status' });
  }
  const api = await openSandbox(app);
  const path = `/accounts/${encodeURIComponent(await accountOf(app, api, given))}/status`;
  const account = await api.call<SandboxAccount>('PUT', path, { body: { status: wanted } });
  await printAccount(app, account);
  if (account.status !== wanted)
    app.terminal.notice(
      `It is ${account.status} all the same: its access token ran out, and there is no other.`,
    );
}

const STATUSES = ['ACTIVE', 'EXPIRED', 'PENDING_AUTH', 'PENDING_VERIFICATION', 'DISCONNECTED'];

async function accountOf(app: App, api: SandboxApi, given: string | undefined): Promise<string> {
  if (given !== undefined) return given;
  const accounts = await selectedAccounts(app, api);
  const shown = ({ connectedAccountId, connectionName, identifier }: SandboxAccount) =>
    `${connectedAccountId} (${connectionName}, ${identifier})`;
  const [first] = accounts;
  if (first === undefined) throw await noAccount(app);
  return pickOne(first, accounts, shown, 'Name one by its id, or with -c and -i.').connectedAccountId;
}

async function selectedAccounts(app: App, api: SandboxApi, status?: string): Promise<SandboxAccount[]> {
  const query = {
    connectionName: await app.settings.connectionName(),
    identifier: await app.settings.identifier(),
    status,
  };
  return (await api.call<{ accounts: SandboxAccount[] }>('GET', '/accounts', { query })).accounts;
}

async function noAccount(app: App): Promise<SkConnectError> {
  return new SkConnectError('account', `there is no connected account${await ofWhom(app)}`, {
    code: 'account_not_found',
    hint: `Authorize the user: ${await authorizeLine(app)}`,
  });
}
