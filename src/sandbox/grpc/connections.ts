import { create } from '@bufbuild/protobuf';
import { timestampFromMs } from '@bufbuild/protobuf/wkt';
import type { ServiceImpl } from '@connectrpc/connect';
import type { AuthType } from '../config/types.ts';
import {
  ConnectionProvider,
  type ConnectionService,
  ConnectionStatus,
  ConnectionType,
  type ListConnection,
  ListConnectionSchema,
} from '../descriptors.ts';
import type { Connection } from '../state/connections.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { listingScope, type PageTokens } from './pages.ts';

const DEFAULT_PAGE_SIZE = 10;

const TYPES: Record<AuthType, ConnectionType> = {
  OAUTH: ConnectionType.OAUTH,
  BASIC: ConnectionType.BASIC,
  BEARER: ConnectionType.BEARER,
  API_KEY: ConnectionType.API_KEY,
  NO_AUTH: ConnectionType.NO_AUTH,
};

export function connectionService(
  state: SandboxState,
  tokens: PageTokens,
): Partial<ServiceImpl<typeof ConnectionService>> {
  return {
    listAppConnections({ provider = '', query = '', pageSize, pageToken }) {
      const scope = listingScope('connections', [provider, query]);
      const size = pageSize || DEFAULT_PAGE_SIZE;
      const matching = [...state.connections.values()].filter(
        ({ name, connector }) =>
          (provider === '' || connector.identifier === provider) &&
          (query === '' || `${name} ${connector.identifier}`.toLowerCase().includes(query.toLowerCase())),
      );
      const start = tokens.decode(pageToken, scope);
      const end = start + size;
      return {
        connections: matching.slice(start, end).map(connectionMessage),
        totalSize: matching.length,
        nextPageToken: end < matching.length ? tokens.encode(end, scope) : '',
        prevPageToken: start > 0 ? tokens.encode(Math.max(0, start - size), scope) : '',
      };
    },
  };
}

function connectionMessage(connection: Connection): ListConnection {
  return create(ListConnectionSchema, {
    id: connection.id,
    keyId: connection.name,
    provider: ConnectionProvider.CUSTOM,
    providerKey: connection.connector.identifier,
    type: TYPES[connection.pattern.type],
    status: ConnectionStatus.COMPLETED,
    enabled: true,
    createdAt: timestampFromMs(connection.createdAt),
    mcpServerUrl: connection.pattern.is_mcp ? connection.connector.definition.proxy_url : '',
  });
}
