import {
  ScalekitBadRequestException,
  type ScalekitClient,
  ScalekitConflictException,
  ScalekitNotFoundException,
  ScalekitServerException,
} from '@scalekit-sdk/node';
import { ConnectorStatus } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import { describe, expect, it } from 'vitest';
import type { AuthPattern, SandboxConfig } from '../../src/sandbox/config/types.ts';
import { connector, sandboxWith, signedInSdk } from './support/sandbox.ts';

const PATTERNS: AuthPattern[] = [
  { type: 'BEARER', fields: [{ field_name: 'token', required: true }] },
  { type: 'OAUTH', oauth_config: { authorize_uri: 'https://a.example/a', token_uri: 'https://a.example/t' } },
];

function config(rest: Partial<SandboxConfig> = {}): SandboxConfig {
  return {
    connectors: [
      connector({ display_name: 'Rest', auth_patterns: PATTERNS }),
      connector({ display_name: 'Open', auth_patterns: [{ type: 'NO_AUTH', is_mcp: true }] }),
    ],
    connections: [
      { name: 'bearer', connector: 'Rest', auth_type: 'BEARER' },
      { name: 'oauth', connector: 'rest', auth_type: 'OAUTH', oauth: { client_id: 'c' } },
      { name: 'open', connector: 'open' },
    ],
    ...rest,
  };
}

type Details = NonNullable<
  Parameters<ScalekitClient['actions']['createConnectedAccount']>[0]['authorizationDetails']
>;

function staticAuth(details: object): Details {
  return { details: { case: 'staticAuth', value: { details } } } as Details;
}

function oauthToken(value: object): Details {
  return { details: { case: 'oauthToken', value } } as Details;
}

const NOTHING = oauthToken({});

async function sdkWith(rest: Partial<SandboxConfig> = {}): Promise<ScalekitClient> {
  return signedInSdk(await sandboxWith(config(rest)));
}

async function failure(promise: Promise<unknown>): Promise<ScalekitServerException> {
  const error: unknown = await promise.then(
    () => 'no error',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ScalekitServerException);
  return error as ScalekitServerException;
}

describe('create', () => {
  it.each([
    ['bearer', staticAuth({ token: 't' }), 'ACTIVE'],
    ['bearer', NOTHING, 'PENDING_AUTH'],
    ['oauth', NOTHING, 'PENDING_AUTH'],
    ['oauth', oauthToken({ accessToken: 'a', refreshToken: 'r', scopes: ['s'] }), 'ACTIVE'],
    ['open', NOTHING, 'ACTIVE'],
  ] as const)('on %s', async (connectionName, authorizationDetails, status) => {
    const sdk = await sdkWith();
    const reference = { connectionName, identifier: 'user_1' };
    const { connectedAccount } = await sdk.actions.createConnectedAccount({
      ...reference,
      authorizationDetails,
    });
    expect(connectedAccount).toMatchObject({
      identifier: 'user_1',
      connector: connectionName,
      provider: connectionName === 'open' ? 'open' : 'rest',
      status: ConnectorStatus[status],
    });
    expect(connectedAccount?.id).toMatch(/^ca_\d+$/);
    // With what was given, as the documentation of the answer has it.
    expect(connectedAccount?.authorizationDetails?.details.case).toBe(
      authorizationDetails === NOTHING ? undefined : authorizationDetails.details.case,
    );
  });

  it('twice: already exists', async () => {
    const sdk = await sdkWith();
    const account = { connectionName: 'open', identifier: 'u', authorizationDetails: NOTHING };
    await sdk.actions.createConnectedAccount(account);
    const error = await failure(sdk.actions.createConnectedAccount(account));
    expect(error).toBeInstanceOf(ScalekitConflictException);
    expect(error).toMatchObject({ errorCode: 'CONNECTED_ACCOUNT_ALREADY_EXISTS' });
  });

  it.each([
    ['an unknown connection', 'nope', NOTHING, ScalekitNotFoundException, 'connection not found: nope'],
    [
      'an OAuth token on a static connection',
      'bearer',
      oauthToken({ accessToken: 'x' }),
      ScalekitBadRequestException,
      'BEARER',
    ],
    [
      'static credentials on an OAuth connection',
      'oauth',
      staticAuth({ token: 'x' }),
      ScalekitBadRequestException,
      'oauth_token',
    ],
    [
      'a missing required field',
      'bearer',
      staticAuth({ tokn: 'x' }),
      ScalekitBadRequestException,
      'missing required token',
    ],
    ['a name that no connection can have', 'a/b', NOTHING, ScalekitBadRequestException, 'must match'],
  ])('%s', async (_what, connectionName, authorizationDetails, type, message) => {
    const sdk = await sdkWith();
    const error = await failure(
      sdk.actions.createConnectedAccount({ connectionName, identifier: 'u', authorizationDetails }),
    );
    expect(error).toBeInstanceOf(type);
    expect(error.message).toContain(message);
  });

  it('an identifier of more than 100 characters: which field and why', async () => {
    const sdk = await sdkWith();
    const error = await failure(
      sdk.actions.createConnectedAccount({
        connectionName: 'open',
        identifier: 'u'.repeat(101),
        authorizationDetails: NOTHING,
      }),
    );
    expect(error.errDetails[0]).toMatchObject({
      errorCode: 'VALIDATION_ERROR',
      validationErrorInfo: {
        fieldViolations: [{ field: 'identifier', description: 'must have at most 100 characters' }],
      },
    });
  });
});

describe('the life of an account', () => {
  it('update merges credentials and api_config, and activates', async () => {
    const sdk = await sdkWith();
    const reference = { connectionName: 'bearer', identifier: 'u' };
    await sdk.actions.createConnectedAccount({
      ...reference,
      authorizationDetails: NOTHING,
      apiConfig: { version: 'v1', path_variables: { a: '1' } },
    });
    await sdk.actions.updateConnectedAccount({
      ...reference,
      authorizationDetails: staticAuth({ token: 'one', path_variables: { x: '1' } }),
    });
    const { connectedAccount } = await sdk.actions.updateConnectedAccount({
      ...reference,
      authorizationDetails: staticAuth({ path_variables: { y: '2' } }),
      apiConfig: { path_variables: { b: '2' } },
    });
    expect(connectedAccount?.status).toBe(ConnectorStatus.ACTIVE);
    const full = await sdk.actions.getConnectedAccount(reference);
    expect(full.connectedAccount?.authorizationDetails).toEqual(connectedAccount?.authorizationDetails);
    expect(full.connectedAccount?.apiConfig).toEqual({ version: 'v1', path_variables: { a: '1', b: '2' } });
    expect(full.connectedAccount?.authorizationDetails?.details.value).toMatchObject({
      details: { token: 'one', path_variables: { x: '1', y: '2' } },
    });
  });

  it('getOrCreate creates what is missing, returns what is there, and does not disturb it', async () => {
    const sdk = await sdkWith();
    const reference = { connectionName: 'bearer', identifier: 'u' };
    const created = await sdk.actions.getOrCreateConnectedAccount(reference);
    expect(created.connectedAccount?.status).toBe(ConnectorStatus.PENDING_AUTH);
    await sdk.actions.updateConnectedAccount({
      ...reference,
      authorizationDetails: staticAuth({ token: 't' }),
    });
    const again = await sdk.actions.getOrCreateConnectedAccount(reference);
    expect(again.connectedAccount?.id).toBe(created.connectedAccount?.id);
    expect(again.connectedAccount?.status).toBe(ConnectorStatus.ACTIVE);
  });

  it('disconnect takes the credentials, delete takes the account', async () => {
    const sandbox = await sandboxWith(
      config({ accounts: [{ connection: 'bearer', identifier: 'u', credentials: { token: 't' } }] }),
    );
    const sdk = await signedInSdk(sandbox);
    const [account] = sandbox.control.accounts();
    const id = account?.connectedAccountId ?? '';
    const client = (sdk.connectedAccounts as unknown as { client: DisconnectClient }).client;
    await client.disconnectConnectedAccount({ id });
    const { connectedAccount } = await sdk.actions.getConnectedAccount({ connectedAccountId: id });
    expect(connectedAccount).toMatchObject({ status: ConnectorStatus.DISCONNECTED });
    expect(connectedAccount?.authorizationDetails).toBeUndefined();
    await sdk.actions.deleteConnectedAccount({ connectedAccountId: id });
    const error = await failure(sdk.actions.getConnectedAccount({ connectedAccountId: id }));
    expect(error).toMatchObject({ errorCode: 'CONNECTED_ACCOUNT_NOT_FOUND' });
    expect(sandbox.control.accounts()).toEqual([]);
  });

  it('details come without credentials', async () => {
    const sdk = await sdkWith({
      accounts: [{ connection: 'bearer', identifier: 'u', credentials: { token: 'hidden' } }],
    });
    const client = (sdk.connectedAccounts as unknown as { client: DetailsClient }).client;
    const answer = await client.getConnectedAccountDetails({ connector: 'bearer', identifier: 'u' });
    expect(answer.connectedAccount).toMatchObject({ identifier: 'u', status: ConnectorStatus.ACTIVE });
    expect(
      JSON.stringify(answer, (_key, value: unknown) => (typeof value === 'bigint' ? 0 : value)),
    ).not.toContain('hidden');
  });

  it.each([
    [
      'get',
      (sdk: ScalekitClient) => sdk.actions.getConnectedAccount({ connectionName: 'open', identifier: 'no' }),
    ],
    [
      'update',
      (sdk: ScalekitClient) =>
        sdk.actions.updateConnectedAccount({ connectionName: 'open', identifier: 'no' }),
    ],
    ['delete', (sdk: ScalekitClient) => sdk.actions.deleteConnectedAccount({ connectedAccountId: 'ca_1' })],
    ['link', (sdk: ScalekitClient) => sdk.actions.getAuthorizationLink({ connectedAccountId: 'ca_1' })],
  ])('%s of one that is not there: not found', async (_what, call) => {
    const error = await failure(call(await sdkWith()));
    expect(error).toBeInstanceOf(ScalekitNotFoundException);
    expect(error).toMatchObject({ errorCode: 'CONNECTED_ACCOUNT_NOT_FOUND' });
  });

  it('a link for somebody new makes the account, once, and tells of a connection that is not there', async () => {
    const sdk = await sdkWith();
    const user = { connectionName: 'bearer', identifier: 'new' };
    await sdk.actions.getAuthorizationLink({ ...user, organizationId: 'org_1' });
    await sdk.actions.getAuthorizationLink(user);
    const { connectedAccounts } = await sdk.actions.listConnectedAccounts({ organizationId: 'org_1' });
    expect(connectedAccounts).toMatchObject([{ identifier: 'new', status: ConnectorStatus.PENDING_AUTH }]);
    const link = { connectionName: 'nope', identifier: 'new' };
    const error = await failure(sdk.actions.getAuthorizationLink(link));
    expect(error).toMatchObject({ errorCode: 'CONNECTION_NOT_FOUND' });
    const badUrl = { ...user, identifier: 'newer', userVerifyUrl: 'https://u:p@app.example/' };
    await failure(sdk.actions.getAuthorizationLink(badUrl));
    expect((await sdk.actions.listConnectedAccounts({})).totalSize).toBe(1);
  });

  it('a link without a reference: invalid argument', async () => {
    const sdk = await sdkWith();
    const error = await failure(sdk.actions.getAuthorizationLink({ connectionName: 'open' }));
    expect(error).toBeInstanceOf(ScalekitBadRequestException);
  });

  it('an account id of another connection is not found', async () => {
    const sandbox = await sandboxWith(config({ accounts: [{ connection: 'open', identifier: 'u' }] }));
    const sdk = await signedInSdk(sandbox);
    const connectedAccountId = sandbox.control.accounts()[0]?.connectedAccountId ?? '';
    const error = await failure(
      sdk.connectedAccounts.getConnectedAccountByIdentifier({ connectedAccountId, connector: 'bearer' }),
    );
    expect(error).toBeInstanceOf(ScalekitNotFoundException);
  });
});

interface DisconnectClient {
  disconnectConnectedAccount(request: { id: string }): Promise<unknown>;
}

interface DetailsClient {
  getConnectedAccountDetails(request: {
    connector: string;
    identifier: string;
  }): Promise<{ connectedAccount?: object }>;
}

describe('seeded accounts', () => {
  it('are ACTIVE with credentials, PENDING_AUTH without, or as the config says', async () => {
    const sandbox = await sandboxWith(
      config({
        accounts: [
          { connection: 'bearer', identifier: 'a', credentials: { token: 't' } },
          { connection: 'bearer', identifier: 'b' },
          { connection: 'bearer', identifier: 'c', status: 'EXPIRED', credentials: { token: 't' } },
          { connection: 'open', identifier: 'a' },
          { connection: 'oauth', identifier: 'a', credentials: { access_token: 't', expires_in: 60 } },
        ],
      }),
    );
    const statuses = sandbox.control
      .accounts()
      .map((one) => `${one.connectionName} ${one.identifier} ${one.status}`);
    expect(statuses).toEqual([
      'bearer a ACTIVE',
      'bearer b PENDING_AUTH',
      'bearer c EXPIRED',
      'open a ACTIVE',
      'oauth a ACTIVE',
    ]);
  });

  it('control changes a status, and throws for an account that is not there', async () => {
    const sandbox = await sandboxWith(config({ accounts: [{ connection: 'open', identifier: 'a' }] }));
    sandbox.control.setAccountStatus('open', 'a', 'PENDING_VERIFICATION');
    expect(sandbox.control.accounts()[0]?.status).toBe('PENDING_VERIFICATION');
    expect(() => sandbox.control.setAccountStatus('open', 'b', 'ACTIVE')).toThrow(
      'there is no connected account b on open',
    );
  });
});
