import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import {
  ConnectionStatus,
  ConnectionType,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js';
import { describe, expect, it } from 'vitest';
import { gather } from '../../src/scalekit/pages.ts';
import { clientOf, failureOf } from './client.ts';
import { scriptedServer } from './scripted-server.ts';

const at = timestampFromDate(new Date('2030-01-02T03:04:05.678Z'));
const AT = '2030-01-02T03:04:05.678Z';

/** A number that a later version of Scalekit may send. */
const unknownTo = <Enum>(value: number): Enum => value as Enum;

describe('connections', () => {
  it('come from all pages, with names for what Scalekit numbers', async () => {
    const server = await scriptedServer({
      connections: {
        listAppConnections: ({ pageToken, pageSize }) =>
          pageToken === ''
            ? {
                connections: [
                  {
                    keyId: 'crm',
                    id: 'conn_1',
                    providerKey: 'HUBSPOT',
                    type: ConnectionType.OAUTH,
                    status: ConnectionStatus.COMPLETED,
                    enabled: true,
                    createdAt: at,
                  },
                ],
                nextPageToken: String(pageSize),
                totalSize: 2,
              }
            : {
                connections: [
                  {
                    keyId: pageToken,
                    type: unknownTo<ConnectionType>(97),
                    status: unknownTo<ConnectionStatus>(98),
                  },
                ],
                totalSize: 2,
              },
      },
    });
    const connections = await clientOf(server.origin).connections();
    expect(await gather(connections.list())).toEqual({
      totalSize: 2,
      items: [
        {
          connectionName: 'crm',
          connectionId: 'conn_1',
          provider: 'HUBSPOT',
          type: 'OAUTH',
          status: 'COMPLETED',
          enabled: true,
          createdAt: AT,
        },
        {
          connectionName: '30',
          connectionId: '',
          provider: '',
          type: '97',
          status: '98',
          enabled: false,
          createdAt: null,
        },
      ],
    });
  });
});

describe('pages', () => {
  it('that go round in a circle end with an error', async () => {
    const server = await scriptedServer({
      tools: { listTools: ({ pageToken }) => ({ nextPageToken: pageToken === 'a' ? 'b' : 'a' }) },
    });
    const tools = await clientOf(server.origin).tools();
    expect(await failureOf(gather(tools.catalog({})))).toMatchObject({
      kind: 'upstream',
      code: 'scalekit_error',
    });
    expect(server.count('ListTools')).toBe(3);
  });

  it('that miscount are counted', async () => {
    const server = await scriptedServer({ tools: { listTools: () => ({ tools: [{}, {}], totalSize: 1 }) } });
    const tools = await clientOf(server.origin).tools();
    expect(await gather(tools.catalog({}))).toMatchObject({ totalSize: 2 });
  });
});
