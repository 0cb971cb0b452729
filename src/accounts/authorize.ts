import type { App } from '../app.ts';
import { credentialKind, requireConnection } from '../connections/find.ts';
import { SkConnectError } from '../errors.ts';
import type { AccountKey, Accounts, AuthorizationLink, ConnectedAccount } from '../scalekit/accounts.ts';
import { commandLine } from '../terminal/command-line.ts';
import { tabSeparated } from '../terminal/table.ts';
import { waitCommand } from './active.ts';
import { type AuthorizeOptions, checkAuthorizeOptions, waits } from './authorize-options.ts';
import { storeCredentials } from './credentials.ts';
import { requireAccountKey } from './select.ts';

/** Brings an account to ACTIVE through its user. Throws `account` or `upstream` where it did not get there. */
export async function authorize(app: App, options: AuthorizeOptions): Promise<void> {
  checkAuthorizeOptions(app, options);
  const key = await requireAccountKey(app);
  if (options.credentials !== undefined && !options.approve) {
    return printResult(app, await storeCredentials(app, key, options.credentials));
  }
  const prepared = options.approve ? await prepareApproval(app, options) : undefined;
  const accounts = await (await app.scalekit()).accounts();
  const existing = (await accounts.find(key)) ?? (await createAccount(app, accounts, key));
  if (existing.status === 'ACTIVE' && !options.force) return printResult(app, existing);
  if (!waits(app, options)) return handOver(app, accounts, existing, options);

  const { obtainConsent } = await import('./consent.ts');
  const { account, link } = await obtainConsent(app, accounts, existing, options, prepared);
  return printResult(app, account, link);
}

/** What `--approve` cannot do without is asked for before anything is created. */
async function prepareApproval(app: App, { credentials }: AuthorizeOptions) {
  const [{ requireSandboxLinks }, { readFormFields }] = await Promise.all([
    import('./sandbox-link.ts'),
    import('./credentials.ts'),
  ]);
  const sandbox = await requireSandboxLinks(app);
  return { sandbox, fields: credentials === undefined ? {} : await readFormFields(app, credentials) };
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

/** Without a wait: the link is the result, and the account is not ACTIVE yet. Nobody listens for the browser, so only an app can verify the user. */
async function handOver(
  app: App,
  accounts: Accounts,
  account: ConnectedAccount,
  { verifyUrl }: AuthorizeOptions,
): Promise<void> {
  const request = verifyUrl === undefined ? {} : { userVerifyUrl: verifyUrl };
  await printResult(app, account, await accounts.authorizationLink(account, request));
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
