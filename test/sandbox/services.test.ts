import { create } from '@bufbuild/protobuf';
import { Code, ConnectError, createClient, type Transport } from '@connectrpc/connect';
import { createGrpcTransport } from '@connectrpc/connect-node';
import { ConnectedAccountService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import { ConnectionService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js';
import { ErrorInfoSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/errdetails/errdetails_pb.js';
import { OrganizationService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/organizations/organizations_pb.js';
import { ToolSchema, ToolService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tools/tools_pb.js';
import { describe, expect, it } from 'vitest';
import type { SandboxConfig } from '../../src/sandbox/config/types.ts';
import type { Sandbox } from '../../src/sandbox/start.ts';
import { accessToken, connector, sandboxWith, sdkOf, signedInSdk } from './support/sandbox.ts';

const CONFIG: SandboxConfig = {
  connectors: [connector({ display_name: 'Notes' })],
  connections: [
    { name: 'notes', connector: 'notes' },
    { name: 'more-notes', connector: 'notes' },
  ],
  accounts: [
    { connection: 'notes', identifier: 'user_1', credentials: { token: 'hidden' } },
    { connection: 'more-notes', identifier: 'user_2' },
  ],
};

/** gRPC without the SDK around it: what its client classes have no method for. */
async function transportOf(sandbox: Sandbox): Promise<Transport> {
  const authorization = `Bearer ${await accessToken(sandbox)}`;
  return createGrpcTransport({
    baseUrl: sandbox.url,
    interceptors: [
      (next) => (request) => {
        request.header.set('authorization', authorization);
        return next(request);
      },
    ],
  });
}

async function failure(call: Promise<unknown>): Promise<ConnectError> {
  const error: unknown = await call.then(
    () => 'no error',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(ConnectError);
  return error as ConnectError;
}

describe('SearchConnectedAccounts', () => {
  it.each([
    ['an identifier, whatever its case', { query: 'USER_2' }, ['user_2']],
    ['a connection', { query: 'more-' }, ['user_2']],
    ['a provider', { query: 'notes' }, ['user_1', 'user_2']],
    ['nothing', { query: 'nobody' }, []],
  ])('finds %s', async (_what, request, identifiers) => {
    const client = createClient(ConnectedAccountService, await transportOf(await sandboxWith(CONFIG)));
    const { connectedAccounts, totalSize } = await client.searchConnectedAccounts(request);
    expect(connectedAccounts.map(({ identifier }) => identifier)).toEqual(identifiers);
    expect(totalSize).toBe(identifiers.length);
  });

  it('its tokens are not those of the list', async () => {
    const client = createClient(ConnectedAccountService, await transportOf(await sandboxWith(CONFIG)));
    const { nextPageToken } = await client.searchConnectedAccounts({ query: 'user', pageSize: 1 });
    const next = await client.searchConnectedAccounts({
      query: 'user',
      pageSize: 1,
      pageToken: nextPageToken,
    });
    expect(next.connectedAccounts[0]?.identifier).toBe('user_2');
    const error = await failure(client.listConnectedAccounts({ pageToken: nextPageToken }));
    expect(error.rawMessage).toBe('invalid page token');
  });

  it.each([
    [{ query: 'ab' }, 'query: must have at least 3 characters'],
    [{}, 'query: is required'],
    [{ query: 'abc', pageSize: 31 }, 'page_size: must be between 0 and 30'],
  ])('refuses %j', async (request, message) => {
    const client = createClient(ConnectedAccountService, await transportOf(await sandboxWith(CONFIG)));
    const error = await failure(client.searchConnectedAccounts(request));
    expect([error.code, error.rawMessage]).toEqual([Code.InvalidArgument, message]);
  });
});

describe('GetConnectedAccount', () => {
  it('by id, without credentials', async () => {
    const sandbox = await sandboxWith(CONFIG);
    const client = createClient(ConnectedAccountService, await transportOf(sandbox));
    const id = sandbox.control.accounts()[0]?.connectedAccountId ?? '';
    const { connectedAccount } = await client.getConnectedAccount({ id });
    expect(connectedAccount).toMatchObject({ id, identifier: 'user_1', provider: 'notes' });
    expect(connectedAccount?.authorizationDetails).toBeUndefined();
  });

  it('without an id: an environment’s token is bound to no account', async () => {
    const client = createClient(ConnectedAccountService, await transportOf(await sandboxWith(CONFIG)));
    const calls = [() => client.getConnectedAccount({}), () => client.disconnectConnectedAccount({})];
    for (const call of calls) {
      const error = await failure(call());
      expect(error.code).toBe(Code.InvalidArgument);
      expect(error.rawMessage).toContain('not bound to a connected account');
    }
  });
});

describe('accounts of an organization or user', () => {
  it('are found by them, and by no other', async () => {
    const sdk = await signedInSdk(await sandboxWith({ ...CONFIG, accounts: [] }));
    const account = { connectionName: 'notes', identifier: 'user_1' };
    const { connectedAccount } = await sdk.actions.getOrCreateConnectedAccount({
      ...account,
      organizationId: 'org_1',
      userId: 'usr_1',
    });
    await sdk.actions.getOrCreateConnectedAccount({ connectionName: 'notes', identifier: 'user_2' });
    const listed = async (filter: object) =>
      (await sdk.actions.listConnectedAccounts(filter)).connectedAccounts.map(({ identifier }) => identifier);
    expect(await listed({ organizationId: 'org_1' })).toEqual(['user_1']);
    expect(await listed({ userId: 'usr_1', identifier: 'user_1' })).toEqual(['user_1']);
    expect(await listed({ organizationId: 'org_2' })).toEqual([]);
    expect(await listed({ organizationId: 'org_1', userId: 'usr_2' })).toEqual([]);
    expect(await listed({})).toEqual(['user_1', 'user_2']);

    const same = await sdk.actions.getConnectedAccount({ ...account, organizationId: 'org_1' });
    expect(same.connectedAccount?.id).toBe(connectedAccount?.id);
    await expect(sdk.actions.getConnectedAccount({ ...account, organizationId: 'org_2' })).rejects.toThrow(
      'is of another organization or user',
    );
  });
});

describe('what is not emulated', () => {
  it.each<[string, (transport: Transport) => Promise<unknown>]>([
    [
      'scalekit.v1.tools.ToolService/CreateTool',
      (transport) =>
        createClient(ToolService, transport).createTool({ tool: create(ToolSchema, { definition: {} }) }),
    ],
    [
      'scalekit.v1.connections.ConnectionService/ListConnections',
      (transport) => createClient(ConnectionService, transport).listConnections({}),
    ],
    [
      'scalekit.v1.connected_accounts.ConnectedAccountService/GetRedirectUrl',
      (transport) => createClient(ConnectedAccountService, transport).getRedirectUrl({}),
    ],
  ])('%s', async (name, call) => {
    const error = await failure(call(await transportOf(await sandboxWith(CONFIG))));
    expect([error.code, error.rawMessage]).toEqual([
      Code.Unimplemented,
      `the sandbox does not emulate ${name}`,
    ]);
    expect(error.findDetails(ErrorInfoSchema)).toMatchObject([{ errorCode: 'UNIMPLEMENTED' }]);
  });

  it('a service that it does not have', async () => {
    const client = createClient(OrganizationService, await transportOf(await sandboxWith(CONFIG)));
    const error = await failure(client.listOrganization({}));
    expect([error.code, error.rawMessage]).toEqual([
      Code.Unimplemented,
      'the sandbox does not emulate scalekit.v1.organizations.OrganizationService/ListOrganization',
    ]);
  });
});

describe('rules of fields that have no presence', () => {
  it('an empty text is held to them as well', async () => {
    const sdk = sdkOf(await sandboxWith(CONFIG));
    await sdk.actions.listConnections();
    const client = (sdk.connectedAccounts as unknown as { client: VerifyClient }).client;
    const error = await failure(client.verifyConnectedAccountUser({ authRequestId: '', identifier: 'u' }));
    expect(error.rawMessage).toBe('auth_request_id: must not be empty');
  });
});

interface VerifyClient {
  verifyConnectedAccountUser(request: { authRequestId: string; identifier: string }): Promise<unknown>;
}
