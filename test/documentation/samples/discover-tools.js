// https://docs.scalekit.com, "Making tool calls", Discover available tools: unchanged but for the names.
import { ScalekitClient } from '@scalekit-sdk/node';
import 'dotenv/config';

const scalekit = new ScalekitClient(
  process.env.SCALEKIT_ENV_URL,
  process.env.SCALEKIT_CLIENT_ID,
  process.env.SCALEKIT_CLIENT_SECRET,
);

const connectionName = 'docs-mcp'; // connection name from Scalekit Dashboard
const identifier = 'user_123'; // your unique user identifier

const scoped = await scalekit.tools.listScopedTools(identifier, {
  filter: { connectionNames: [connectionName] },
  pageSize: 100,
});

const toolNames = scoped.tools?.map((st) => st.tool?.definition?.name) ?? [];
console.log('Available tools:', toolNames);
