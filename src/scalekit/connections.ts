import { allPages, type Page } from './pages.ts';
import type { CoreClient, GrpcConnect } from './sdk.ts';
import { loadConnectionsSdk } from './sdk.ts';
import { isoTime } from './timestamps.ts';

/** A connection of the environment. */
export interface Connection {
  connectionName: string;
  connectionId: string;
  provider: string;
  /** `OAUTH`, `API_KEY`, `BASIC`, `BEARER`, `NO_AUTH`, … */
  type: string;
  status: string;
  enabled: boolean;
  createdAt: string | null;
}

export interface Connections {
  list(): AsyncGenerator<Page<Connection>>;
}

/** The most that Scalekit gives at once. */
const PAGE_SIZE = 30;

export async function createConnections(grpc: GrpcConnect, core: CoreClient): Promise<Connections> {
  const sdk = await loadConnectionsSdk();
  const client = new sdk.ConnectionClient(grpc, core);
  return {
    list: () =>
      allPages(async (pageToken) => {
        const answer = await client.listAppConnections({ pageSize: PAGE_SIZE, pageToken });
        const items = answer.connections.map((connection) => ({
          connectionName: connection.keyId,
          connectionId: connection.id,
          provider: connection.providerKey,
          type: sdk.ConnectionType[connection.type] ?? String(connection.type),
          status: sdk.ConnectionStatus[connection.status] ?? String(connection.status),
          enabled: connection.enabled,
          createdAt: isoTime(connection.createdAt),
        }));
        return { ...answer, items };
      }),
  };
}
