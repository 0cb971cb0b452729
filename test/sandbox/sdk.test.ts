import { expect, it } from 'vitest';
import { mcpServer } from './support/mcp-server.ts';
import { connector, sandboxWith, signedInSdk } from './support/sandbox.ts';
import { upstream } from './support/upstream.ts';

it('answers the real SDK: accounts, connections, a proxied call, an MCP tool', async () => {
  const rest = await upstream((request, response) => {
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ url: request.url, authorization: request.headers.authorization }));
  });
  const mcp = await mcpServer();
  const sandbox = await sandboxWith({
    connectors: [
      connector({ display_name: 'Rest', proxy_url: rest }),
      connector({
        display_name: 'Mcp',
        proxy_url: mcp,
        auth_patterns: [{ type: 'NO_AUTH', is_mcp: true }],
      }),
    ],
    connections: [
      { name: 'rest-one', connector: 'rest' },
      { name: 'mcp-one', connector: 'mcp' },
    ],
  });
  const sdk = await signedInSdk(sandbox);

  const created = await sdk.actions.createConnectedAccount({
    connectionName: 'rest-one',
    identifier: 'user_1',
    authorizationDetails: {
      details: { case: 'staticAuth', value: { details: { token: 's3cret' } } },
    } as never,
  });
  expect(created.connectedAccount?.status).toBe(1);
  const answer = await sdk.actions.request({
    connectionName: 'rest-one',
    identifier: 'user_1',
    path: '/v1/a?b=c',
  });
  expect(answer.data).toEqual({ url: '/v1/a?b=c', authorization: 'Bearer s3cret' });

  await sdk.actions.getOrCreateConnectedAccount({ connectionName: 'mcp-one', identifier: 'user_1' });
  const listed = await sdk.actions.listConnectedAccounts({});
  expect(listed.connectedAccounts.map((account) => account.connector)).toEqual(['rest-one', 'mcp-one']);
  const tools = await sdk.tools.listScopedTools('user_1', {
    filter: { connectionNames: ['mcp-one'] },
  });
  expect(tools.tools.map((one) => one.tool?.definition?.['name'])).toEqual([
    'c-mcp-one_add',
    'c-mcp-one_fail',
  ]);
  const result = await sdk.actions.executeTool({
    toolName: 'c-mcp-one_add',
    connector: 'mcp-one',
    identifier: 'user_1',
    toolInput: { a: 1, b: 2 },
  });
  expect(result.data).toEqual({ content: [{ type: 'text', text: '3' }], structuredContent: { sum: 3 } });
  const link = await sdk.actions.getAuthorizationLink({ connectionName: 'rest-one', identifier: 'user_1' });
  expect(link.link).toContain(sandbox.url);
});
