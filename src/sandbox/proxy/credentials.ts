import type { AuthPattern } from '../config/types.ts';
import { Refusal } from '../refusal.ts';
import type { Account } from '../state/accounts.ts';
import { textAt } from '../state/credential-fields.ts';

type Mutations = NonNullable<AuthPattern['auth_field_mutations']>;

/** The one header that the gateway adds, by auth type; none for NO_AUTH. */
export function credentialHeader(account: Account): [name: string, value: string] | null {
  const { pattern } = account.connection;
  const header = pattern.auth_header_key_override || 'Authorization';
  switch (pattern.type) {
    case 'OAUTH':
    case 'BEARER':
      return [header, `Bearer ${headerText(required(account, 'token'))}`];
    case 'API_KEY':
      return [header, headerText(required(account, 'api_key'))];
    case 'BASIC': {
      const pair = `${required(account, 'username')}:${credential(account, 'password')}`;
      return ['Authorization', `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`];
    }
    default:
      return null;
  }
}

/** The stored value after the mutations, which apply in this order: default, prefix, suffix. */
function credential(account: Account, field: keyof Mutations): string {
  const {
    default: fallback = '',
    prefix = '',
    suffix = '',
  } = account.connection.pattern.auth_field_mutations?.[field] ?? {};
  return prefix + (storedValue(account, field) || fallback) + suffix;
}

function storedValue({ credentials }: Account, field: keyof Mutations): string {
  if (credentials.kind === 'static') return textAt(credentials.details, field);
  return credentials.kind === 'oauth' && field === 'token' ? credentials.accessToken : '';
}

function required(account: Account, field: keyof Mutations): string {
  const fallback = account.connection.pattern.auth_field_mutations?.[field]?.default ?? '';
  if (storedValue(account, field) !== '' || fallback !== '') return credential(account, field);
  throw new Refusal('failed_precondition', 'MISSING_CREDENTIAL', `the connected account has no ${field}`);
}

function headerText(value: string): string {
  // oxlint-disable-next-line no-control-regex
  if (!/[^\t\x20-\x7e\x80-\xff]/.test(value)) return value;
  throw new Refusal(
    'failed_precondition',
    'INVALID_CREDENTIAL',
    'the credential holds characters that no header can carry',
  );
}
