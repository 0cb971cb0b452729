import type { SearchConnectedAccountsRequest } from '../descriptors.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { type AccountPage, cutAccounts, searchableText } from './list-accounts.ts';
import { listingScope, type PageTokens } from './pages.ts';

/** Accounts whose identifier, provider or connection holds the text, upper and lower case alike. */
export function searchAccounts(
  { accounts, connections }: Pick<SandboxState, 'accounts' | 'connections'>,
  tokens: PageTokens,
  request: SearchConnectedAccountsRequest,
): AccountPage {
  const { query, connectionId } = request;
  const words = query.toLowerCase();
  const named = [...connections.values()].find(({ id }) => id === connectionId);
  const candidates = connectionId === '' ? accounts.all() : accounts.ofConnection(named?.name ?? '');
  const matching = candidates.filter((account) => searchableText(account).includes(words));
  return cutAccounts(tokens, listingScope('search', [words, connectionId]), matching, request);
}
