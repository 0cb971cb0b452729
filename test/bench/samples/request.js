// The page's check before a proxy call, then the call: without a call before it, the SDK's first request is Unauthorized.
import { ConnectorStatus } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import { connectionName, identifier, scalekit } from './client.js';

const account = (await scalekit.actions.getOrCreateConnectedAccount({ connectionName, identifier }))
  .connectedAccount;
if (account?.status !== ConnectorStatus.ACTIVE) throw new Error('Connected account is not ACTIVE.');
const result = await scalekit.actions.request({
  connectionName,
  identifier,
  path: '/v1/customers',
  method: 'GET',
});
console.log(result.data);
