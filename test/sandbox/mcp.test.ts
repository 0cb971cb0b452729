import { CallToolRequestSchema, McpError } from '@modelcontextprotocol/sdk/types.js';
import {
  isToolException,
  ScalekitBadRequestException,
  type ScalekitClient,
  ScalekitNotFoundException,
  ScalekitToolException,
  ScalekitToolForbiddenException,
  ScalekitToolRateLimitException,
  ScalekitToolUnauthorizedException,
} from '@scalekit-sdk/node';
import { describe, expect, it } from 'vitest';
import type { AuthPattern, SandboxConfig } from '../../src/sandbox/config/types.ts';
import type { SandboxOptions } from '../../src/sandbox/start.ts';
import { mcpServer } from './support/mcp-server.ts';
import { connector, sandboxWith, signedInSdk } from './support/sandbox.ts';
import { upstream } from './support/upstream.ts';

function configOf(
  url: string,
  pattern: AuthPattern = { type: 'NO_AUTH' },
  rest: Partial<SandboxConfig> = {},
): SandboxConfig {
  return {
    connectors: [
      connector({ display_name: 'Tools', proxy_url: url, auth_patterns: [{ ...pattern, is_mcp: true }] }),
      connector({ display_name: 'Rest' }),
    ],
    connections: [
      { name: 'tools', connector: 'tools' },
      { name: 'rest', connector: 'rest' },
    ],
    accounts: [
      {
        connection: 'tools',
        identifier: 'user_1',
        status: 'ACTIVE',
        credentials: { token: 't', api_key: 'k' },
      },
      { connection: 'tools', identifier: 'pending', status: 'PENDING_AUTH' },
      { connection: 'rest', identifier: 'user_1', credentials: { token: 't' } },
    ],
    ...rest,
  };
}

async function sdkFor(
  config: SandboxConfig,
  options: Omit<SandboxOptions, 'config'> = {},
): Promise<ScalekitClient> {
  return signedInSdk(await sandboxWith(config, options));
}

function run(sdk: ScalekitClient, toolName: string, toolInput: Record<string, unknown> = {}) {
  return sdk.actions.executeTool({ toolName, connector: 'tools', identifier: 'user_1', toolInput });
}

async function thrownBy(promise: Promise<unknown>): Promise<Record<string, unknown>> {
  return promise.then(
    () => ({ name: 'nothing was thrown' }),
    (error: unknown) => error as Record<string, unknown>,
  );
}

describe('tools of an MCP server', () => {
  it('are listed for the user with definition, account and provider', async () => {
    const sdk = await sdkFor(configOf(await mcpServer()));
    const { tools, totalSize } = await sdk.tools.listScopedTools('user_1', { filter: {} });
    expect(totalSize).toBe(2);
    expect(tools[0]).toMatchObject({
      identifier: 'user_1',
      connectedAccountId: expect.stringMatching(/^ca_/),
    });
    expect(tools[0]?.tool).toMatchObject({ provider: 'tools', id: expect.stringMatching(/^tol_/) });
    expect(tools[0]?.tool?.definition).toEqual({
      name: 'c-tools_add',
      display_name: 'Add',
      description: 'Adds two numbers',
      provider: 'tools',
      input_schema: expect.objectContaining({ type: 'object', required: ['a', 'b'] }),
      output_schema: expect.objectContaining({ required: ['sum'] }),
      annotations: { readOnlyHint: true },
    });
  });

  it.each([
    [{ connectionNames: ['tools'] }, 2],
    [{ connectionNames: ['rest'] }, 0],
    [{ connectionNames: ['nope'] }, 0],
    [{ providers: ['tools'] }, 2],
    [{ providers: ['rest'] }, 0],
    [{ toolNames: ['c-tools_add', 'other'] }, 1],
  ])('scoped by %j: %i', async (filter, expected) => {
    const sdk = await sdkFor(configOf(await mcpServer()));
    expect((await sdk.tools.listScopedTools('user_1', { filter })).totalSize).toBe(expected);
  });

  it('only of accounts that are ACTIVE', async () => {
    const sdk = await sdkFor(configOf(await mcpServer()));
    expect((await sdk.tools.listScopedTools('pending', { filter: {} })).tools).toEqual([]);
    expect((await sdk.tools.listScopedTools('nobody', { filter: {} })).tools).toEqual([]);
  });

  it('hundreds of them, in pages, from one look at the server', async () => {
    let lists = 0;
    const url = await mcpServer(
      (server) => {
        for (let index = 0; index < 250; index += 1) {
          server.registerTool(`t${index}`, {}, () => ({ content: [] }));
        }
      },
      (request) => {
        if (request.headers['mcp-protocol-version'] !== undefined) lists += 1;
        return false;
      },
    );
    const sdk = await sdkFor(configOf(url));
    const names: unknown[] = [];
    let pageToken = '';
    do {
      const page = await sdk.tools.listScopedTools('user_1', { filter: {}, pageSize: 100, pageToken });
      names.push(...page.tools.map(({ tool }) => tool?.definition?.['name']));
      pageToken = page.nextPageToken;
    } while (pageToken !== '');
    expect(names).toEqual(Array.from({ length: 250 }, (_one, index) => `c-tools_t${index}`));
    // The notification that follows initialize, and one tools/list.
    expect(lists).toBe(2);
    const page = await sdk.tools.listScopedTools('user_1', { filter: {} });
    expect(page.tools).toHaveLength(10);
    const other = sdk.tools.listScopedTools('user_1', {
      filter: { toolNames: ['x'] },
      pageToken: page.nextPageToken,
    });
    await expect(other).rejects.toBeInstanceOf(ScalekitBadRequestException);
  });

  it('the catalogue: by query, provider, name, connection; a summary has the names alone', async () => {
    const sdk = await sdkFor(configOf(await mcpServer()));
    const list = async (filter: object) => {
      const { tools, toolNames } = await sdk.tools.listTools({ filter });
      expect(toolNames).toEqual([]);
      return tools.map(({ definition }) => definition?.['name']);
    };
    expect(await list({})).toEqual(['c-tools_add', 'c-tools_fail']);
    expect(await list({ query: 'TWO NUM' })).toEqual(['c-tools_add']);
    expect(await list({ provider: 'rest' })).toEqual([]);
    expect(await list({ toolName: ['c-tools_fail'] })).toEqual(['c-tools_fail']);
    expect(await list({ connector: 'tools', identifier: 'user_1' })).toHaveLength(2);
    const summary = await sdk.tools.listTools({ filter: { summary: true } });
    expect(summary).toMatchObject({ tools: [], toolNames: ['c-tools_add', 'c-tools_fail'], totalSize: 2 });
  });

  it('available to a user who has no account there yet, though not to one who is not known at all', async () => {
    const config = configOf(await mcpServer());
    const elsewhere = { connection: 'rest', identifier: 'somebody' };
    const sdk = await sdkFor({ ...config, accounts: [...(config.accounts ?? []), elsewhere] });
    const { tools } = await sdk.tools.listAvailableTools('somebody');
    expect(tools.map((tool) => tool.definition?.['name'])).toEqual(['c-tools_add', 'c-tools_fail']);
    const error = await thrownBy(sdk.tools.listAvailableTools('nobody'));
    expect(error).toBeInstanceOf(ScalekitNotFoundException);
  });

  it('a server that is down: the catalogue goes on without it, the scoped list says so', async () => {
    const sdk = await sdkFor(configOf('http://127.0.0.1:1/mcp'));
    expect((await sdk.tools.listAvailableTools('user_1')).tools).toEqual([]);
    const error = await thrownBy(sdk.tools.listScopedTools('user_1', { filter: {} }));
    expect(error).toBeInstanceOf(ScalekitToolException);
  });
});

describe('credentials for an MCP server', () => {
  it.each<[AuthPattern, string, string]>([
    [{ type: 'BEARER' }, 'authorization', 'Bearer t'],
    [{ type: 'API_KEY', auth_header_key_override: 'X-Key' }, 'x-key', 'k'],
  ])('%j', async (pattern, header, value) => {
    const seen = new Set<unknown>();
    const url = await mcpServer(undefined, (request) => {
      seen.add(request.headers[header]);
      return false;
    });
    const sdk = await sdkFor(configOf(url, pattern));
    await run(sdk, 'c-tools_add', { a: 1, b: 2 });
    expect([...seen]).toEqual([value]);
  });
});

describe('executeTool', () => {
  it('answers content and structured content, by account id too', async () => {
    const sandbox = await sandboxWith(configOf(await mcpServer()));
    const sdk = await signedInSdk(sandbox);
    const expected = { content: [{ type: 'text', text: '5' }], structuredContent: { sum: 5 } };
    const named = await run(sdk, 'c-tools_add', { a: 2, b: 3 });
    expect(named.data).toEqual(expected);
    expect(named.executionId).toMatch(/^exec_\d+$/);
    const connectedAccountId = sandbox.control.accounts()[0]?.connectedAccountId ?? '';
    const toolInput = { a: 2, b: 3 };
    const byId = await sdk.actions.executeTool({ toolName: 'c-tools_add', connectedAccountId, toolInput });
    expect(byId.data).toEqual(expected);
    const byName = await sdk.actions.executeTool({
      toolName: 'c-tools_add',
      identifier: 'user_1',
      toolInput,
    });
    expect(byName.data).toEqual(expected);
  });

  it('a call is one call', async () => {
    const calls: string[] = [];
    const url = await mcpServer(undefined, (request) => {
      calls.push(`${request.method}`);
      return false;
    });
    await run(await sdkFor(configOf(url)), 'c-tools_add', { a: 1, b: 1 });
    // initialize, its notification, tools/call
    expect(calls).toEqual(['POST', 'POST', 'POST']);
  });

  it("a tool's own error", async () => {
    const error = await thrownBy(run(await sdkFor(configOf(await mcpServer())), 'c-tools_fail'));
    expect(isToolException(error)).toBe(true);
    expect(error).toMatchObject({
      errorCode: 'TOOL_ERROR',
      message: expect.stringContaining('the printer is on fire'),
      errDetails: [
        {
          toolErrorInfo: {
            toolErrorCode: 'TOOL_EXECUTION_FAILED',
            toolErrorMessage: 'the printer is on fire',
            executionId: expect.stringMatching(/^exec_\d+$/),
          },
        },
      ],
    });
  });

  it('a JSON-RPC error', async () => {
    const url = await mcpServer((server) => {
      server.registerTool('known', {}, () => ({ content: [] }));
      server.server.setRequestHandler(CallToolRequestSchema, () => {
        throw new McpError(-32000, 'out of paper');
      });
    });
    const error = await thrownBy(run(await sdkFor(configOf(url)), 'c-tools_known'));
    expect(error).toBeInstanceOf(ScalekitToolException);
    expect(error).toMatchObject({
      errDetails: [{ toolErrorInfo: { toolErrorCode: '-32000', toolErrorMessage: 'out of paper' } }],
    });
  });

  it.each([
    [401, ScalekitToolUnauthorizedException],
    [403, ScalekitToolForbiddenException],
    [429, ScalekitToolRateLimitException],
    [500, ScalekitToolException],
    [302, ScalekitToolException],
  ])('a server that answers %i', async (status, type) => {
    const origin = await upstream((_request, response) => {
      response.writeHead(status, { location: 'http://127.0.0.1:1/' }).end('{}');
    });
    const error = await thrownBy(run(await sdkFor(configOf(origin)), 'c-tools_add'));
    expect(error).toBeInstanceOf(type);
    expect(error).toMatchObject({ errDetails: [{ toolErrorInfo: { toolErrorCode: String(status) } }] });
  });

  it('a server that is down, or too slow', async () => {
    const down = await thrownBy(run(await sdkFor(configOf('http://127.0.0.1:1/mcp')), 'c-tools_add'));
    expect(down).toMatchObject({
      grpcStatus: 14,
      errDetails: [{ toolErrorInfo: { toolErrorCode: 'UNREACHABLE' } }],
    });
    const slow = await upstream(() => {});
    const sdk = await sdkFor(configOf(slow), { upstreamTimeoutMs: 50 });
    expect(await thrownBy(run(sdk, 'c-tools_add'))).toMatchObject({ grpcStatus: 4, errorCode: 'TOOL_ERROR' });
  });

  it.each([
    [
      'a tool that the server has not',
      { toolName: 'c-tools_nope', connector: 'tools', identifier: 'user_1' },
      5,
      'TOOL_NOT_FOUND',
    ],
    [
      'a name without the connection',
      { toolName: 'add', connector: 'tools', identifier: 'user_1' },
      5,
      'TOOL_NOT_FOUND',
    ],
    [
      'a connection without tools',
      { toolName: 'c-rest_x', connector: 'rest', identifier: 'user_1' },
      5,
      'TOOL_NOT_FOUND',
    ],
    [
      'an unknown connection',
      { toolName: 'c-tools_add', connector: 'nope', identifier: 'user_1' },
      5,
      'CONNECTION_NOT_FOUND',
    ],
    [
      'a missing account',
      { toolName: 'c-tools_add', connector: 'tools', identifier: 'no' },
      5,
      'CONNECTED_ACCOUNT_NOT_FOUND',
    ],
    [
      'an account that is not ACTIVE',
      { toolName: 'c-tools_add', connector: 'tools', identifier: 'pending' },
      9,
      'CONNECTED_ACCOUNT_NOT_ACTIVE',
    ],
    ['nobody named', { toolName: 'c-tools_add', connector: 'tools' }, 3, 'VALIDATION_ERROR'],
  ])('%s: refused', async (_what, call, grpcStatus, errorCode) => {
    const sdk = await sdkFor(configOf(await mcpServer()));
    const error = await thrownBy(sdk.actions.executeTool({ ...call, toolInput: {} }));
    expect(error).toMatchObject({ grpcStatus, errorCode });
    if (grpcStatus === 5) expect(error).toBeInstanceOf(ScalekitNotFoundException);
    expect(isToolException(error)).toBe(false);
  });
});
