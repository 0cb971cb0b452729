import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { mcpServer } from '../support/mcp-server.ts';
import { connector, sandboxWith, sdkOf } from '../support/sandbox.ts';

const run = promisify(execFile);

/** Runs a script with the environment's variables, as they are called in the documentation of the API. */
async function shell(env: Readonly<Record<string, string>>, script: string): Promise<string> {
  const variables = { SCALEKIT_ENVIRONMENT_URL: env['SCALEKIT_ENV_URL'], ...env, PATH: process.env['PATH'] };
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { env: variables });
  return stdout;
}

const TOKEN = `
env_access_token=$(curl --silent --fail-with-body --location "$SCALEKIT_ENVIRONMENT_URL/oauth/token" \\
  --header 'Content-Type: application/x-www-form-urlencoded' \\
  --data-urlencode 'grant_type=client_credentials' \\
  --data-urlencode "client_id=$SCALEKIT_CLIENT_ID" \\
  --data-urlencode "client_secret=$SCALEKIT_CLIENT_SECRET" | jq -r .access_token)
`;

const CONFIG = {
  connectors: [connector({ display_name: 'Notes' })],
  connections: [{ name: 'notes', connector: 'notes' }],
  accounts: [{ connection: 'notes', identifier: 'user_123', credentials: { token: 't' } }],
};

const PAYLOAD = JSON.stringify({
  display_name: 'My Help Desk',
  description: 'Tickets and contacts',
  auth_patterns: [
    {
      type: 'BASIC',
      display_name: 'Basic Auth',
      fields: [
        { field_name: 'domain', label: 'Domain', input_type: 'text', required: true },
        { field_name: 'username', label: 'API Key', input_type: 'text', required: true },
      ],
    },
  ],
  proxy_url: 'https://{{domain}}/api',
  proxy_enabled: true,
});

describe('as the documentation calls it with curl', () => {
  it('a connector of one’s own: create, list, update, delete', async () => {
    const sandbox = await sandboxWith(CONFIG);
    const printed = await shell(
      { ...sandbox.env, PAYLOAD },
      `${TOKEN}
      curl --silent --fail-with-body --location "$SCALEKIT_ENVIRONMENT_URL/api/v1/custom-providers" \\
        --header "Authorization: Bearer $env_access_token" \\
        --header "Content-Type: application/json" \\
        --data "$PAYLOAD" | jq -r .provider.identifier
      curl --silent --fail-with-body --location "$SCALEKIT_ENVIRONMENT_URL/api/v1/providers?filter.provider_type=CUSTOM&page_size=1000" \\
        --header "Authorization: Bearer $env_access_token" | jq -c '[.providers[].identifier]'
      PROVIDER_IDENTIFIER=my-help-desk
      curl --silent --fail-with-body --location --request PUT "$SCALEKIT_ENVIRONMENT_URL/api/v1/custom-providers/$PROVIDER_IDENTIFIER" \\
        --header "Authorization: Bearer $env_access_token" \\
        --header "Content-Type: application/json" \\
        --data "$(jq -n "$PAYLOAD | del(.description)")" | jq -c '[.provider.description, .provider.proxy_enabled]'
      curl --silent --fail-with-body --location --request DELETE "$SCALEKIT_ENVIRONMENT_URL/api/v1/custom-providers/$PROVIDER_IDENTIFIER" \\
        --header "Authorization: Bearer $env_access_token"`,
    );
    expect(printed.split('\n')).toEqual(['my-help-desk', '["notes","my-help-desk"]', '["",true]', '{}']);
  });

  it('accounts, without a content type', async () => {
    const sandbox = await sandboxWith(CONFIG);
    const printed = await shell(
      sandbox.env,
      `${TOKEN}
      curl -s "$SCALEKIT_ENVIRONMENT_URL/api/v1/connected_accounts" -H "Authorization: Bearer $env_access_token" | jq -r '.connected_accounts[0].identifier'
      curl -s -X POST "$SCALEKIT_ENVIRONMENT_URL/api/v1/connected_accounts/magic_link" -H "Authorization: Bearer $env_access_token" \\
        -d '{"connector": "notes", "identifier": "user_123"}' | jq -r .link`,
    );
    expect(printed).toMatch(new RegExp(`^user_123\n${sandbox.url}/\\S+\n$`));
  });

  it('tools: listed, scoped, and executed with either name of their input', async () => {
    const sandbox = await sandboxWith({
      connectors: [
        connector({
          display_name: 'Tools',
          proxy_url: await mcpServer(),
          auth_patterns: [{ type: 'NO_AUTH', is_mcp: true }],
        }),
      ],
      connections: [{ name: 'tools', connector: 'tools' }],
      accounts: [{ connection: 'tools', identifier: 'user_123' }],
    });
    const connectedAccountId = sandbox.control.accounts()[0]?.connectedAccountId ?? '';
    const printed = await shell(
      { ...sandbox.env, connectedAccountId },
      `${TOKEN}
      get() { curl -s "$SCALEKIT_ENVIRONMENT_URL/api/v1/$1" -H "Authorization: Bearer $env_access_token"; }
      execute() { curl -s -X POST "$SCALEKIT_ENVIRONMENT_URL/api/v1/execute_tool" -H "Authorization: Bearer $env_access_token" -H 'Content-Type: application/json' -d "$1"; }
      get 'tools?filter.provider=tools&filter.summary=true' | jq -c .tool_names
      get 'tools/available?identifier=user_123&page_size=1' | jq -c '[.total_size, .tools[0].definition.name]'
      get 'tools/scoped?identifier=user_123&filter.connection_names=tools&filter.connection_names=other' | jq -c '[.tools[].tool.definition.name]'
      execute '{"connected_account_id": "'$connectedAccountId'", "tool_name": "c-tools_add", "tool_input": {"a": 1, "b": 2}}' | jq -c .data.structuredContent
      execute '{"connector": "tools", "identifier": "user_123", "tool_name": "c-tools_add", "params": {"a": 3, "b": 4}}' | jq -c .data.structuredContent
      execute '{"connector": "tools", "identifier": "user_123", "tool_name": "c-tools_fail"}' | jq -c '[.code, .details[0].error_code, .details[0].tool_error_info.tool_error_message]'`,
    );
    expect(printed.trimEnd().split('\n')).toEqual([
      '["c-tools_add","c-tools_fail"]',
      '[2,"c-tools_add"]',
      '["c-tools_add","c-tools_fail"]',
      '{"sum":3}',
      '{"sum":7}',
      '[2,"TOOL_ERROR","the printer is on fire"]',
    ]);
    // The same as the SDK.
    const { data } = await sdkOf(sandbox).actions.executeTool({
      toolName: 'c-tools_add',
      connector: 'tools',
      identifier: 'user_123',
      toolInput: { a: 1, b: 2 },
    });
    expect(data).toMatchObject({ structuredContent: { sum: 3 } });
  });
});
