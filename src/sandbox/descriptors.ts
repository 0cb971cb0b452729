/**
 * The SDK's own descriptors, so that the sandbox speaks exactly what the SDK sends. The `_pb.js` files
 * are CommonJS; each export is assigned by name, which is what Node's and rolldown's interop read.
 */
export {
  type AuthorizationDetails,
  AuthorizationDetailsSchema,
  type ConnectedAccount,
  type ConnectedAccountForList,
  ConnectedAccountForListSchema,
  ConnectedAccountSchema,
  ConnectedAccountService,
  ConnectorStatus,
  ConnectorType,
  type CreateConnectedAccount,
  type CreateConnectedAccountRequest,
  type ListConnectedAccountsRequest,
  type SearchConnectedAccountsRequest,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
export {
  ConnectionProvider,
  ConnectionService,
  ConnectionStatus,
  ConnectionType,
  type ListConnection,
  ListConnectionSchema,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js';
export { ErrorInfoSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/errdetails/errdetails_pb.js';
export {
  ScopedToolSchema,
  type Tool,
  ToolSchema,
  ToolService,
} from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tools/tools_pb.js';
