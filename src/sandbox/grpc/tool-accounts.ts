import { toolPrefix } from '../mcp/names.ts';
import { invalidArgument } from '../refusal.ts';
import { type Account, currentStatus } from '../state/accounts.ts';
import { requireAccount, requireActive } from '../state/find-account.ts';
import type { SandboxState } from '../state/sandbox-state.ts';

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
        offersTools(state, account) &&
        (connectionNames.length === 0 || connectionNames.includes(account.connection.name)) &&
        (providers.length === 0 || providers.includes(account.connection.connector.identifier)),
    );
}

/** One account per connection with tools stands for the workspace: the identifier's own, else the first ACTIVE one. */
export function catalogueAccounts(state: SandboxState, identifier: string): Account[] {
  return [...state.connections.values()].flatMap((connection) => {
    const own = state.accounts.find(connection.name, identifier);
    const candidates = own
      ? [own, ...state.accounts.ofConnection(connection.name)]
      : state.accounts.ofConnection(connection.name);
    const account = candidates.find((candidate) => offersTools(state, candidate));
    return account ? [account] : [];
  });
}

function offersTools(state: SandboxState, account: Account): boolean {
  const { pattern, locked } = account.connection;
  const hasTools = pattern.is_mcp === true || locked !== undefined;
  return hasTools && currentStatus(account, state.now()) === 'ACTIVE';
}

/** The account that a tool call names; with an identifier alone, the tool's name tells the connection. */
export function executingAccount(
  state: SandboxState,
  reference: {
    connectedAccountId?: string | undefined;
    connector?: string | undefined;
    identifier?: string | undefined;
  },
  toolName = '',
): Account {
  const { connectedAccountId: id, identifier = '' } = reference;
  const connector = reference.connector || (id ? '' : connectionOfTool(state, identifier, toolName));
  if (!id && identifier === '') {
    throw invalidArgument('identifier', 'either connected_account_id or identifier is required');
  }
  const account = requireAccount(state, { id, connector, identifier });
  requireActive(account, state.now());
  return account;
}

function connectionOfTool(state: SandboxState, identifier: string, toolName: string): string {
  const names = [...state.connections.values()]
    .filter(({ name, locked }) => toolName.startsWith(toolPrefix(name)) || locked?.has(toolName) === true)
    .map(({ name }) => name);
  const withAccount = names.filter((name) => state.accounts.find(name, identifier));
  const longest = (all: string[]) => all.sort((left, right) => right.length - left.length)[0];
  return longest(withAccount) ?? longest(names) ?? '';
}
