import { createHash } from 'node:crypto';
import type { JsonObject } from '@bufbuild/protobuf';
import { canonicalText } from '../../json/canonical.ts';
import { isoTime } from '../clock.ts';
import { connectorIdentifier } from '../config/identifier.ts';
import type { AuthPattern, ConnectionConfig } from '../config/types.ts';
import type { Account, Credentials, OAuthCredentials } from '../state/accounts.ts';
import { credentialFields, objectAt } from '../state/credential-fields.ts';
import type { Link } from '../state/links.ts';
import type { Verification } from '../state/verifications.ts';
import type { SnapshotDocument } from './document.ts';

type RecordOf<Section extends keyof SnapshotDocument> =
  NonNullable<SnapshotDocument[Section]> extends (infer R)[] ? R : never;

/** @param configured the hash of the config's account of that name, where it has one */
export function accountRecord(
  account: Account,
  includeSecrets: boolean,
  configured: string | undefined,
): RecordOf<'accounts'> {
  const { id, connection, identifier, organizationId, userId, status, credentials } = account;
  const { updatedAt, lastUsedAt } = account;
  const apiConfig = includeSecrets
    ? account.apiConfig
    : withoutPasswords(account.apiConfig, connection.pattern);
  return {
    connectedAccountId: id,
    connectionName: connection.name,
    identifier,
    status,
    updatedAt: isoTime(updatedAt),
    ...(lastUsedAt !== undefined && { lastUsedAt: isoTime(lastUsedAt) }),
    ...(organizationId !== undefined && { organizationId }),
    ...(userId !== undefined && { userId }),
    ...(includeSecrets && { credentials: credentialsRecord(credentials) }),
    ...(Object.keys(apiConfig).length > 0 && { apiConfig }),
    ...(includeSecrets && configured !== undefined && { configured }),
  };
}

function credentialsRecord(credentials: Credentials): NonNullable<RecordOf<'accounts'>['credentials']> {
  return credentials.kind === 'oauth' ? oauthRecord(credentials) : credentials;
}

function oauthRecord(credentials: OAuthCredentials): RecordOf<'verifications'>['credentials'] {
  const { kind, accessToken, refreshToken, scopes, expiresAt, issuedAt, issuedBy } = credentials;
  return {
    kind,
    accessToken,
    scopes,
    ...(refreshToken !== undefined && { refreshToken }),
    ...(expiresAt !== undefined && { expiresAt: isoTime(expiresAt) }),
    ...(issuedAt !== undefined && { issuedAt: isoTime(issuedAt) }),
    ...(issuedBy !== undefined && { issuedBy }),
  };
}

function withoutPasswords(apiConfig: JsonObject, pattern: AuthPattern): JsonObject {
  const isSecret = new Set(
    credentialFields(pattern)
      .filter(({ input_type }) => input_type === 'password')
      .map(({ field_name }) => field_name),
  );
  const shown = (object: JsonObject): JsonObject =>
    Object.fromEntries(Object.entries(object).filter(([name]) => !isSecret.has(name)));
  const pathVariables = shown(objectAt(apiConfig, 'path_variables'));
  const rest = shown(apiConfig);
  return Object.keys(pathVariables).length > 0 ? { ...rest, path_variables: pathVariables } : rest;
}

export function linkRecord(link: Link, includeSecrets: boolean): RecordOf<'links'> {
  const { id, account, expiresAt, used, failure, userVerifyUrl, requestedState, token, formToken } = link;
  return {
    id,
    connectedAccountId: account.id,
    expiresAt: isoTime(expiresAt),
    used,
    ...(failure && {
      failure: {
        error: failure.error,
        ...(failure.description !== undefined && { description: failure.description }),
      },
    }),
    ...(userVerifyUrl !== undefined && { userVerifyUrl }),
    ...(includeSecrets && { token, formToken }),
    ...(includeSecrets && requestedState !== undefined && { requestedState }),
  };
}

/** All of it is secret: it is in no snapshot without secrets. */
export function verificationRecord(verification: Verification): RecordOf<'verifications'> {
  const { authRequestId, link, credentials, apiConfig, expiresAt } = verification;
  return {
    authRequestId,
    linkId: link.id,
    credentials: oauthRecord(credentials),
    apiConfig,
    expiresAt: isoTime(expiresAt),
  };
}

/** Tells whether a config's entry is still what it was. */
export function hashOf(value: unknown): string {
  return createHash('sha256').update(canonicalText(value)).digest('base64url').slice(0, 22);
}

/** A connection with its connector by its identifier: a config may name it by what it is shown as. */
export function withIdentifier(connection: ConnectionConfig): ConnectionConfig {
  return { ...connection, connector: connectorIdentifier(connection.connector) };
}
