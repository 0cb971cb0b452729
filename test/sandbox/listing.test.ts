import { create } from '@bufbuild/protobuf';
import { ScalekitBadRequestException, type ScalekitClient } from '@scalekit-sdk/node';
import { ListConnectedAccountsRequestSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import { describe, expect, it } from 'vitest';
import type { SandboxConfig } from '../../src/sandbox/config/types.ts';
import { pageOfAccounts } from '../../src/sandbox/grpc/list-accounts.ts';
import { createPageTokens, listingScope } from '../../src/sandbox/grpc/pages.ts';
import { createAccountStore } from '../../src/sandbox/state/accounts.ts';
import { createChanges } from '../../src/sandbox/state/changes.ts';
import { createConnectionStore } from '../../src/sandbox/state/connections.ts';
import { createConnectorStore } from '../../src/sandbox/state/connectors.ts';
import { connector, sandboxWith, signedInSdk } from './support/sandbox.ts';

/** 60 users on `one`, every third of them on `two` as well. */
function config(users = 60): SandboxConfig {
  const identifiers = Array.from({ length: users }, (_unused, index) => `user_${index}`);
  return {
    connectors: [connector({ display_name: 'One' }), connector({ display_name: 'Two' })],
    connections: [
      { name: 'one', connector: 'one' },
      { name: 'two', connector: 'two' },
    ],
    accounts: [
      ...identifiers.map((identifier) => ({ connection: 'one', identifier })),
      ...identifiers
        .filter((_one, index) => index % 3 === 0)
        .map((identifier) => ({ connection: 'two', identifier })),
    ],
  };
}

type ListParameters = NonNullable<Parameters<ScalekitClient['actions']['listConnectedAccounts']>[0]>;

async function listAll(sdk: ScalekitClient, filter: ListParameters): Promise<string[][]> {
  const pages: string[][] = [];
  let pageToken = '';
  do {
    const page = await sdk.actions.listConnectedAccounts({ ...filter, pageToken });
    pages.push(page.connectedAccounts.map((account) => `${account.connector}/${account.identifier}`));
    pageToken = page.nextPageToken;
  } while (pageToken !== '');
  return pages;
}

describe('listConnectedAccounts', () => {
  it.each([
    ['everything', {}, 80],
    ['by connection', { connectionName: 'two' }, 20],
    ['by connections', { connectionNames: ['one', 'two'] }, 80],
    ['by one of connectionNames', { connectionNames: ['two'] }, 20],
    ['by identifier', { identifier: 'user_3' }, 2],
    ['by connection and identifier', { connectionNames: ['one'], identifier: 'user_3' }, 1],
    ['by provider', { provider: 'two' }, 20],
    ['by query', { query: 'USER_1' }, 14],
    ['by a connection that is not there', { connectionName: 'three' }, 0],
    ['by an identifier that is not there', { identifier: 'nobody' }, 0],
  ])('%s: all pages together are what matches, each once', async (_what, filter, expected) => {
    const sdk = await signedInSdk(await sandboxWith(config()));
    const pages = await listAll(sdk, { ...filter, pageSize: 7 });
    expect(pages.flat()).toHaveLength(expected);
    expect(new Set(pages.flat()).size).toBe(expected);
    expect(pages.slice(0, -1).every((page) => page.length === 7)).toBe(true);
    const first = await sdk.actions.listConnectedAccounts(filter);
    expect(first.totalSize).toBe(expected);
  });

  it.each([
    [0, 10],
    [undefined, 10],
    [1, 1],
    [100, 80],
  ])('a page size of %s gives %s', async (pageSize, expected) => {
    const sdk = await signedInSdk(await sandboxWith(config()));
    const page = await sdk.actions.listConnectedAccounts(pageSize === undefined ? {} : { pageSize });
    expect(page.connectedAccounts).toHaveLength(expected);
  });

  it('a last page that is full is the last one', async () => {
    const sdk = await signedInSdk(await sandboxWith(config()));
    const page = await sdk.actions.listConnectedAccounts({ connectionName: 'two', pageSize: 20 });
    expect([page.connectedAccounts.length, page.nextPageToken]).toEqual([20, '']);
  });

  it('goes back as it went forth', async () => {
    const sdk = await signedInSdk(await sandboxWith(config()));
    const first = await sdk.actions.listConnectedAccounts({ pageSize: 30 });
    const second = await sdk.actions.listConnectedAccounts({ pageSize: 30, pageToken: first.nextPageToken });
    const back = await sdk.actions.listConnectedAccounts({ pageSize: 30, pageToken: second.prevPageToken });
    expect(back.connectedAccounts).toEqual(first.connectedAccounts);
    expect(first.prevPageToken).toBe('');
  });

  it('a page is not moved by accounts that go while somebody pages', async () => {
    const sdk = await signedInSdk(await sandboxWith(config()));
    const first = await sdk.actions.listConnectedAccounts({ connectionName: 'one', pageSize: 20 });
    for (const { id } of first.connectedAccounts) {
      await sdk.actions.deleteConnectedAccount({ connectedAccountId: id });
    }
    const second = await sdk.actions.listConnectedAccounts({
      connectionName: 'one',
      pageSize: 20,
      pageToken: first.nextPageToken,
    });
    expect(second.connectedAccounts[0]?.identifier).toBe('user_20');
  });

  it('carries no credentials', async () => {
    const accounts = [{ connection: 'one', identifier: 'u', credentials: { token: 'hidden' } }];
    const sdk = await signedInSdk(await sandboxWith({ ...config(0), accounts }));
    const listed = await sdk.actions.listConnectedAccounts({});
    expect(Object.keys(listed.connectedAccounts[0] ?? {})).not.toContain('authorizationDetails');
    expect(listed.connectedAccounts[0]?.status).toBe(1);
  });

  it.each([
    ['a page of 101', { pageSize: 101 }, 'page_size: must be between 0 and 100'],
    ['a token of no listing', { pageToken: 'bm9uc2Vuc2U' }, 'invalid page token'],
    [
      '21 connection names',
      { connectionNames: Array.from({ length: 21 }, (_one, index) => `c${index}`) },
      'at most 20',
    ],
    [
      'both ways to name connections',
      { connectionName: 'one', connectionNames: ['two'] },
      'cannot be given together',
    ],
  ])('%s: refused', async (_what, filter, message) => {
    const sdk = await signedInSdk(await sandboxWith(config()));
    const call = sdk.actions.listConnectedAccounts(filter);
    await expect(call).rejects.toBeInstanceOf(ScalekitBadRequestException);
    await expect(call).rejects.toThrow(message);
  });

  it('a token of another listing, of another sandbox, or with a bit changed: refused', async () => {
    const [sdk, other] = [
      await signedInSdk(await sandboxWith(config())),
      await signedInSdk(await sandboxWith(config())),
    ];
    const { nextPageToken } = await sdk.actions.listConnectedAccounts({ connectionName: 'one' });
    expect(nextPageToken.length).toBeLessThanOrEqual(32);
    const changed = (nextPageToken.startsWith('A') ? 'B' : 'A') + nextPageToken.slice(1);
    const refused = [
      sdk.actions.listConnectedAccounts({ connectionName: 'two', pageToken: nextPageToken }),
      sdk.actions.listConnectedAccounts({ connectionName: 'one', pageToken: changed }),
      sdk.actions.listConnections({ pageToken: nextPageToken }),
      other.actions.listConnectedAccounts({ connectionName: 'one', pageToken: nextPageToken }),
    ];
    for (const call of refused) {
      await expect(call).rejects.toMatchObject({ message: expect.stringContaining('invalid page token') });
    }
  });

  it('the last page of 20,000 accounts is found in as few steps as the first', () => {
    const changes = createChanges();
    const connectors = createConnectorStore(() => 0, changes);
    connectors.create(connector({ display_name: 'One' }));
    const connections = createConnectionStore(connectors, () => 0, changes);
    const connection = connections.create({ name: 'one', connector: 'one' });
    const store = createAccountStore(() => 0, changes);
    for (let index = 0; index < 20_000; index += 1) {
      const credentials = { kind: 'none' as const };
      const identifier = `user_${index}`;
      store.create({ connection, identifier, status: 'PENDING_AUTH', credentials, apiConfig: {} });
    }
    let looks = 0;
    const counted = new Proxy(store.all(), {
      get(list, key, receiver): unknown {
        if (typeof key === 'string' && /^\d+$/.test(key)) looks += 1;
        return Reflect.get(list, key, receiver);
      },
    });
    const tokens = createPageTokens();
    const pageAt = (pageToken: string) => {
      looks = 0;
      const request = create(ListConnectedAccountsRequestSchema, { pageSize: 100, pageToken });
      return pageOfAccounts({ ...store, all: () => counted }, tokens, request);
    };
    const scope = listingScope('accounts', [[], '', '', '', '', '']);
    const last = pageAt(tokens.encode(19_900, scope));
    expect(last.accounts.at(-1)?.identifier).toBe('user_19999');
    expect(last.nextPageToken).toBe('');
    expect(looks).toBeLessThan(150);
    expect(pageAt('').accounts[0]?.identifier).toBe('user_0');
    expect(looks).toBeLessThan(150);
  });
});

describe('listAppConnections', () => {
  const many: SandboxConfig = {
    connectors: [connector({ display_name: 'One' }), connector({ display_name: 'Two' })],
    connections: Array.from({ length: 65 }, (_unused, index) => ({
      name: `connection-${index}`,
      connector: index % 2 === 0 ? 'one' : 'two',
    })),
  };

  it('pages, filters, and says what the SDK shows', async () => {
    const sdk = await signedInSdk(await sandboxWith(many));
    const first = await sdk.actions.listConnections({ pageSize: 30 });
    const second = await sdk.actions.listConnections({ pageSize: 30, pageToken: first.nextPageToken });
    const third = await sdk.actions.listConnections({ pageSize: 30, pageToken: second.nextPageToken });
    expect([first, second, third].map((page) => page.connections.length)).toEqual([30, 30, 5]);
    expect([first.totalSize, third.nextPageToken]).toEqual([65, '']);
    expect(first.connections[0]).toMatchObject({
      id: expect.stringMatching(/^conn_\d+$/),
      connectionName: 'connection-0',
      provider: 'one',
      type: 'BEARER',
      status: 'COMPLETED',
      enabled: true,
    });
    expect((await sdk.actions.listConnections({ provider: 'two' })).totalSize).toBe(32);
  });

  it('a page of more than 30: refused', async () => {
    const sdk = await signedInSdk(await sandboxWith(many));
    await expect(sdk.actions.listConnections({ pageSize: 31 })).rejects.toThrow(
      'page_size: must be between 0 and 30',
    );
  });
});
