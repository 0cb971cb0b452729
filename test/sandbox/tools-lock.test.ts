import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScalekitClient } from '@scalekit-sdk/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { LockedTool, Lockfile } from '../../src/contracts/lockfile.ts';
import {
  loadSandboxConfig,
  type SandboxConfig,
  SandboxConfigError,
  startSandbox,
} from '../../src/sandbox/start.ts';
import { mcpServer } from './support/mcp-server.ts';
import { connector, sandboxWith, signedInSdk } from './support/sandbox.ts';

const locked = (own: Partial<LockedTool> = {}): LockedTool => ({
  displayName: 'Add',
  description: 'Adds, as it did yesterday',
  source: 'mcp',
  readOnly: true,
  scopes: null,
  inputSchemaHash: null,
  inputSchema: {
    type: 'object',
    properties: { a: { type: 'number', maximum: 5 }, b: { type: 'number' } },
    required: ['a', 'b'],
    additionalProperties: false,
  },
  outputSchemaHash: null,
  outputSchema: null,
  ...own,
});

const lockfile: Lockfile = {
  lockfileVersion: 1,
  connections: {
    tools: {
      provider: 'tools',
      tools: {
        'c-tools_add': locked(),
        'c-tools_gone': locked({ description: null, displayName: null, readOnly: null, inputSchema: null }),
        'c-before_add': locked(),
        my_own: locked({ source: 'custom' }),
      },
    },
    rest: { provider: 'gmail', tools: { gmail_send: locked({ source: 'builtin' }) } },
  },
};

function configOf(url: string, own: Partial<SandboxConfig> = {}): SandboxConfig {
  const pattern = { type: 'NO_AUTH', is_mcp: true } as const;
  return {
    connectors: [
      connector({ display_name: 'Tools', proxy_url: url, auth_patterns: [pattern] }),
      connector({ display_name: 'Rest' }),
    ],
    connections: [
      { name: 'tools', connector: 'tools' },
      { name: 'rest', connector: 'rest' },
      { name: 'free', connector: 'tools' },
    ],
    accounts: [
      { connection: 'tools', identifier: 'user_1' },
      { connection: 'free', identifier: 'user_1' },
      { connection: 'rest', identifier: 'user_1', credentials: { token: 't' } },
      { connection: 'rest', identifier: 'waiting', status: 'PENDING_AUTH' },
    ],
    tools_lock: lockfile,
    ...own,
  };
}

async function sdkFor(config: SandboxConfig): Promise<ScalekitClient> {
  return signedInSdk(await sandboxWith(config));
}

async function namesOf(sdk: ScalekitClient, connectionName: string, identifier = 'user_1') {
  const { tools } = await sdk.tools.listScopedTools(identifier, {
    filter: { connectionNames: [connectionName] },
  });
  return tools.map(({ tool }) => tool?.definition?.['name']);
}

function run(
  sdk: ScalekitClient,
  toolName: string,
  connectionName: string,
  toolInput: Record<string, unknown>,
) {
  return sdk.actions.executeTool({ toolName, connector: connectionName, identifier: 'user_1', toolInput });
}

const toolFailure = (code: string, message: unknown) => ({
  errDetails: [{ toolErrorInfo: { toolErrorCode: code, toolErrorMessage: message } }],
});

describe('a lockfile', () => {
  it('is listed in place of what the server offers; other connections are as they are', async () => {
    const sdk = await sdkFor(configOf(await mcpServer()));
    const { tools } = await sdk.tools.listScopedTools('user_1', { filter: { connectionNames: ['tools'] } });
    expect(tools[0]?.tool?.definition).toEqual({
      name: 'c-tools_add',
      display_name: 'Add',
      description: 'Adds, as it did yesterday',
      provider: 'tools',
      input_schema: locked().inputSchema,
      annotations: { readOnlyHint: true },
    });
    expect(await namesOf(sdk, 'tools')).toEqual(['c-tools_add', 'c-tools_gone', 'c-before_add']);
    expect(await namesOf(sdk, 'free')).toEqual(['c-free_add', 'c-free_fail']);
    const catalogue = await sdk.tools.listTools({ filter: { query: 'yesterday' } });
    const names = catalogue.tools.map(({ definition }) => definition?.['name']);
    expect(names).toEqual(['c-tools_add', 'c-before_add', 'gmail_send']);
  });

  it('needs no server to be listed', async () => {
    expect(await namesOf(await sdkFor(configOf('http://127.0.0.1:1/mcp')), 'tools')).toHaveLength(3);
  });

  it('lists tools of a connector that has none here, for those who are ACTIVE', async () => {
    const sdk = await sdkFor(configOf('http://127.0.0.1:1/mcp'));
    expect(await namesOf(sdk, 'rest')).toEqual(['gmail_send']);
    expect(await namesOf(sdk, 'rest', 'waiting')).toEqual([]);
  });

  it('of a connection stands before that of the config', async () => {
    const own: Lockfile = { lockfileVersion: 1, connections: { tools: { provider: 'tools', tools: {} } } };
    const config = configOf('http://127.0.0.1:1/mcp');
    const [first, ...others] = config.connections;
    const sdk = await sdkFor({
      ...config,
      connections: [{ name: 'tools', connector: 'tools', ...first, tools_lock: own }, ...others],
    });
    expect(await namesOf(sdk, 'tools')).toEqual([]);
    expect(await namesOf(sdk, 'rest')).toEqual(['gmail_send']);
  });
});

describe('executing a locked tool', () => {
  it('holds the input against the locked schema, then calls the server', async () => {
    const sdk = await sdkFor(configOf(await mcpServer()));
    const { data } = await run(sdk, 'c-tools_add', 'tools', { a: 2, b: 3 });
    expect(data).toMatchObject({ structuredContent: { sum: 5 } });
    const refused = run(sdk, 'c-tools_add', 'tools', { a: 6, c: 1 });
    await expect(refused).rejects.toMatchObject(
      toolFailure(
        'INVALID_INPUT',
        expect.stringMatching(/a must be <= 5, not 6.*b is required|b is required.*a must be <= 5, not 6/),
      ),
    );
  });

  it.each([
    [
      'on a REST connection',
      'gmail_send',
      'rest',
      'LISTED_ONLY',
      'gmail_send is listed from a lockfile and is neither on an MCP connection nor',
    ],
    ['of another connection', 'c-before_add', 'tools', 'LISTED_ONLY', 'is not named c-tools_'],
  ])('%s is refused, with the reason', async (_what, name, connectionName, code, message) => {
    const sdk = await sdkFor(configOf('http://127.0.0.1:1/mcp'));
    await expect(run(sdk, name, connectionName, { a: 1, b: 1 })).rejects.toMatchObject(
      toolFailure(code, expect.stringContaining(message)),
    );
    const byName = sdk.actions.executeTool({
      toolName: name,
      identifier: 'user_1',
      toolInput: { a: 1, b: 1 },
    });
    await expect(byName).rejects.toMatchObject(toolFailure(code, expect.stringContaining(message)));
  });

  it('that the server no longer has: what the server says; one that is not locked: unknown', async () => {
    const sdk = await sdkFor(configOf(await mcpServer()));
    await expect(run(sdk, 'c-tools_gone', 'tools', {})).rejects.toMatchObject({
      errDetails: [{ toolErrorInfo: { toolErrorMessage: expect.stringContaining('gone') } }],
    });
    await expect(run(sdk, 'c-tools_fail', 'tools', {})).rejects.toThrow('tool not found: c-tools_fail');
  });
});

describe('in a config file', () => {
  async function folder(files: Record<string, string>): Promise<(name: string) => string> {
    const path = await mkdtemp(join(tmpdir(), 'sk-connect-lock-'));
    onTestFinished(() => rm(path, { recursive: true }));
    for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
    return (name) => join(path, name);
  }

  const yaml = (own = '', top = '') =>
    [
      'connectors: [{ display_name: Tools, proxy_url: "http://127.0.0.1:1", proxy_enabled: true, auth_patterns: [{ type: NO_AUTH, is_mcp: true }] }]',
      'connections:',
      `  - { name: tools, connector: tools${own} }`,
      'accounts: [{ connection: tools, identifier: user_1 }]',
      top,
    ].join('\n');

  it.each([
    ['of the whole', yaml('', 'tools_lock: ./tools.lock.json')],
    ['of a connection', yaml(', tools_lock: tools.lock.json')],
  ])('%s: the name of a file beside it', async (_what, text) => {
    const at = await folder({ 'sandbox.yaml': text, 'tools.lock.json': JSON.stringify(lockfile) });
    const sandbox = await startSandbox({ config: await loadSandboxConfig(at('sandbox.yaml')) });
    onTestFinished(() => sandbox.close());
    expect(await namesOf(await signedInSdk(sandbox), 'tools')).toHaveLength(3);
  });

  it.each([
    [
      'a file that is not there',
      yaml(', tools_lock: no.json'),
      ':3:50 connections[0].tools_lock: ',
      'no.json cannot be read (ENOENT)',
    ],
    [
      'one that is damaged',
      yaml('', 'tools_lock: bad.json'),
      ':5:13 tools_lock: ',
      'bad.json is not valid JSON',
    ],
    ['one of a later version', yaml('', 'tools_lock: new.json'), ':5:13 tools_lock: ', 'later sk-connect'],
    [
      'one without the connection',
      yaml(', tools_lock: other.json'),
      ':3:50 connections[0].tools_lock: ',
      'has no connection tools, only else',
    ],
    [
      'one without any of them',
      yaml('', 'tools_lock: other.json'),
      ':5:13 tools_lock: ',
      'has none of these connections, only else',
    ],
  ])('%s is a problem of its line', async (_what, text, place, message) => {
    const at = await folder({
      'sandbox.yaml': text,
      'bad.json': '{',
      'new.json': '{"lockfileVersion":9}',
      'other.json': '{"lockfileVersion":1,"connections":{"else":{"provider":"p","tools":{}}}}',
    });
    const error: unknown = await loadSandboxConfig(at('sandbox.yaml')).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SandboxConfigError);
    expect((error as Error).message).toContain(place);
    expect((error as Error).message).toContain(message);
    expect((error as SandboxConfigError).problems).toHaveLength(1);
  });
});
