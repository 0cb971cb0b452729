import { isLoopback } from '../../http/loopback.ts';
import { Refusal } from '../refusal.ts';
import type { Account } from '../state/accounts.ts';
import { objectAt, textAt } from '../state/credential-fields.ts';

const PLACEHOLDER = /\{\{\s*([^{}\s]+)\s*\}\}/g;

export function placeholdersOf(template: string): string[] {
  return [...template.matchAll(PLACEHOLDER)].map((match) => match[1] ?? '');
}

/** Where static connectors keep `domain` and `version` among their details, OAuth ones have them in `api_config`. */
function placeholderValue(account: Pick<Account, 'credentials' | 'apiConfig'>, name: string): string {
  const details = account.credentials.kind === 'static' ? account.credentials.details : {};
  const places =
    name === 'domain' || name === 'version'
      ? [details, account.apiConfig]
      : [objectAt(details, 'path_variables'), objectAt(account.apiConfig, 'path_variables')];
  return places.map((place) => textAt(place, name)).find((value) => value !== '') ?? '';
}

/** A connector's URL with this account's values in it; a value can name a host or one path segment, and nothing beyond. */
export function resolveUrl(template: string, account: Pick<Account, 'credentials' | 'apiConfig'>): URL {
  const schemeAndHost = /^[a-z]+:\/\/[^/?#]*/i.exec(template)?.[0].length ?? 0;
  const text = template.replace(PLACEHOLDER, (_match, name: string, offset: number) => {
    const value = placeholderValue(account, name);
    if (value === '')
      throw unusable('MISSING_PATH_VARIABLE', `no value for {{${name}}} in the connector's URL`);
    if (offset >= schemeAndHost) {
      if (value === '.' || value === '..')
        throw unusable('INVALID_PATH_VARIABLE', `{{${name}}} is a dot segment`);
      return encodeURIComponent(value);
    }
    if (!/^[\w.-]+(:\d+)?$/.test(value)) {
      throw unusable('INVALID_PATH_VARIABLE', `{{${name}}} is not a host name`);
    }
    return value;
  });
  if (!URL.canParse(text))
    throw unusable('INVALID_PROXY_URL', 'the connector has no valid URL for this account');
  const url = new URL(text);
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopback(url.hostname))) {
    throw unusable('INVALID_PROXY_URL', 'http:// upstreams are allowed on loopback only');
  }
  return url;
}

function unusable(errorCode: string, message: string): Refusal {
  return new Refusal('failed_precondition', errorCode, message);
}
