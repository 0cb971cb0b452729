import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { AccountStatus, AuthType } from '../config/types.ts';
import {
  AuthorizationDetailsSchema,
  type ConnectedAccount,
  type ConnectedAccountForList,
  ConnectedAccountForListSchema,
  ConnectedAccountSchema,
  ConnectorStatus,
  ConnectorType,
} from '../descriptors.ts';
import { type Account, currentStatus, tokenEnd } from '../state/accounts.ts';
import { textAt } from '../state/credential-fields.ts';

const STATUSES: Record<AccountStatus, ConnectorStatus> = {
  ACTIVE: ConnectorStatus.ACTIVE,
  EXPIRED: ConnectorStatus.EXPIRED,
  PENDING_AUTH: ConnectorStatus.PENDING_AUTH,
  PENDING_VERIFICATION: ConnectorStatus.PENDING_VERIFICATION,
  DISCONNECTED: ConnectorStatus.DISCONNECTED,
};

const TYPES: Record<AuthType, ConnectorType> = {
  OAUTH: ConnectorType.OAUTH,
  BASIC: ConnectorType.BASIC,
  BEARER: ConnectorType.BEARER_TOKEN,
  API_KEY: ConnectorType.API_KEY,
  NO_AUTH: ConnectorType.NO_AUTH,
};

export function listedAccount(account: Account, now: number): ConnectedAccountForList {
  return create(ConnectedAccountForListSchema, commonFields(account, now));
}

/** Without credentials. */
export function accountDetails(account: Account, now: number): ConnectedAccount {
  return create(ConnectedAccountSchema, { ...commonFields(account, now), apiConfig: account.apiConfig });
}

/** `details`: of the credentials the granted scopes alone. */
export function accountMetadata(account: Account, now: number): ConnectedAccount {
  const { credentials } = account;
  const metadata = accountDetails(account, now);
  if (credentials.kind !== 'oauth' || credentials.scopes.length === 0) return metadata;
  metadata.authorizationDetails = create(AuthorizationDetailsSchema, {
    details: { case: 'oauthToken', value: { scopes: credentials.scopes } },
  });
  return metadata;
}

/** What `auth`, create and update answer. */
export function accountWithCredentials(account: Account, now: number): ConnectedAccount {
  const details = authorizationDetails(account);
  const common = { ...commonFields(account, now), apiConfig: account.apiConfig };
  return create(ConnectedAccountSchema, details ? { ...common, authorizationDetails: details } : common);
}

function commonFields(account: Account, now: number) {
  const { connection, lastUsedAt } = account;
  const expiresAt = tokenEnd(account);
  return {
    id: account.id,
    identifier: account.identifier,
    connector: connection.name,
    connectionId: connection.id,
    provider: connection.connector.identifier,
    status: STATUSES[currentStatus(account, now)],
    authorizationType: TYPES[connection.pattern.type],
    updatedAt: timestampFromMs(account.updatedAt),
    ...(expiresAt !== undefined && { tokenExpiresAt: timestampFromMs(expiresAt) }),
    ...(lastUsedAt !== undefined && { lastUsedAt: timestampFromMs(lastUsedAt) }),
  };
}

function authorizationDetails({
  credentials,
  apiConfig,
}: Account): MessageInitShape<typeof AuthorizationDetailsSchema> | null {
  switch (credentials.kind) {
    case 'static':
      return { details: { case: 'staticAuth', value: { details: credentials.details } } };
    case 'oauth': {
      const { accessToken, refreshToken = '', scopes } = credentials;
      const domain = textAt(apiConfig, 'domain');
      return { details: { case: 'oauthToken', value: { accessToken, refreshToken, scopes, domain } } };
    }
    default:
      return null;
  }
}
