import type { AccountStatus, AuthType } from '../config/types.ts';
import { randomId, stableId } from '../ids.ts';
import type { Account } from '../state/accounts.ts';
import type { SandboxState } from '../state/sandbox-state.ts';

/** As Scalekit's API reference has `ConnectedAccountStatusUpdatedEvent`. */
export interface StatusEvent {
  spec_version: '1';
  id: string;
  type: 'connected_account.status_updated';
  /** ISO 8601, by the sandbox's clock. */
  occurred_at: string;
  environment_id: string;
  object: 'ConnectedAccount';
  data: {
    id: string;
    identifier: string;
    connection_id: string;
    connection_name: string;
    provider: string;
    authorization_type: string;
    status: AccountStatus;
    old_status: AccountStatus;
  };
}

/** The two that Scalekit's connectors and its API spell in different ways. */
const TYPES: Record<AuthType, string> = {
  OAUTH: 'OAUTH',
  BASIC: 'BASIC',
  BEARER: 'BEARER_TOKEN',
  API_KEY: 'API_KEY',
  NO_AUTH: 'NO_AUTH',
};

export function statusEvent(state: SandboxState, account: Account, before: AccountStatus): StatusEvent {
  const { connection } = account;
  return {
    spec_version: '1',
    id: randomId('evt_'),
    type: 'connected_account.status_updated',
    occurred_at: new Date(state.now()).toISOString(),
    environment_id: stableId('env_', state.client.id),
    object: 'ConnectedAccount',
    data: {
      id: account.id,
      identifier: account.identifier,
      connection_id: connection.id,
      connection_name: connection.name,
      provider: connection.connector.identifier,
      authorization_type: TYPES[connection.authType],
      status: account.status,
      old_status: before,
    },
  };
}
