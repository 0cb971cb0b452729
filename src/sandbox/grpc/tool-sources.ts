import type { ToolDiscovery } from '../mcp/tools.ts';
import { type Account, currentStatus } from '../state/accounts.ts';
import type { Connection } from '../state/connections.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { builtInTools } from '../tools/built-in.ts';
import { lockedTools } from '../tools/locked.ts';
import type { ToolList } from '../tools/tool-list.ts';

/** Some tools, and whose account they are called with, where that is what they are listed for. */
export interface ToolSource {
  list: ToolList;
  account?: Account;
}

/** No state, but what is computed of a connection once: its lockfile stays as it is. */
const ofLockfile = new WeakMap<Connection, ToolList>();

/** What is listed for a connection whoever uses it: what is locked for it, else what its connector carries. */
function ownTools(connection: Connection): ToolList | undefined {
  const { locked, connector } = connection;
  if (locked === undefined) return builtInTools(connector);
  const known = ofLockfile.get(connection);
  if (known) return known;
  const list = { provider: connector.identifier, tools: lockedTools(connection, locked) };
  ofLockfile.set(connection, list);
  return list;
}

export async function sourceOf(
  discover: ToolDiscovery,
  account: Account,
  isContinued: boolean,
): Promise<ToolSource[]> {
  const { connection } = account;
  const own = ownTools(connection);
  if (own) return [{ list: own, account }];
  return connection.pattern.is_mcp ? [{ list: await discover(account, isContinued), account }] : [];
}

/** The accounts whose tools a user may call: ACTIVE ones on connections that have tools. */
export function scopedAccounts(
  state: SandboxState,
  identifier: string,
  connectionNames: readonly string[],
  providers: readonly string[],
): Account[] {
  return state.accounts
    .ofIdentifier(identifier)
    .filter(
      (account) =>
        currentStatus(account, state.now()) === 'ACTIVE' &&
        (connectionNames.length === 0 || connectionNames.includes(account.connection.name)) &&
        (providers.length === 0 || providers.includes(account.connection.connector.identifier)),
    );
}

/** Throws where a server fails: a user's tools are all of them. */
export async function toolsOfAccounts(
  discover: ToolDiscovery,
  accounts: readonly Account[],
  isContinued: boolean,
): Promise<ToolSource[]> {
  const sources = await Promise.all(accounts.map((account) => sourceOf(discover, account, isContinued)));
  return sources.flat();
}

interface CatalogueOptions {
  identifier: string;
  /** Only what the identifier has accounts for, in whatever state. */
  isOwnOnly: boolean;
  isContinued: boolean;
}

/**
 * The workspace's tools: those that connectors carry, and of connections whose tools have to be asked for those that one account tells of,
 * the identifier's own or else the first ACTIVE one. A catalogue is not lost because one server is down.
 */
export async function catalogue(
  state: SandboxState,
  discover: ToolDiscovery,
  { identifier, isOwnOnly, isContinued }: CatalogueOptions,
): Promise<ToolSource[]> {
  const connections = [...state.connections.values()].filter(
    ({ name }) => !isOwnOnly || state.accounts.find(name, identifier) !== undefined,
  );
  const carried = [...state.connectors.values()].flatMap((connector): ToolSource[] => {
    const isListed = !isOwnOnly || connections.some((connection) => connection.connector === connector);
    const list = isListed ? builtInTools(connector) : undefined;
    return list ? [{ list }] : [];
  });
  const asked = connections.flatMap((connection) => {
    if (connection.locked === undefined && !connection.pattern.is_mcp) return [];
    return accountFor(state, connection, identifier) ?? [];
  });
  const answers = await Promise.allSettled(asked.map((account) => sourceOf(discover, account, isContinued)));
  return [...carried, ...answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []))];
}

function accountFor(
  { accounts, now }: SandboxState,
  { name }: Connection,
  identifier: string,
): Account | undefined {
  const isActive = (account: Account) => currentStatus(account, now()) === 'ACTIVE';
  const own = accounts.find(name, identifier);
  return own && isActive(own) ? own : accounts.ofConnection(name).find(isActive);
}
