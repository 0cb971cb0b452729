import type { App } from '../app.ts';
import { requireConnection } from '../connections/find.ts';
import { SkConnectError, usageError } from '../errors.ts';
import type { AccountFilter, ConnectedAccount } from '../scalekit/accounts.ts';
import { gather } from '../scalekit/pages.ts';
import { didYouMean } from '../suggest.ts';
import { commandLine } from '../terminal/command-line.ts';
import { startWaiting } from '../terminal/spinner.ts';
import { printTable } from '../terminal/table.ts';
import { authorizeCommand, findAccount, notActive } from './active.ts';
import { accountColumns } from './columns.ts';
import { poll } from './poll.ts';
import { watchAccounts } from './watch.ts';

export interface StatusOptions {
  /** Passes over the connection and identifier of the environment. */
  all?: boolean;
  waitFor?: string;
  watch?: boolean;
}

/** Prints the accounts selected. Throws `account` unless each is ACTIVE, or in the state that was waited for. */
export async function showStatus(app: App, options: StatusOptions): Promise<void> {
  const filter = await accountFilter(app, options);
  const accounts = await (await app.scalekit()).accounts();
  const list = async () => sorted((await gather(accounts.list(filter))).items);
  if (options.watch) return watchAccounts(app, list);
  const wanted = stateToWaitFor(app, options.waitFor ?? 'ACTIVE');
  const found = options.waitFor === undefined ? await list() : await waitFor(app, filter, list, wanted);
  await print(app, found);
  if (found.length === 0) return explainNone(app, filter);
  const others = found.filter(({ status }) => status !== wanted);
  if (others.length > 0) throw notAll(app, found, others, wanted);
}

async function accountFilter(app: App, { all }: StatusOptions): Promise<AccountFilter> {
  if (all) {
    if (app.options.connection !== undefined || app.options.identifier !== undefined) {
      throw usageError('--all and -c or -i contradict each other', 'Leave one of them out.');
    }
    return {};
  }
  const connectionName = await app.settings.connectionName();
  const identifier = await app.settings.identifier();
  return {
    ...(connectionName === undefined ? {} : { connectionName }),
    ...(identifier === undefined ? {} : { identifier }),
  };
}

const KNOWN_STATES = ['ACTIVE', 'EXPIRED', 'PENDING_AUTH', 'PENDING_VERIFICATION', 'DISCONNECTED'];

/** Any word, as states that this version does not know will come; `--wait-for --json` is none. */
function stateToWaitFor({ terminal }: App, given: string): string {
  const state = given.toUpperCase();
  if (!/^\w+$/.test(state))
    throw usageError(`--wait-for ${given}: that is no state`, 'Wait for ACTIVE, for example.');
  if (!KNOWN_STATES.includes(state)) {
    const known = didYouMean(state, KNOWN_STATES, `The known ones are ${KNOWN_STATES.join(', ')}.`);
    terminal.notice(
      `${state} is a state that sk-connect does not know; it is waited for all the same. ${known}`,
    );
  }
  return state;
}

function sorted(accounts: ConnectedAccount[]): ConnectedAccount[] {
  const key = ({ connectionName, identifier }: ConnectedAccount) => `${connectionName}\n${identifier}`;
  return accounts.sort((a, b) => (key(a) < key(b) ? -1 : 1));
}

async function waitFor(
  app: App,
  { connectionName }: AccountFilter,
  list: () => Promise<ConnectedAccount[]>,
  wanted: string,
): Promise<ConnectedAccount[]> {
  // A mistyped name would be waited for in vain.
  if (connectionName !== undefined) await requireConnection(await app.scalekit(), connectionName);
  const waiting = await startWaiting(app.io, app.terminal);
  try {
    return await poll({
      check: async () => {
        const found = await list();
        const done = found.filter(({ status }) => status === wanted).length;
        waiting.say(
          `Waiting for ${wanted}: ${done} of ${found.length} ${found.length === 1 ? 'account' : 'accounts'}`,
        );
        return found;
      },
      isDone: (found) => found.length > 0 && found.every(({ status }) => status === wanted),
      signal: app.signal,
    });
  } finally {
    waiting.stop();
  }
}

async function print(app: App, accounts: ConnectedAccount[]): Promise<void> {
  if (app.terminal.isJson) return app.terminal.printJson({ accounts });
  await printTable(app.terminal, accountColumns(app.terminal.outStyle), accounts);
}

/** Nothing was selected: an error where something was asked for by name. */
async function explainNone(app: App, filter: AccountFilter): Promise<void> {
  const { connectionName, identifier } = filter;
  if (connectionName !== undefined && identifier !== undefined) {
    await findAccount(app, { connectionName, identifier });
  }
  if (connectionName !== undefined) await requireConnection(await app.scalekit(), connectionName);
  if (connectionName === undefined && identifier === undefined) {
    return app.terminal.notice(
      'No connected accounts yet. Authorize a user: sk-connect authorize -c CONNECTION -i IDENTIFIER',
    );
  }
  const whose = identifier ?? connectionName;
  throw new SkConnectError('account', `${whose} has no connected accounts`, {
    code: 'account_not_found',
    hint: `Authorize a user: ${authorizeCommand(app, { connectionName: connectionName ?? 'CONNECTION', identifier: identifier ?? 'IDENTIFIER' })}`,
    details: filter,
  });
}

function notAll(
  app: App,
  found: ConnectedAccount[],
  others: ConnectedAccount[],
  wanted: string,
): SkConnectError {
  const [only] = others;
  if (found.length === 1 && only !== undefined && wanted === 'ACTIVE') return notActive(app, only);
  return new SkConnectError(
    'account',
    `${others.length} of ${found.length} accounts ${others.length === 1 ? 'is' : 'are'} not ${wanted}`,
    {
      code: 'account_not_active',
      hint:
        only === undefined
          ? commandLine(app.options, 'status')
          : `Authorize the user again, one account at a time: ${authorizeCommand(app, only)}`,
      details: others.map(({ connectionName, identifier, status }) => ({
        connectionName,
        identifier,
        status,
      })),
    },
  );
}
