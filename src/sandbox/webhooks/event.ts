import { isoTime } from '../clock.ts';
import type { AccountStatus } from '../config/types.ts';
import { randomId, stableId } from '../ids.ts';
import type { Account } from '../state/accounts.ts';
import { authorizationType } from '../state/connections.ts';
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

export function statusEvent(state: SandboxState, account: Account, before: AccountStatus): StatusEvent {
  const { connection } = account;
  return {
    spec_version: '1',
    id: randomId('evt_'),
    type: 'connected_account.status_updated',
    occurred_at: isoTime(state.now()),
    environment_id: stableId('env_', state.client.id),
    object: 'ConnectedAccount',
    data: {
      id: account.id,
      identifier: account.identifier,
      connection_id: connection.id,
      connection_name: connection.name,
      provider: connection.connector.identifier,
      authorization_type: authorizationType(connection),
      status: account.status,
      old_status: before,
    },
  };
}
