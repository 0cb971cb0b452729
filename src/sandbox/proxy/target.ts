import { Refusal } from '../refusal.ts';
import type { Account } from '../state/accounts.ts';
import { resolveUrl } from './placeholders.ts';

const PROXY_PATH = '/proxy';

export function isProxyPath(url: string): boolean {
  return url.startsWith(PROXY_PATH) && ['/', '?', undefined].includes(url[PROXY_PATH.length]);
}

/** What a proxied call asks the provider for, without the query; `/` where it names nothing. */
export function proxiedPath(requestUrl: string): string {
  return requestUrl.slice(PROXY_PATH.length).split('?', 1)[0] || '/';
}

/** Origin and request target of the upstream call; the client's path and query keep every byte they came with. */
export function upstreamTarget(account: Account, requestUrl: string): { origin: string; path: string } {
  const rest = requestUrl.slice(PROXY_PATH.length);
  const queryAt = rest.indexOf('?');
  const path = queryAt < 0 ? rest : rest.slice(0, queryAt);
  const query = queryAt < 0 ? '' : rest.slice(queryAt + 1);
  refuseHostilePath(path);

  const base = resolveUrl(account.connection.connector.definition.proxy_url, account);
  const basePath = path === '' ? base.pathname : base.pathname.replace(/\/$/, '');
  const queries = [base.search.slice(1), query].filter((part) => part !== '');
  const search = queries.length > 0 || queryAt >= 0 ? `?${queries.join('&')}` : '';
  return { origin: base.origin, path: basePath + path + search };
}

/** A dot segment, plain or encoded, would leave the place that `proxy_url` stands for. */
function refuseHostilePath(path: string): void {
  const segments = path.replace(/%2e/gi, '.').split(/\/|\\|%2f|%5c/i);
  if (segments.some((segment) => segment === '.' || segment === '..') || path.includes('#')) {
    throw new Refusal('invalid_argument', 'INVALID_PATH', 'the path must not contain dot segments or #');
  }
}
