import { create } from '@bufbuild/protobuf';
import { allPages, type Page } from './pages.ts';
import type { CoreClient, GrpcConnect } from './sdk.ts';
import { loadAccountsSdk } from './sdk.ts';
import { isoTime } from './timestamps.ts';
import { verificationError } from './verification-error.ts';

/** One user's account on one connection, as the listing tells it: without credentials. */
export interface ConnectedAccount {
  connectionName: string;
  identifier: string;
  connectedAccountId: string;
  /** `ACTIVE`, …; a state that this version does not know keeps its number. */
  status: string;
  provider: string;
  /** `OAUTH`, `API_KEY`, … */
  authorizationType: string;
  tokenExpiresAt: string | null;
  updatedAt: string | null;
  lastUsedAt: string | null;
}

export interface AccountFilter {
  connectionName?: string;
  identifier?: string;
}

export interface AccountKey {
  connectionName: string;
  identifier: string;
}

export interface AuthorizationLink {
  link: string;
  expiresAt: string | null;
}

/** A static connector's fields by name: `{"api_key": "…"}`; `path_variables` may be an object. */
export type StaticCredentials = Record<string, string | number | boolean | Record<string, string>>;

export interface Accounts {
  /** Has no side effect and fetches no credentials. Exact matches only. */
  list(filter: AccountFilter): AsyncGenerator<Page<ConnectedAccount>>;
  find(key: AccountKey): Promise<ConnectedAccount | undefined>;
  /** The OAuth scopes of an account, where its metadata tells them. Fetches no credentials. */
  grantedScopes(account: { connectedAccountId: string } | AccountKey): Promise<string[] | undefined>;
  /** Without credentials the account waits for its user. */
  create(key: AccountKey, kind: 'oauth' | 'static', credentials?: StaticCredentials): Promise<void>;
  updateCredentials(key: AccountKey, credentials: StaticCredentials): Promise<void>;
  authorizationLink(key: AccountKey, verification?: VerificationRequest): Promise<AuthorizationLink>;
  /**
   * Says who the user is that has authorized; where it is the one that the link was for, the account becomes ACTIVE. Returns
   * where Scalekit would have the browser go on. Rejects with `account` for somebody else, and for a request that is unknown or was
   * verified before.
   */
  verifyUser(authRequestId: string, identifier: string): Promise<string | undefined>;
}

/** Where the browser is sent for user verification, in environments that verify users; `state` comes back with it. */
export interface VerificationRequest {
  userVerifyUrl?: string;
  state?: string;
}

/** The documentation allows 100, the rule in the SDK's own descriptor less than that. */
const PAGE_SIZE = 99;

export async function createAccounts(grpc: GrpcConnect, core: CoreClient): Promise<Accounts> {
  const sdk = await loadAccountsSdk();
  const client = new sdk.ConnectedAccountsClient(grpc, core);

  async function* list(filter: AccountFilter): AsyncGenerator<Page<ConnectedAccount>> {
    const pages = allPages(async (pageToken) => {
      const answer = await client.listConnectedAccounts({
        pageSize: PAGE_SIZE,
        pageToken,
        ...(filter.identifier === undefined ? {} : { identifier: filter.identifier }),
        ...(filter.connectionName === undefined ? {} : { connectionNames: [filter.connectionName] }),
      });
      return { ...answer, items: answer.connectedAccounts };
    });
    for await (const { items, totalSize } of pages) {
      const accounts = items.map((account) => ({
        connectionName: account.connector,
        identifier: account.identifier,
        connectedAccountId: account.id,
        status: sdk.ConnectorStatus[account.status] ?? String(account.status),
        provider: account.provider,
        authorizationType: sdk.ConnectorType[account.authorizationType] ?? String(account.authorizationType),
        tokenExpiresAt: isoTime(account.tokenExpiresAt),
        updatedAt: isoTime(account.updatedAt),
        lastUsedAt: isoTime(account.lastUsedAt),
      }));
      // Whether the filters compare exactly is not documented; another user's account must never slip in.
      yield { items: accounts.filter((account) => matches(account, filter)), totalSize };
    }
  }

  const authorizationDetails = (kind: 'oauth' | 'static', credentials: StaticCredentials) =>
    create(sdk.AuthorizationDetailsSchema, {
      details:
        kind === 'oauth'
          ? { case: 'oauthToken', value: {} }
          : { case: 'staticAuth', value: { details: credentials } },
    });

  return {
    list,
    find: async (key) => {
      for await (const { items } of list(key)) if (items[0] !== undefined) return items[0];
      return undefined;
    },
    grantedScopes: async (account) => {
      const service = grpc.createClient(sdk.ConnectedAccountService);
      const reference =
        'connectedAccountId' in account
          ? { id: account.connectedAccountId }
          : { connector: account.connectionName, identifier: account.identifier };
      // The one of its calls about one account that the API documents as giving no credentials.
      const answer = await core.connectExec(
        service.getConnectedAccountDetails,
        create(sdk.GetConnectedAccountByIdentifierRequestSchema, reference),
      );
      const details = answer.connectedAccount?.authorizationDetails?.details;
      const hasScopes = details?.case === 'oauthToken' || details?.case === 'googleDwd';
      // No scopes are not told from scopes that are not told.
      return hasScopes && details.value.scopes.length > 0 ? [...details.value.scopes] : undefined;
    },
    create: async ({ connectionName, identifier }, kind, credentials = {}) => {
      await client.createConnectedAccount({
        connector: connectionName,
        identifier,
        connectedAccount: create(sdk.CreateConnectedAccountSchema, {
          authorizationDetails: authorizationDetails(kind, credentials),
        }),
      });
    },
    updateCredentials: async ({ connectionName, identifier }, credentials) => {
      await client.updateConnectedAccount({
        connector: connectionName,
        identifier,
        connectedAccount: create(sdk.UpdateConnectedAccountSchema, {
          authorizationDetails: authorizationDetails('static', credentials),
        }),
      });
    },
    authorizationLink: async ({ connectionName, identifier }, verification = {}) => {
      const answer = await client.getMagicLinkForConnectedAccount({
        connector: connectionName,
        identifier,
        ...verification,
      });
      return { link: answer.link, expiresAt: isoTime(answer.expiry) };
    },
    verifyUser: async (authRequestId, identifier) => {
      try {
        const answer = await client.verifyConnectedAccountUser({ authRequestId, identifier });
        return answer.postUserVerifyRedirectUrl || undefined;
      } catch (error) {
        throw verificationError(error, identifier);
      }
    },
  };
}

function matches(account: ConnectedAccount, { connectionName, identifier }: AccountFilter): boolean {
  return (
    (connectionName === undefined || account.connectionName === connectionName) &&
    (identifier === undefined || account.identifier === identifier)
  );
}
