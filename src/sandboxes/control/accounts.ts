import { accountColumns } from '../../accounts/columns.ts';
import type { App } from '../../app.ts';
import { SkConnectError, usageError } from '../../errors.ts';
import type { SandboxAccount } from '../../sandbox/interface/control.ts';
import { didYouMean } from '../../suggest.ts';
import { printTable } from '../../terminal/table.ts';
import { openSandbox, type SandboxApi } from './api.ts';
import { pickOne } from './pick.ts';

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
  await printAccount(app, await api.call<SandboxAccount>('POST', path));
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
  return pickOne(accounts, shown, noAccount, 'Name one by its id, or with -c and -i.').connectedAccountId;
}

async function selectedAccounts(app: App, api: SandboxApi, status?: string): Promise<SandboxAccount[]> {
  const query = {
    connectionName: await app.settings.connectionName(),
    identifier: await app.settings.identifier(),
    status,
  };
  return (await api.call<{ accounts: SandboxAccount[] }>('GET', '/accounts', { query })).accounts;
}

function noAccount(): SkConnectError {
  return new SkConnectError('account', 'there is no such connected account', {
    code: 'account_not_found',
    hint: 'All of them: sk-connect sandbox accounts list',
  });
}
