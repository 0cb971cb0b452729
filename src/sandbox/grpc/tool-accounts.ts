import { toolPrefix } from '../mcp/names.ts';
import { invalidArgument, Refusal } from '../refusal.ts';
import { type Account, currentStatus } from '../state/accounts.ts';
import type { Connection } from '../state/connections.ts';
import { requireAccount, requireActive } from '../state/find-account.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { builtInTools } from '../tools/built-in.ts';
import { toolNotFound } from '../tools/tool-error.ts';

interface Reference {
  connectedAccountId?: string | undefined;
  connector?: string | undefined;
  identifier?: string | undefined;
  organizationId?: string | undefined;
  userId?: string | undefined;
}

/** What is available can be asked for whoever has an account, in whatever state. */
export function requireIdentifier({ accounts }: SandboxState, identifier: string): void {
  if (accounts.ofIdentifier(identifier).length > 0) return;
  throw new Refusal('not_found', 'IDENTIFIER_NOT_FOUND', `identifier not found: ${identifier}`);
}

/** The account whose tools are listed, where a filter names one. An identifier alone names none. */
export function listingAccount(state: SandboxState, reference: Reference): Account | undefined {
  const { connectedAccountId: id, connector, identifier, organizationId, userId } = reference;
  if (!id && !connector) return undefined;
  if (!id && !identifier) throw invalidArgument('filter.identifier', 'is required together with connector');
  const account = requireAccount(state, { id, connector, identifier, organizationId, userId });
  requireActive(account, state.now());
  return account;
}

/** The account that a tool call names; with an identifier alone, the tool's name tells the connection. */
export function executingAccount(state: SandboxState, reference: Reference, toolName: string): Account {
  const { connectedAccountId: id, identifier = '', organizationId, userId } = reference;
  if (toolName === '') throw invalidArgument('tool_name', 'is required');
  if (!id && identifier === '') {
    throw invalidArgument('identifier', 'either connected_account_id or identifier is required');
  }
  const connector = reference.connector || (id ? '' : connectionOfTool(state, identifier, toolName));
  const account = requireAccount(state, { id, connector, identifier, organizationId, userId });
  requireActive(account, state.now());
  return account;
}

function connectionOfTool(state: SandboxState, identifier: string, toolName: string): string {
  const all = [...state.connections.values()].filter((connection) => mayHave(connection, toolName));
  const own = all.filter(({ name }) => state.accounts.find(name, identifier));
  const active = own.filter(({ name }) => {
    const account = state.accounts.find(name, identifier);
    return account !== undefined && currentStatus(account, state.now()) === 'ACTIVE';
  });
  const candidates = [active, own, all].find((some) => some.length > 0) ?? [];
  // One connection's name may begin with another's.
  const [first, second] = candidates.toSorted((left, right) => right.name.length - left.name.length);
  const isMcp = first?.pattern.is_mcp === true;
  if (first && second && !isMcp && candidates === active) {
    const names = candidates.map(({ name }) => name).join(', ');
    throw invalidArgument('connector', `is required: ${identifier} may call ${toolName} on ${names}`);
  }
  if (!first) throw toolNotFound(toolName);
  return first.name;
}

function mayHave({ name, locked, connector, pattern }: Connection, toolName: string): boolean {
  if (locked?.has(toolName) === true) return true;
  if (pattern.is_mcp === true) return toolName.startsWith(toolPrefix(name));
  return builtInTools(connector)?.contracts.has(toolName) === true;
}
