import type { App } from '../app.ts';
import { credentialKind, requireConnection } from '../connections/find.ts';
import { SkConnectError } from '../errors.ts';
import type { AccountKey, Accounts, AuthorizationLink, ConnectedAccount } from '../scalekit/accounts.ts';
import { commandLine } from '../terminal/command-line.ts';
import { tabSeparated } from '../terminal/table.ts';
import { waitCommand } from './active.ts';
import { openBrowser } from './browser.ts';
import { storeCredentials } from './credentials.ts';
import { requireAccountKey } from './select.ts';
import { waitUntilAuthorized } from './wait.ts';

export interface AuthorizeOptions {
  /** Goes on although the account is ACTIVE. */
  force?: boolean;
  /** True after `--wait`, false after `--no-wait`. */
  wait?: boolean;
  /** False after `--no-open`. */
  open?: boolean;
  /** A file, or `-`, with the fields of a static connection. */
  credentials?: string;
}

/** Brings an account to ACTIVE through its user. Throws `account` where it did not get there. */
export async function authorize(app: App, options: AuthorizeOptions): Promise<void> {
  const key = await requireAccountKey(app);
  if (options.credentials !== undefined) {
    return printResult(app, await storeCredentials(app, key, options.credentials));
  }
  const scalekit = await app.scalekit();
  const accounts = await scalekit.accounts();
  const existing = (await accounts.find(key)) ?? (await createAccount(app, accounts, key));
  if (existing.status === 'ACTIVE' && !options.force) return printResult(app, existing);

  const link = await accounts.authorizationLink(key);
  // Making a link may touch the account: what changes after this is the user's doing.
  const before = existing.status === 'ACTIVE' ? ((await accounts.find(key)) ?? existing) : existing;
  if (!(options.wait ?? app.terminal.canPrompt)) return handOver(app, before, link);
  showLink(app, key, link);
  if (options.open !== false) await openBrowser(app, link.link);
  const authorized = await waitUntilAuthorized(app, accounts, before, link);
  return printResult(app, authorized, link);
}

/** Creates the account of a connection that exists; one that needs no credentials is ACTIVE at once. */
async function createAccount(app: App, accounts: Accounts, key: AccountKey): Promise<ConnectedAccount> {
  const connection = await requireConnection(await app.scalekit(), key.connectionName);
  await accounts.create(key, credentialKind(connection));
  const created = await accounts.find(key);
  if (created !== undefined) return created;
  throw new SkConnectError(
    'upstream',
    `Scalekit created the account of ${key.identifier} but does not list it`,
    {
      code: 'scalekit_error',
      hint: `Look again: ${commandLine(app.options, 'status', '-c', key.connectionName, '-i', key.identifier)}`,
    },
  );
}

function showLink(
  app: App,
  { connectionName, identifier }: AccountKey,
  { link, expiresAt }: AuthorizationLink,
): void {
  const { terminal } = app;
  // Not a notice: without the link there is nothing that a user could do, --quiet or not.
  terminal.error(`Authorize ${identifier} on ${connectionName}:`);
  terminal.error(`  ${link}`, terminal.errStyle.cyan);
  if (expiresAt !== null)
    terminal.notice(`  The link works until ${new Date(expiresAt).toLocaleTimeString()}.`);
}

/** Without a wait: the link is the result, and the account is not ACTIVE yet. */
async function handOver(app: App, account: ConnectedAccount, link: AuthorizationLink): Promise<void> {
  await printResult(app, account, link);
  const { connectionName, identifier } = account;
  const message = `${identifier} has still to open the link and authorize ${connectionName}`;
  throw new SkConnectError('account', message, {
    code: 'authorization_pending',
    hint: `Wait for it with: ${waitCommand(app, account)}`,
  });
}

async function printResult(app: App, account: ConnectedAccount, link?: AuthorizationLink): Promise<void> {
  const { terminal } = app;
  const { connectionName, identifier, connectedAccountId, status } = account;
  const result = {
    connectionName,
    identifier,
    connectedAccountId,
    status,
    link: link?.link ?? null,
    expiresAt: link?.expiresAt ?? null,
  };
  if (terminal.isJson) return terminal.printJson(result);
  if (!terminal.isForPerson)
    return terminal.print(tabSeparated(Object.values(result).map((value) => value ?? '')));
  if (status !== 'ACTIVE' && link !== undefined) return terminal.print(`${link.link}\n`);
  const mark = terminal.outStyle.green('✓');
  return terminal.print(`${mark} ${identifier} is ${status} on ${connectionName} (${connectedAccountId})\n`);
}
