import { isoTime } from '../clock.ts';
import { linkUrl } from '../hosted-pages/link-url.ts';
import type { SandboxAccount, SandboxClock, SandboxConnection, SandboxLink } from '../interface/control.ts';
import { type Account, currentStatus, tokenEnd } from '../state/accounts.ts';
import { authorizationType, type Connection } from '../state/connections.ts';
import type { Link } from '../state/links.ts';
import type { SandboxState } from '../state/sandbox-state.ts';

/** What is told of the sandbox's things: no credential, but of an open link its address, which is what it is for. */
export function shownLink(state: SandboxState, link: Link): SandboxLink {
  const { id, account, expiresAt, failure } = link;
  return {
    id,
    connectionName: account.connection.name,
    identifier: account.identifier,
    connectedAccountId: account.id,
    link: linkUrl(state.origin, link),
    state: state.links.stateOf(link),
    expiresAt: isoTime(expiresAt),
    ...(failure && { error: failure.error }),
    ...(failure?.description !== undefined && { errorDescription: failure.description }),
  };
}

export function shownAccount(state: SandboxState, account: Account): SandboxAccount {
  const { connection, lastUsedAt } = account;
  const expiresAt = tokenEnd(account);
  return {
    connectedAccountId: account.id,
    connectionName: connection.name,
    identifier: account.identifier,
    status: currentStatus(account, state.now()),
    provider: connection.connector.identifier,
    authorizationType: authorizationType(connection),
    tokenExpiresAt: expiresAt === undefined ? null : isoTime(expiresAt),
    updatedAt: isoTime(account.updatedAt),
    lastUsedAt: lastUsedAt === undefined ? null : isoTime(lastUsedAt),
  };
}

export function shownConnection(connection: Connection): SandboxConnection {
  return {
    id: connection.id,
    name: connection.name,
    connector: connection.connector.identifier,
    authType: connection.authType,
    isMcp: connection.pattern.is_mcp === true,
    clientId: connection.oauth?.client_id ?? null,
    createdAt: isoTime(connection.createdAt),
  };
}

export function shownClock({ clock }: SandboxState): SandboxClock {
  return {
    now: isoTime(clock.now()),
    frozen: clock.isFrozen(),
    offsetSeconds: Math.round(clock.aheadMs() / 1000),
  };
}
