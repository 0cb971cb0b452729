import type { ListConnectedAccountsRequest } from '../descriptors.ts';
import { invalidArgument } from '../refusal.ts';
import type { Account, AccountStore } from '../state/accounts.ts';
import { isFor } from '../state/find-account.ts';
import { indexAfter } from '../state/ordered.ts';
import { listingScope, type PageTokens } from './pages.ts';

const DEFAULT_PAGE_SIZE = 10;

export interface AccountPage {
  accounts: readonly Account[];
  totalSize: number;
  nextPageToken: string;
  prevPageToken: string;
}

export function pageOfAccounts(
  store: AccountStore,
  tokens: PageTokens,
  request: ListConnectedAccountsRequest,
): AccountPage {
  const { connector = '', identifier = '', provider, query, connectionNames } = request;
  const { organizationId = '', userId = '' } = request;
  if (connector !== '' && connectionNames.length > 0) {
    throw invalidArgument('connection_names', 'cannot be given together with connector');
  }
  const names = connector === '' ? connectionNames : [connector];
  const filter = { names, identifier, provider, query, organizationId, userId };
  const scope = listingScope('accounts', [names, identifier, provider, query, organizationId, userId]);
  return cutAccounts(tokens, scope, matchingAccounts(store, filter), request);
}

/** A token holds the order number of the account before the page: accounts created or deleted elsewhere do not move it. */
export function cutAccounts(
  tokens: PageTokens,
  scope: string,
  matching: readonly Account[],
  { pageSize, pageToken }: { pageSize: number; pageToken: string },
): AccountPage {
  const size = pageSize || DEFAULT_PAGE_SIZE;
  const start = indexAfter(matching, tokens.decode(pageToken, scope));
  const accounts = matching.slice(start, start + size);
  const last = accounts.at(-1);
  const beforePrevious = matching[start - size - 1];
  return {
    accounts,
    totalSize: matching.length,
    nextPageToken: last && start + size < matching.length ? tokens.encode(last.order, scope) : '',
    prevPageToken: start > 0 ? tokens.encode(beforePrevious?.order ?? 0, scope) : '',
  };
}

interface AccountFilter {
  names: readonly string[];
  identifier: string;
  provider: string;
  query: string;
  organizationId: string;
  userId: string;
}

/** The stored lists themselves where one of them is the answer, so that a page costs the same at any offset. */
function matchingAccounts(store: AccountStore, filter: AccountFilter): readonly Account[] {
  const { names, identifier, provider, query, organizationId, userId } = filter;
  const isPlain = [provider, query, organizationId, userId].every((text) => text === '');
  if (isPlain && (names.length === 0 || identifier === '')) {
    if (names.length === 1) return store.ofConnection(names[0] ?? '');
    if (names.length === 0) return identifier === '' ? store.all() : store.ofIdentifier(identifier);
  }
  const wanted = new Set(names);
  const words = query.toLowerCase();
  return (identifier === '' ? store.all() : store.ofIdentifier(identifier)).filter(
    (account) =>
      (wanted.size === 0 || wanted.has(account.connection.name)) &&
      (provider === '' || account.connection.connector.identifier === provider) &&
      isFor(account, filter) &&
      (words === '' || searchableText(account).includes(words)),
  );
}

/** In lower case: what a query is looked for in. */
export function searchableText({ id, identifier, connection }: Account): string {
  return [identifier, connection.name, connection.connector.identifier, id].join('\n').toLowerCase();
}
