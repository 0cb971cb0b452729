import { layOut } from '../../request/code/literal.ts';
import { syntax } from '../../request/code/typescript.ts';
import type { ToolProgram } from './code.ts';

/** A TypeScript program, an ES module. */
export function typescriptToolProgram({ toolName, connectionName, identifier, input }: ToolProgram): string {
  const place = { margin: '  ', before: '  toolInput: '.length };
  return `import { ScalekitClient } from '@scalekit-sdk/node';
import { ConnectorStatus } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import 'dotenv/config';

const connectionName = ${syntax.string(connectionName)};
const identifier = ${syntax.string(identifier)};

const scalekit = new ScalekitClient(
  process.env.SCALEKIT_ENV_URL!,
  process.env.SCALEKIT_CLIENT_ID!,
  process.env.SCALEKIT_CLIENT_SECRET!,
);
const actions = scalekit.actions;

const { connectedAccount } = await actions.getOrCreateConnectedAccount({
  connectionName,
  identifier,
});

if (connectedAccount?.status !== ConnectorStatus.ACTIVE) {
  throw new Error('Connected account is not ACTIVE. Re-authorize the user.');
}

const { data } = await actions.executeTool({
  toolName: ${syntax.string(toolName)},
  connector: connectionName,
  identifier,
  toolInput: ${layOut(input, syntax, place)},
});
console.log(JSON.stringify(data, null, 2));
`;
}
