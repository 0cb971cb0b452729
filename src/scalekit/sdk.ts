/**
 * The one place that imports @scalekit-sdk/node, and the only one that knows its inner files.
 *
 * The package's root costs some 100 ms that no command needs, so its classes are composed here from
 * `lib/`. What is not needed by every call is loaded when it is first used. The SDK is pinned to one
 * exact version, and test/scalekit/sdk-shape.test.ts fails when its inner shape changes.
 */
import connectModule from '@scalekit-sdk/node/lib/connect.js';
import coreModule from '@scalekit-sdk/node/lib/core.js';

export { ErrorInfoSchema } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/errdetails/errdetails_pb.js';

export const CoreClient = coreModule.default;
export type CoreClient = InstanceType<typeof CoreClient>;

export const GrpcConnect = connectModule.default;
export type GrpcConnect = InstanceType<typeof GrpcConnect>;

export async function loadAccountsSdk() {
  const [client, messages] = await Promise.all([
    import('@scalekit-sdk/node/lib/connected-accounts.js'),
    import('@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js'),
  ]);
  return {
    ConnectedAccountsClient: client.default.default,
    ConnectedAccountService: messages.ConnectedAccountService,
    GetConnectedAccountByIdentifierRequestSchema: messages.GetConnectedAccountByIdentifierRequestSchema,
    ConnectorStatus: messages.ConnectorStatus,
    ConnectorType: messages.ConnectorType,
    AuthorizationDetailsSchema: messages.AuthorizationDetailsSchema,
    CreateConnectedAccountSchema: messages.CreateConnectedAccountSchema,
    UpdateConnectedAccountSchema: messages.UpdateConnectedAccountSchema,
  };
}

export async function loadToolsSdk() {
  const client = await import('@scalekit-sdk/node/lib/tools.js');
  return { ToolsClient: client.default.default };
}

export async function loadConnectionsSdk() {
  const [client, messages] = await Promise.all([
    import('@scalekit-sdk/node/lib/connection.js'),
    import('@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connections/connections_pb.js'),
  ]);
  return {
    ConnectionClient: client.default.default,
    ConnectionType: messages.ConnectionType,
    ConnectionStatus: messages.ConnectionStatus,
  };
}
