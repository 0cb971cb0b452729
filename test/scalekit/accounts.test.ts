import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  ConnectorStatus,
  ConnectorType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import { describe, expect, it } from 'vitest';
import { gather, type Page } from '../../src/scalekit/pages.ts';
import { ACCOUNT, clientOf } from './client.ts';
import { scriptedServer } from './scripted-server.ts';

const at = timestampFromDate(new Date('2030-01-02T03:04:05.678Z'));
const AT = '2030-01-02T03:04:05.678Z';

async function items<T>(pages: AsyncIterable<Page<T>>): Promise<T[]> {
  return (await gather(pages)).items;
}

/** A number that a later version of Scalekit may send. */
const unknownTo = <Enum>(value: number): Enum => value as Enum;

describe('connected accounts', () => {
  const account = {
    connector: 'crm',
    identifier: 'user_1',
    id: 'ca_1',
    provider: 'HUBSPOT',
    status: ConnectorStatus.ACTIVE,
  };

  it('come with every field, and nothing where Scalekit sent none', async () => {
    const times = { tokenExpiresAt: at, updatedAt: at, lastUsedAt: at };
    const server = await scriptedServer({
      accounts: {
        listConnectedAccounts: () => ({
          totalSize: 2,
          connectedAccounts: [
            { ...account, ...times, authorizationType: ConnectorType.OAUTH },
            { connector: 'crm', identifier: 'user_2' },
          ],
        }),
      },
    });
    const accounts = await clientOf(server.origin).accounts();
    const base = {
      connectionName: 'crm',
      identifier: 'user_1',
      connectedAccountId: 'ca_1',
      provider: 'HUBSPOT',
    };
    expect(await items(accounts.list({}))).toEqual([
      {
        ...base,
        status: 'ACTIVE',
        authorizationType: 'OAUTH',
        tokenExpiresAt: AT,
        updatedAt: AT,
        lastUsedAt: AT,
      },
      {
        connectionName: 'crm',
        identifier: 'user_2',
        connectedAccountId: '',
        provider: '',
        status: 'CONNECTION_STATUS_UNSPECIFIED',
        authorizationType: 'CONNECTION_TYPE_UNSPECIFIED',
        tokenExpiresAt: null,
        updatedAt: null,
        lastUsedAt: null,
      },
    ]);
  });

  it('in a state that this version does not know keep its number', async () => {
    const server = await scriptedServer({
      accounts: {
        listConnectedAccounts: () => ({
          connectedAccounts: [
            {
              ...account,
              status: unknownTo<ConnectorStatus>(99),
              authorizationType: unknownTo<ConnectorType>(98),
            },
          ],
        }),
      },
    });
    const accounts = await clientOf(server.origin).accounts();
    expect(await items(accounts.list({}))).toMatchObject([{ status: '99', authorizationType: '98' }]);
  });

  it('come from all pages, and only those asked for, whatever Scalekit’s filters compare', async () => {
    const asked: unknown[] = [];
    const server = await scriptedServer({
      accounts: {
        listConnectedAccounts: ({ identifier, connectionNames, pageToken, pageSize }) => {
          asked.push({ identifier, connectionNames, pageToken, pageSize });
          if (pageToken === '') {
            const others = [
              { ...account, identifier: 'user_10' },
              { ...account, connector: 'crm-test' },
            ];
            return { connectedAccounts: others, nextPageToken: 'p2', totalSize: 3 };
          }
          return { connectedAccounts: [account], totalSize: 3 };
        },
      },
    });
    const accounts = await clientOf(server.origin).accounts();
    expect(await accounts.find(ACCOUNT)).toMatchObject({ connectedAccountId: 'ca_1', identifier: 'user_1' });
    expect(asked).toEqual([
      { identifier: 'user_1', connectionNames: ['crm'], pageToken: '', pageSize: 99 },
      { identifier: 'user_1', connectionNames: ['crm'], pageToken: 'p2', pageSize: 99 },
    ]);
    expect(await accounts.find({ ...ACCOUNT, identifier: 'USER_1' })).toBeUndefined();
  });

  it('are asked for page by page, as they are wanted', async () => {
    const server = await scriptedServer({
      accounts: { listConnectedAccounts: () => ({ connectedAccounts: [account], nextPageToken: 'more' }) },
    });
    const accounts = await clientOf(server.origin).accounts();
    await accounts.find(ACCOUNT);
    expect(server.count('ListConnectedAccounts')).toBe(1);
  });

  it('are created and updated with just what was given', async () => {
    const seen: unknown[] = [];
    const server = await scriptedServer({
      accounts: {
        createConnectedAccount: ({ connector, identifier, connectedAccount }) => {
          seen.push({ connector, identifier, details: connectedAccount?.authorizationDetails?.details });
          return {};
        },
        updateConnectedAccount: ({ connector, identifier, connectedAccount }) => {
          seen.push({ connector, identifier, details: connectedAccount?.authorizationDetails?.details });
          return {};
        },
      },
    });
    const accounts = await clientOf(server.origin).accounts();
    const credentials = { api_key: 'k', port: 8080, secure: true, path_variables: { domain: 'acme' } };
    await accounts.create(ACCOUNT, 'oauth');
    await accounts.create(ACCOUNT, 'static', credentials);
    await accounts.create(ACCOUNT, 'static');
    await accounts.updateCredentials(ACCOUNT, credentials);
    const key = { connector: 'crm', identifier: 'user_1' };
    const staticAuth = (details: object) => ({ case: 'staticAuth', value: { details } });
    expect(seen).toMatchObject([
      { ...key, details: { case: 'oauthToken' } },
      { ...key, details: staticAuth(credentials) },
      { ...key, details: staticAuth({}) },
      { ...key, details: staticAuth(credentials) },
    ]);
  });

  it('get an authorization link and its expiry', async () => {
    const server = await scriptedServer({
      accounts: {
        getMagicLinkForConnectedAccount: ({ connector, identifier }) => ({
          link: `https://l.example/${connector}/${identifier}`,
          expiry: at,
        }),
      },
    });
    const accounts = await clientOf(server.origin).accounts();
    expect(await accounts.authorizationLink(ACCOUNT)).toEqual({
      link: 'https://l.example/crm/user_1',
      expiresAt: AT,
    });
  });
});
