import { invalidArgument, Refusal } from '../refusal.ts';
import { type Account, currentStatus } from './accounts.ts';
import { requireConnection } from './connections.ts';
import type { SandboxState } from './sandbox-state.ts';

/** How requests name an account: by its id, or by connection name and identifier or organization; further narrowed by whom it is for. */
export interface AccountReference {
  id?: string | undefined;
  connector?: string | undefined;
  identifier?: string | undefined;
  organizationId?: string | undefined;
  userId?: string | undefined;
}

export function requireAccount(state: SandboxState, reference: AccountReference): Account {
  const account = namedAccount(state, reference);
  if (isFor(account, reference)) return account;
  throw notFound(`connected account not found: ${account.id} is of another organization or user`);
}

/** Whether the account was created for that organization and user, as far as they are given. */
export function isFor(
  account: Account,
  { organizationId = '', userId = '' }: Pick<AccountReference, 'organizationId' | 'userId'>,
): boolean {
  return (
    (organizationId === '' || account.organizationId === organizationId) &&
    (userId === '' || account.userId === userId)
  );
}

function namedAccount(state: SandboxState, reference: AccountReference): Account {
  const { id = '', connector = '', identifier = '' } = reference;
  if (id !== '') {
    const account = state.accounts.get(id);
    if (!account) throw notFound(`connected account not found: ${id}`);
    if (connector !== '' && account.connection.name !== connector) {
      throw notFound(`connected account not found: ${id} on ${connector}`);
    }
    return account;
  }
  if (connector === '' || (identifier === '' && !reference.organizationId)) {
    throw invalidArgument('identifier', 'either id or connector and identifier are required');
  }
  const { name } = requireConnection(state.connections, connector);
  if (identifier === '') return organizationsAccount(state, name, reference);
  const account = state.accounts.find(name, identifier);
  if (!account) throw notFound(`connected account not found for ${identifier} on ${name}`);
  return account;
}

function organizationsAccount(state: SandboxState, name: string, reference: AccountReference): Account {
  const { organizationId } = reference;
  const [account, another] = state.accounts.ofConnection(name).filter((each) => isFor(each, reference));
  if (!account) throw notFound(`connected account not found for ${organizationId} on ${name}`);
  if (!another) return account;
  throw invalidArgument('identifier', `is required: ${organizationId} has several accounts on ${name}`);
}

function notFound(message: string): Refusal {
  return new Refusal('not_found', 'CONNECTED_ACCOUNT_NOT_FOUND', message);
}

export function requireActive(account: Account, now: number): void {
  const status = currentStatus(account, now);
  if (status === 'ACTIVE') return;
  const message = `connected account is not active: ${account.identifier} on ${account.connection.name} is ${status}`;
  throw new Refusal('failed_precondition', 'CONNECTED_ACCOUNT_NOT_ACTIVE', message);
}
