import type { JsonObject } from '@bufbuild/protobuf';
import type { AuthPattern } from '../config/types.ts';
import type { AuthorizationDetails, CreateConnectedAccount } from '../descriptors.ts';
import { invalidArgument } from '../refusal.ts';
import type { Credentials } from '../state/accounts.ts';
import { mergeDetails, missingFields } from '../state/credential-fields.ts';

const FIELD = 'connected_account.authorization_details';

/**
 * The credentials after a create or update: what was sent is merged into what is there. An empty OAuth
 * token means "none given": the SDK's getOrCreateConnectedAccount sends one where the caller gave nothing.
 */
export function mergeCredentials(
  pattern: AuthPattern,
  present: Credentials,
  sent: AuthorizationDetails | undefined,
): Credentials {
  switch (sent?.details.case) {
    case 'oauthToken': {
      const { accessToken, refreshToken, scopes } = sent.details.value;
      if (accessToken === '' && refreshToken === '' && scopes.length === 0) return present;
      if (pattern.type !== 'OAUTH')
        throw invalidArgument(FIELD, `${pattern.type} connections take static_auth`);
      const before = present.kind === 'oauth' ? present : undefined;
      return {
        kind: 'oauth',
        accessToken: accessToken || (before?.accessToken ?? ''),
        refreshToken: refreshToken || before?.refreshToken,
        scopes: scopes.length > 0 ? scopes : (before?.scopes ?? []),
        // A new access token's lifetime is not known; the old one's says nothing about it.
        expiresAt: accessToken === '' ? before?.expiresAt : undefined,
        ...(accessToken === '' && before?.issuedBy && { issuedBy: before.issuedBy }),
      };
    }
    case 'staticAuth': {
      const details = sent.details.value.details ?? {};
      if (Object.keys(details).length === 0) return present;
      if (pattern.type === 'OAUTH') throw invalidArgument(FIELD, 'OAUTH connections take oauth_token');
      const merged = mergeDetails(present.kind === 'static' ? present.details : {}, details);
      const missing = missingFields(pattern, merged);
      if (missing.length > 0) throw invalidArgument(FIELD, `missing required ${missing.join(', ')}`);
      return { kind: 'static', details: merged };
    }
    case 'googleDwd':
    case 'trustedIdp':
      throw invalidArgument(FIELD, `${sent.details.case} is not supported by the sandbox`);
    default:
      return present;
  }
}

/** An OAuth token's `domain` is what the connector's URLs take for `{{domain}}`. */
export function sentApiConfig(
  fields: Pick<CreateConnectedAccount, 'authorizationDetails' | 'apiConfig'> | undefined,
): JsonObject {
  const details = fields?.authorizationDetails?.details;
  const domain = details?.case === 'oauthToken' ? details.value.domain : '';
  return { ...(domain !== '' && { domain }), ...fields?.apiConfig };
}

export function isComplete(credentials: Credentials): boolean {
  return credentials.kind === 'static' || (credentials.kind === 'oauth' && credentials.accessToken !== '');
}
