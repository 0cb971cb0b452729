// A sandbox whose connections lead to MCP servers with `one` tool, a `page` of 100 and `many`, 16,000, in a process of its own.
import { createServer } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { ScalekitClient } from '@scalekit-sdk/node';
import { startSandbox } from '../../../dist/sandbox.js';

const COUNTS = { one: 1, page: 100, many: 16_000 };
const names = Object.keys(COUNTS);
const urls = await Promise.all(Object.values(COUNTS).map((count) => listen(mcpHandler(count))));

const sandbox = await startSandbox({
  config: {
    connectors: names.map((name, index) => ({
      display_name: name,
      proxy_url: `${urls[index]}/mcp`,
      proxy_enabled: true,
      auth_patterns: [{ type: 'NO_AUTH', is_mcp: true }],
    })),
    connections: names.map((name) => ({ name, connector: name })),
    accounts: names.map((connection) => ({ connection, identifier: 'user_123', status: 'ACTIVE' })),
  },
});
const { SCALEKIT_ENV_URL, SCALEKIT_CLIENT_ID, SCALEKIT_CLIENT_SECRET } = sandbox.env;
const scalekit = new ScalekitClient(SCALEKIT_ENV_URL, SCALEKIT_CLIENT_ID, SCALEKIT_CLIENT_SECRET);
process.send({ env: sandbox.env });
process.on('message', ({ connection }) => void warm(connection));
process.on('disconnect', () => process.exit());

/** The sandbox then knows the connection's tools. */
async function warm(connection) {
  await scalekit.tools.listScopedTools('user_123', {
    filter: { connectionNames: [connection] },
    pageSize: 1,
  });
  process.send({});
}

function mcpHandler(count) {
  const tools = Array.from({ length: count }, (_, index) => tool(index));
  return async (request, response) => {
    const server = new Server({ name: 'bench', version: '1.0.0' }, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }));
    const transport = new StreamableHTTPServerTransport({ enableJsonResponse: true });
    response.on('close', () => void server.close());
    await server.connect(transport);
    await transport.handleRequest(request, response);
  };
}

/** About 1.5 KB of JSON, as the tools of published servers have. */
function tool(index) {
  const text = (description) => ({ type: 'string', description });
  return {
    name: `list_records_${String(index).padStart(5, '0')}`,
    description: `Lists the records of table ${index} that match a filter, newest first. Use it when the user asks what has changed; for one record by its id use the tool that gets it.`,
    inputSchema: {
      type: 'object',
      properties: {
        workspace_id: { ...text('The id of the workspace, as list_workspaces gives it'), minLength: 1 },
        query: text('What to look for in titles and texts; all words have to be there'),
        status: { ...text('Only records in this state'), enum: ['open', 'in_progress', 'blocked', 'done'] },
        assignee: {
          anyOf: [{ type: 'string', format: 'uuid' }, { type: 'null' }],
          description: 'The id of a person; null for those of nobody',
        },
        labels: {
          type: 'array',
          items: { type: 'string' },
          maxItems: 20,
          description: 'All of these labels',
        },
        updated_since: { ...text('Changed after this moment, in RFC 3339'), format: 'date-time' },
        sort: {
          type: 'object',
          properties: {
            by: { type: 'string', enum: ['created', 'updated', 'priority'] },
            order: { type: 'string', enum: ['asc', 'desc'] },
          },
          required: ['by'],
          additionalProperties: false,
          description: 'In which order',
        },
        limit: { type: 'integer', minimum: 1, maximum: 100, default: 25, description: 'How many at most' },
        cursor: text('Where the last page ended, as its answer said in next_cursor'),
      },
      required: ['workspace_id'],
      additionalProperties: false,
    },
    annotations: { readOnlyHint: true },
  };
}

async function listen(handler) {
  const server = createServer(handler);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${server.address().port}`;
}
