import type { ToolsClient } from './interface.ts';
import { ToolError } from './tool-error.ts';

/** Of the SDK's `ConnectorStatus`, by its numbers. */
const STATES = [
  'in an unspecified state',
  'ACTIVE',
  'EXPIRED',
  'PENDING_AUTH',
  'PENDING_VERIFICATION',
  'DISCONNECTED',
];
const ACTIVE = 1;
const PENDING_VERIFICATION = 4;
/** The documentation allows 100, the rule in the SDK's own descriptor less than that. */
const PAGE_SIZE = 99;

export interface AccountKey {
  connectionName: string;
  identifier: string;
}

/** The status of an account, without a side effect; undefined where there is none. Calls in parallel share one look. */
export type LookUpStatus = (key: AccountKey) => Promise<number | undefined>;

export function createLookUp(client: ToolsClient): LookUpStatus {
  const underWay = new Map<string, Promise<number | undefined>>();
  return (key) => {
    const name = JSON.stringify([key.connectionName, key.identifier]);
    const look = underWay.get(name) ?? findStatus(client, key).finally(() => underWay.delete(name));
    underWay.set(name, look);
    return look;
  };
}

async function findStatus(
  client: ToolsClient,
  { connectionName, identifier }: AccountKey,
): Promise<number | undefined> {
  const seen = new Set<string>();
  for (let pageToken = ''; !seen.has(pageToken); ) {
    seen.add(pageToken);
    const { connectedAccounts, nextPageToken } = await client.actions.listConnectedAccounts({
      connectionNames: [connectionName],
      identifier,
      pageSize: PAGE_SIZE,
      pageToken,
    });
    // Whether the filters compare exactly is not documented.
    const own = connectedAccounts.find(
      (account) => account.connector === connectionName && account.identifier === identifier,
    );
    if (own !== undefined) return own.status;
    if (nextPageToken === '') return undefined;
    pageToken = nextPageToken;
  }
  return undefined;
}

/** Throws a ToolError for an account that is not ACTIVE. */
export function requireStatusActive(toolName: string, status: number | undefined, key: AccountKey): void {
  if (status === ACTIVE) return;
  const { connectionName } = key;
  const state = status === undefined ? undefined : (STATES[status] ?? `in state ${status}`);
  const message =
    state === undefined
      ? `the user has no account on ${connectionName} yet: they have to authorize it first`
      : `the user's account on ${connectionName} is ${state}, not ACTIVE: ${remedy(status)}`;
  throw new ToolError('account_not_active', message, {
    toolName,
    connectionName,
    hint: hintFor(status, key),
  });
}

function remedy(status: number | undefined): string {
  return status === PENDING_VERIFICATION
    ? 'who they are is still to be verified'
    : 'they have to authorize it';
}

function hintFor(status: number | undefined, key: AccountKey): string {
  if (status === PENDING_VERIFICATION) {
    return 'Finish it where the user came back to: client.actions.verifyConnectedAccountUser({ authRequestId, identifier })';
  }
  return `Send the user to the link of client.actions.getAuthorizationLink(${JSON.stringify(key)})`;
}
