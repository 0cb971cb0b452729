// https://docs.scalekit.com, "Making tool calls", executeTool: unchanged but for the names and the client, which the page makes before.
import { ScalekitClient } from '@scalekit-sdk/node';
import 'dotenv/config';

const scalekit = new ScalekitClient(
  process.env.SCALEKIT_ENV_URL,
  process.env.SCALEKIT_CLIENT_ID,
  process.env.SCALEKIT_CLIENT_SECRET,
);

const actions = scalekit.actions;

const result = await actions.executeTool({
  toolName: 'c-docs-mcp_add', // replace with a name from list_scoped_tools
  connector: 'docs-mcp',
  identifier: 'user_123',
  toolInput: { a: 19, b: 23 }, // replace with the tool's required input
});
console.log(result);
