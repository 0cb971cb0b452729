import { createServer } from 'node:http';
import { Server } from '@modelcontextprotocol/sdk/server/index.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import { CallToolRequestSchema, ListToolsRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import { startSandbox } from '../../dist/sandbox.js';

/** A sandbox with a REST API (`rest`), an MCP server (`mcp`) and one with 2,000 tools (`many`), each with an ACTIVE account. */
export async function startStage() {
  const rest = await listen((_request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ customers: [{ id: 1, name: 'Ada' }] }));
  });
  const mcp = await listen(mcpHandler(5));
  const many = await listen(mcpHandler(2000));
  const sandbox = await startSandbox({
    config: {
      connectors: [
        connector('Rest', rest.url, {
          type: 'BEARER',
          fields: [{ field_name: 'token', label: 'Token', required: true }],
        }),
        connector('Mcp', `${mcp.url}/mcp`, { type: 'NO_AUTH', is_mcp: true }),
        connector('Many', `${many.url}/mcp`, { type: 'NO_AUTH', is_mcp: true }),
      ],
      connections: ['rest', 'mcp', 'many'].map((name) => ({ name, connector: name })),
      accounts: [
        { connection: 'rest', identifier: 'user_123', credentials: { token: 'bench-token' } },
        { connection: 'mcp', identifier: 'user_123', status: 'ACTIVE' },
        { connection: 'many', identifier: 'user_123', status: 'ACTIVE' },
      ],
    },
  });
  return {
    env: sandbox.env,
    close: () => Promise.all([sandbox.close(), rest.close(), mcp.close(), many.close()]),
  };
}

function connector(displayName, proxyUrl, pattern) {
  return {
    display_name: displayName,
    description: `The ${displayName} of the benchmark`,
    proxy_url: proxyUrl,
    proxy_enabled: true,
    auth_patterns: [{ display_name: pattern.type, description: pattern.type, ...pattern }],
  };
}

function mcpHandler(count) {
  const tools = Array.from({ length: count }, (_, index) => ({
    name: index === 0 ? 'echo' : `tool_${index}`,
    description: `Tool number ${index}, with a description of about the usual length for one.`,
    inputSchema: {
      type: 'object',
      properties: { text: { type: 'string', description: 'What to say' }, times: { type: 'integer' } },
      required: ['text'],
    },
  }));
  return async (request, response) => {
    const server = new Server({ name: 'bench', version: '1.0.0' }, { capabilities: { tools: {} } });
    server.setRequestHandler(ListToolsRequestSchema, () => ({ tools }));
    server.setRequestHandler(CallToolRequestSchema, ({ params }) => ({
      content: [{ type: 'text', text: String(params.arguments?.text) }],
    }));
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: undefined,
      enableJsonResponse: true,
    });
    response.on('close', () => void server.close());
    await server.connect(transport);
    await transport.handleRequest(request, response);
  };
}

async function listen(handler) {
  const server = createServer(handler);
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(resolve);
        server.closeAllConnections();
      }),
  };
}
