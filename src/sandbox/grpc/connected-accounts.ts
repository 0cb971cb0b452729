import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import type { ConnectedAccountService, CreateConnectedAccountRequest } from '../descriptors.ts';
import { linkUrl } from '../hosted-pages/link-url.ts';
import { ensureFresh, noticeExpiry } from '../oauth/refresh.ts';
import { requireVerifyUrl } from '../oauth/verify-url.ts';
import { verifyUser } from '../oauth/verify-user.ts';
import { invalidArgument } from '../refusal.ts';
import type { Account, Credentials } from '../state/accounts.ts';
import { requireConnection } from '../state/connections.ts';
import { mergeDetails } from '../state/credential-fields.ts';
import { disconnect } from '../state/disconnect.ts';
import { type AccountReference, requireAccount } from '../state/find-account.ts';
import { removeAccount } from '../state/remove-account.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import {
  accountDetails,
  accountMetadata,
  accountWithCredentials,
  listedAccount,
} from './account-messages.ts';
import { isComplete, mergeCredentials, sentApiConfig } from './authorization-details.ts';
import { pageOfAccounts } from './list-accounts.ts';
import type { PageTokens } from './pages.ts';
import { searchAccounts } from './search-accounts.ts';

export function connectedAccountService(
  state: SandboxState,
  tokens: PageTokens,
): Partial<ServiceImpl<typeof ConnectedAccountService>> {
  return {
    listConnectedAccounts(request) {
      const { accounts, ...page } = pageOfAccounts(state.accounts, tokens, request);
      for (const account of accounts) noticeExpiry(state, account);
      return { ...page, connectedAccounts: accounts.map((account) => listedAccount(account, state.now())) };
    },

    searchConnectedAccounts(request) {
      const { accounts, ...page } = searchAccounts(state, tokens, request);
      for (const account of accounts) noticeExpiry(state, account);
      return { ...page, connectedAccounts: accounts.map((account) => listedAccount(account, state.now())) };
    },

    createConnectedAccount(request) {
      const account = createAccount(state, request);
      return { connectedAccount: accountWithCredentials(account, state.now()) };
    },

    updateConnectedAccount({ connectedAccount, ...reference }) {
      const account = requireAccount(state, reference);
      const pattern = account.connection.pattern;
      const sent = connectedAccount?.authorizationDetails;
      const credentials = mergeCredentials(pattern, account.credentials, sent);
      const renewed = credentials !== account.credentials && isComplete(credentials);
      state.accounts.change(account, {
        credentials,
        apiConfig: mergeDetails(account.apiConfig, sentApiConfig(connectedAccount)),
        ...(renewed && { status: 'ACTIVE' as const }),
      });
      return { connectedAccount: accountWithCredentials(account, state.now()) };
    },

    deleteConnectedAccount(reference) {
      removeAccount(state, requireAccount(state, reference));
      return {};
    },

    disconnectConnectedAccount({ id }) {
      const account = requireAccount(state, { id: accountId(id) });
      disconnect(state, account);
      return { connectedAccount: accountDetails(account, state.now()) };
    },

    getConnectedAccount({ id }) {
      const account = requireAccount(state, { id: accountId(id) });
      noticeExpiry(state, account);
      return { connectedAccount: accountMetadata(account, state.now()) };
    },

    async getConnectedAccountAuth(reference) {
      const account = requireAccount(state, reference);
      await ensureFresh(state, account);
      return { connectedAccount: accountWithCredentials(account, state.now()) };
    },

    getConnectedAccountDetails(reference) {
      const account = requireAccount(state, reference);
      noticeExpiry(state, account);
      return { connectedAccount: accountMetadata(account, state.now()) };
    },

    getMagicLinkForConnectedAccount({ state: requestedState, userVerifyUrl, ...reference }) {
      const options = { requestedState, userVerifyUrl: requireVerifyUrl(userVerifyUrl) };
      const link = state.links.create(accountToAuthorize(state, reference), options);
      return { link: linkUrl(state.origin, link), expiry: timestampFromMs(link.expiresAt) };
    },

    verifyConnectedAccountUser({ authRequestId, identifier }) {
      return { postUserVerifyRedirectUrl: verifyUser(state, authRequestId, identifier) };
    },
  };
}

/** `/this` stands for the account that a token is bound to; an environment's token is bound to none. */
function accountId(id: string): string {
  if (id !== '' && id !== 'this' && id !== '-') return id;
  throw invalidArgument('id', 'is required: the access token is not bound to a connected account');
}

/** The samples of Scalekit's documentation ask for a link of a user of whom nothing is known yet: that makes the account. */
function accountToAuthorize(state: SandboxState, reference: AccountReference): Account {
  const { id = '', connector = '', identifier = '' } = reference;
  const isNew =
    id === '' && connector !== '' && identifier !== '' && !state.accounts.find(connector, identifier);
  return isNew ? createAccount(state, reference) : requireAccount(state, reference);
}

type NewAccount = Omit<AccountReference, 'id'> & Pick<CreateConnectedAccountRequest, 'connectedAccount'>;

function createAccount(state: SandboxState, request: NewAccount): Account {
  const { connector = '', identifier = '', organizationId, userId, connectedAccount: fields } = request;
  if (connector === '') throw invalidArgument('connector', 'is required');
  if (identifier === '') throw invalidArgument('identifier', 'is required');
  const connection = requireConnection(state.connections, connector);
  const none: Credentials = { kind: 'none' };
  const credentials = mergeCredentials(connection.pattern, none, fields?.authorizationDetails);
  const active = connection.pattern.type === 'NO_AUTH' || isComplete(credentials);
  return state.accounts.create({
    connection,
    identifier,
    ...(organizationId && { organizationId }),
    ...(userId && { userId }),
    credentials,
    apiConfig: sentApiConfig(fields),
    status: active ? 'ACTIVE' : 'PENDING_AUTH',
  });
}
