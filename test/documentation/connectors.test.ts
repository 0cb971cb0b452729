import { ConnectorStatus } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import { describe, expect, it } from 'vitest';
import type { AuthPattern, ConnectorDefinition } from '../../src/sandbox/config/types.ts';
import { restOf } from '../sandbox/rest/support.ts';
import { mcpServer } from '../sandbox/support/mcp-server.ts';
import { sandboxWith, sdkOf } from '../sandbox/support/sandbox.ts';
import { upstream } from '../sandbox/support/upstream.ts';

// "Create your own connector", and the skill for it: payloads of the kinds that they show, by the management API, and on to a call.

const PROVIDERS = '/api/v1/custom-providers';
const EMPTY = { connectors: [], connections: [] };

const secret = (field_name: string) => ({
  field_name,
  label: 'Secret',
  hint: 'As your settings show it',
  input_type: 'password' as const,
  required: true,
});

function payload(
  display_name: string,
  pattern: Partial<AuthPattern> & Pick<AuthPattern, 'type'>,
  proxy_url: string,
): ConnectorDefinition {
  const auth_patterns = [{ display_name: 'As they call it', description: 'In a sentence', ...pattern }];
  return { display_name, description: 'What it is for', auth_patterns, proxy_url, proxy_enabled: true };
}

const PAYLOADS: ConnectorDefinition[] = [
  payload(
    'My Boards',
    {
      type: 'OAUTH',
      account_fields: [],
      fields: [],
      oauth_config: {
        authorize_uri: 'https://boards.example/-/oauth_authorize',
        token_uri: 'https://boards.example/-/oauth_token',
        user_info_uri: 'https://boards.example/api/1.0/users/me',
        available_scopes: [
          { scope: 'email', display_name: 'Email', description: 'The address', required: true },
        ],
      },
    },
    'https://boards.example/api',
  ),
  payload('My Search', { type: 'BEARER', fields: [secret('token')] }, 'https://api.search.example'),
  payload(
    'My Desk',
    {
      type: 'BASIC',
      fields: [
        { field_name: 'domain', label: 'Domain', input_type: 'text', hint: 'acme.example', required: true },
        secret('username'),
      ],
      auth_field_mutations: { password: { default: 'X' }, username: { suffix: '/token' } },
    },
    'https://{{domain}}/api',
  ),
  {
    ...payload(
      'My Mailer',
      {
        type: 'API_KEY',
        fields: [secret('api_key')],
        auth_header_key_override: 'x-api-key',
        auth_field_mutations: { api_key: { prefix: 'Mailer-API-Key ' } },
      },
      'https://a.mailer.example',
    ),
    icon_src: 'https://cdn.example.com/icon.svg',
    metadata: { team: 'platform', api_version: 'v2' },
  },
  payload(
    'OAuth MCP',
    { type: 'OAUTH', is_mcp: true, fields: [], oauth_config: { pkce_enabled: true } },
    'https://mcp.example.com/mcp/',
  ),
  payload(
    'Bearer MCP',
    { type: 'BEARER', is_mcp: true, fields: [secret('token')] },
    'https://mcp.example.com',
  ),
  payload(
    'Basic MCP',
    { type: 'BASIC', is_mcp: true, fields: [secret('username'), secret('password')] },
    'https://mcp.example.com',
  ),
  payload(
    'Key MCP',
    { type: 'API_KEY', is_mcp: true, fields: [secret('api_key')] },
    'https://mcp.example.com',
  ),
  payload('Public Docs MCP', { type: 'NO_AUTH', is_mcp: true, fields: [] }, 'https://mcp.example.com'),
];

describe('Create your own connector', () => {
  it.each(PAYLOADS.map((each) => [each.display_name, each] as const))('%s', async (_name, sent) => {
    const sandbox = await sandboxWith(EMPTY);
    const rest = await restOf(sandbox);
    const created = await rest('POST', PROVIDERS, sent);
    expect(created.status, JSON.stringify(created.json)).toBe(201);
    const isMcp = sent.auth_patterns[0]?.is_mcp === true;
    expect(created.json.provider).toMatchObject({ ...sent, is_custom: true, is_custom_mcp: isMcp });
    const listed = await rest('GET', '/api/v1/providers?filter.provider_type=CUSTOM&page_size=1000');
    expect(listed.json.providers).toEqual([created.json.provider]);
  });

  it('the placeholders of the API reference are no connector', async () => {
    const rest = await restOf(await sandboxWith(EMPTY));
    const { status, json } = await rest('POST', PROVIDERS, { ...PAYLOADS[0], auth_patterns: [{}] });
    expect([status, json.message]).toEqual([400, 'auth_patterns[0].type: is required']);
  });

  it('an update reads what is there, sends it back changed, and loses what it leaves out', async () => {
    const sandbox = await sandboxWith(EMPTY);
    const rest = await restOf(sandbox);
    const { identifier } = (await rest('POST', PROVIDERS, PAYLOADS[3])).json.provider;
    const [current] = (await rest('GET', `/api/v1/providers?identifier=${identifier}`)).json.providers;
    const { display_name, proxy_url, auth_patterns, metadata } = current;
    const kept = { display_name, proxy_url, auth_patterns, metadata: { ...metadata, updated_by: 'me' } };
    const { status, json } = await rest('PUT', `${PROVIDERS}/${identifier}`, kept);
    expect(status).toBe(200);
    expect(json.provider).toMatchObject({ ...kept, description: '', icon_src: '', proxy_enabled: false });
  });
});

describe('From a connector to a call, and back', () => {
  it('a public MCP server: nothing to authorize, tools at once; what is in use stays', async () => {
    const sandbox = await sandboxWith(EMPTY);
    const rest = await restOf(sandbox);
    const { identifier: provider } = (
      await rest('POST', PROVIDERS, { ...PAYLOADS.at(-1), proxy_url: await mcpServer() })
    ).json.provider;
    sandbox.control.addConnection({ name: 'publicdocsmcp', connector: provider });
    const sdk = sdkOf(sandbox);
    const user = { connectionName: 'publicdocsmcp', identifier: 'user_123' };
    const authorizationDetails = { details: { case: undefined } } as never;
    const { connectedAccount } = await sdk.actions.createConnectedAccount({ ...user, authorizationDetails });
    expect(connectedAccount?.status).toBe(ConnectorStatus.ACTIVE);

    const scoped = await sdk.tools.listScopedTools('user_123', {
      filter: { connectionNames: ['publicdocsmcp'] },
      pageSize: 100,
    });
    expect(scoped.tools.map(({ tool }) => tool?.definition?.['name'])).toContain('c-publicdocsmcp_add');
    const toolInput = { a: 1, b: 2 };
    const { data } = await sdk.actions.executeTool({
      toolName: 'c-publicdocsmcp_add',
      connector: 'publicdocsmcp',
      identifier: 'user_123',
      toolInput,
    });
    expect(data).toMatchObject({ structuredContent: { sum: 3 } });

    await sdk.actions.deleteConnectedAccount(user);
    expect((await rest('DELETE', `${PROVIDERS}/${provider}`)).status).toBe(403);
    sandbox.control.removeConnection('publicdocsmcp');
    expect((await rest('DELETE', `${PROVIDERS}/${provider}`)).status).toBe(200);
  });

  it("a connector's quickstart: the link of somebody new, then the call", async () => {
    const mailer = await upstream((request, response) => {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ key: request.headers['x-api-key'] }));
    });
    const sandbox = await sandboxWith(EMPTY);
    const rest = await restOf(sandbox);
    const { json } = await rest('POST', PROVIDERS, { ...PAYLOADS[3], proxy_url: mailer });
    sandbox.control.addConnection({ name: 'mymailer', connector: json.provider.identifier });

    const { actions } = sdkOf(sandbox);
    const [connectionName, identifier] = ['mymailer', 'user_123'];
    const { link } = await actions.getAuthorizationLink({ connectionName, identifier });
    await sandbox.control.approveLink(link, { api_key: 'k1' });
    const result = await actions.request({ connectionName, identifier, path: '/v1/me', method: 'GET' });
    expect(result.data).toEqual({ key: 'Mailer-API-Key k1' });
  });
});
