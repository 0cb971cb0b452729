import type { ServerResponse } from 'node:http';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StreamableHTTPServerTransport } from '@modelcontextprotocol/sdk/server/streamableHttp.js';
import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';
import type { ScalekitClient } from '@scalekit-sdk/node';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { AuthPattern, SandboxConfig } from '../../src/sandbox/config/types.ts';
import type { SandboxOptions } from '../../src/sandbox/start.ts';
import { mcpServer } from './support/mcp-server.ts';
import { connector, sandboxWith, signedInSdk } from './support/sandbox.ts';
import { bodyText, upstream } from './support/upstream.ts';

function configOf(url: string, pattern: AuthPattern = { type: 'NO_AUTH' }): SandboxConfig {
  return {
    connectors: [
      connector({ display_name: 'Tools', proxy_url: url, auth_patterns: [{ ...pattern, is_mcp: true }] }),
    ],
    connections: [{ name: 'tools', connector: 'tools' }],
    accounts: [{ connection: 'tools', identifier: 'user_1', credentials: CREDENTIALS }],
  };
}

const CREDENTIALS = { token: 't', api_key: 'k', username: 'u', password: 'p' };

async function sdkFor(
  url: string,
  options: Omit<SandboxOptions, 'config'> = {},
  pattern?: AuthPattern,
): Promise<ScalekitClient> {
  const config = configOf(url, pattern);
  if (pattern === undefined) config.accounts = [{ connection: 'tools', identifier: 'user_1' }];
  return signedInSdk(await sandboxWith(config, options));
}

function run(sdk: ScalekitClient, tool: string, toolInput: Record<string, unknown> = {}) {
  const toolName = `c-tools_${tool}`;
  return sdk.actions.executeTool({ toolName, connector: 'tools', identifier: 'user_1', toolInput });
}

const failed = (toolErrorCode: string, words: RegExp, grpcStatus: number) => ({
  grpcStatus,
  errorCode: 'TOOL_ERROR',
  errDetails: [{ toolErrorInfo: { toolErrorCode, toolErrorMessage: expect.stringMatching(words) } }],
});

const RESULT = {
  content: [
    { type: 'text', text: 'grün', annotations: { audience: ['user'], priority: 0.5 } },
    { type: 'image', data: 'iVBORw0KGgo=', mimeType: 'image/png' },
    { type: 'audio', data: 'UklGRg==', mimeType: 'audio/wav' },
    { type: 'resource', resource: { uri: 'file:///a.txt', mimeType: 'text/plain', text: 'a' } },
    { type: 'resource', resource: { uri: 'file:///b', blob: 'AAEC' } },
    { type: 'resource_link', uri: 'file:///c', name: 'c', description: 'C', mimeType: 'text/plain' },
  ],
  structuredContent: { list: [1, 'zwei', null, { deep: true }] },
} satisfies CallToolResult;

/** Answers by streams of events, as the SDK's server does unless asked not to. */
async function streamingServer(register: (server: McpServer) => void): Promise<string> {
  const origin = await upstream((request, response) => {
    const server = new McpServer({ name: 'streams', version: '1.0.0' });
    register(server);
    const transport = new StreamableHTTPServerTransport({});
    response.on('close', () => void server.close());
    void server.connect(transport).then(() => transport.handleRequest(request, response));
  });
  return `${origin}/mcp`;
}

const registerMany = (server: McpServer) => {
  server.registerTool('many', {}, () => RESULT);
};

describe('what a tool gives', () => {
  it.each([
    ['JSON', mcpServer],
    ['a stream of events', streamingServer],
  ])('passes through as it is, in %s', async (_what, serve) => {
    const { data } = await run(await sdkFor(await serve(registerMany)), 'many');
    expect(data).toEqual(RESULT);
  });

  it('also content of a kind that nobody knows yet', async () => {
    const content = [{ type: 'hologram', voxels: [1, 2] }];
    const url = await scripted(({ id }, response) =>
      json(response, { jsonrpc: '2.0', id, result: { content } }),
    );
    expect((await run(await sdkFor(url), 'any')).data).toEqual({ content });
  });

  it('progress and logs that come before it are passed over', async () => {
    const url = await streamingServer((server) => {
      server.registerTool('slow', {}, async ({ sendNotification, _meta }) => {
        const progressToken = _meta?.progressToken ?? 'none';
        await sendNotification({ method: 'notifications/progress', params: { progressToken, progress: 1 } });
        return { content: [{ type: 'text', text: 'done' }] };
      });
    });
    expect((await run(await sdkFor(url), 'slow')).data).toEqual({
      content: [{ type: 'text', text: 'done' }],
    });
  });

  it('hundreds of tools over pages of their server', async () => {
    const url = await scripted(({ id, params }, response) => {
      const from = Number(params?.['cursor'] ?? 0);
      const tools = Array.from({ length: 50 }, (_each, index) => ({
        name: `t${from + index}`,
        inputSchema: { type: 'object' },
      }));
      const next = from + 50 < 450 ? { nextCursor: String(from + 50) } : {};
      json(response, { jsonrpc: '2.0', id, result: { tools, ...next } });
    });
    const sdk = await sdkFor(url);
    const { totalSize, tools } = await sdk.tools.listScopedTools('user_1', { filter: {}, pageSize: 100 });
    expect(totalSize).toBe(450);
    expect(tools.at(-1)?.tool?.definition?.['name']).toBe('c-tools_t99');
  });
});

describe('credentials', () => {
  it.each<[AuthPattern, string, string]>([
    [{ type: 'BASIC' }, 'authorization', `Basic ${Buffer.from('u:p').toString('base64')}`],
    [
      { type: 'BEARER', auth_field_mutations: { token: { prefix: 'x-', suffix: '-y' } } },
      'authorization',
      'Bearer x-t-y',
    ],
    [{ type: 'API_KEY' }, 'authorization', 'k'],
    [{ type: 'BEARER', auth_header_key_override: 'X-Token' }, 'x-token', 'Bearer t'],
  ])('%j', async (pattern, header, value) => {
    const seen = new Set<unknown>();
    const url = await mcpServer(undefined, (request) => {
      seen.add(request.headers[header]);
      return false;
    });
    await run(await sdkFor(url, {}, pattern), 'add', { a: 1, b: 2 });
    expect([...seen]).toEqual([value]);
  });
});

interface Message {
  id?: number;
  method: string;
  params?: Record<string, unknown>;
}

/** A server by hand: initializes as it should unless told otherwise, and answers everything else as it is told. */
async function scripted(
  answer: (message: Message, response: ServerResponse) => void,
  initialized: object | ((response: ServerResponse, id: number | undefined) => void) = {},
): Promise<string> {
  const origin = await upstream((request, response) => {
    void bodyText(request).then((text) => {
      const message = JSON.parse(text || '{}') as Message;
      const { id, method } = message;
      if (method === 'notifications/initialized') return response.writeHead(202).end();
      if (method !== 'initialize') return answer(message, response);
      if (typeof initialized === 'function') return initialized(response, id);
      const serverInfo = { name: 'scripted', version: '1' };
      const result = {
        protocolVersion: '2025-06-18',
        capabilities: { tools: {} },
        serverInfo,
        ...initialized,
      };
      return json(response, { jsonrpc: '2.0', id, result });
    });
  });
  return `${origin}/mcp`;
}

function json(response: ServerResponse, body: unknown, status = 200): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

const events = (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/event-stream' });

describe('a server that answers no message of MCP', () => {
  it.each<[string, (message: Message, response: ServerResponse) => void, string, RegExp, number]>([
    [
      'a page',
      (_message, response) => response.setHeader('content-type', 'text/html').end('<h1>Hi</h1>'),
      'INVALID_ANSWER',
      /answered to tools\/call is neither JSON nor a stream/,
      2,
    ],
    [
      'broken JSON',
      (_message, response) => response.setHeader('content-type', 'application/json').end('{"jsonrpc"'),
      'INVALID_ANSWER',
      /answered to tools\/call is no message of MCP/,
      2,
    ],
    [
      'other JSON',
      (_message, response) => json(response, { ok: true }),
      'INVALID_ANSWER',
      /no message of MCP/,
      2,
    ],
    [
      'a result of another shape',
      ({ id }, response) => json(response, { jsonrpc: '2.0', id, result: { content: 'five' } }),
      'INVALID_ANSWER',
      /no message of MCP/,
      2,
    ],
    [
      'nothing',
      (_message, response) => response.writeHead(202).end(),
      'NO_ANSWER',
      /ended its answer to tools/,
      13,
    ],
    [
      'the answer to something else',
      (_message, response) => json(response, { jsonrpc: '2.0', id: 99, result: {} }),
      'NO_ANSWER',
      /ended its answer to tools\/call before there was one/,
      13,
    ],
    [
      'a stream that ends early',
      (_message, response) => events(response).end('event: message\ndata: {"jsonrpc":"2.0"'),
      'NO_ANSWER',
      /ended its answer/,
      13,
    ],
    [
      'a stream that breaks off',
      (_message, response) => {
        events(response).write(': hello\n\n');
        setTimeout(() => response.destroy(), 20);
      },
      'NO_ANSWER',
      /ended its answer/,
      13,
    ],
    [
      'a stream that wants to be resumed',
      (_message, response) => events(response).end('id: 1\nretry: 10\ndata: \n\n'),
      'NO_ANSWER',
      /ended its answer/,
      13,
    ],
    [
      'an HTTP error with words of JSON-RPC',
      ({ id }, response) =>
        json(response, { jsonrpc: '2.0', id, error: { code: -32000, message: 'No paper' } }, 500),
      '500',
      /HTTP status 500: No paper/,
      13,
    ],
    [
      'a redirect',
      (_message, response) =>
        response.writeHead(307, { location: 'https://other.example/mcp?token=x' }).end(),
      '307',
      /HTTP status 307, to https:\/\/other\.example\/mcp: redirects are not followed/,
      2,
    ],
  ])('%s', async (_what, answer, code, words, grpcStatus) => {
    const sdk = await sdkFor(await scripted(answer));
    await expect(run(sdk, 'any')).rejects.toMatchObject(failed(code, words, grpcStatus));
  });

  it('an endpoint that is none is asked about', async () => {
    const sdk = await sdkFor(await upstream((_request, response) => response.writeHead(404).end()));
    const words = /HTTP status 404\. Does proxy_url name the endpoint/;
    await expect(run(sdk, 'any')).rejects.toMatchObject(failed('404', words, 5));
  });

  it('a server that is too slow with its whole answer, however it trickles', async () => {
    const url = await scripted((_message, response) => {
      events(response);
      const timer = setInterval(() => response.write(': still here\n\n'), 20);
      response.on('close', () => clearInterval(timer));
    });
    const sdk = await sdkFor(url, { upstreamTimeoutMs: 300 });
    await expect(run(sdk, 'any')).rejects.toMatchObject(failed('TIMEOUT', /did not answer in time/, 4));
  });
});

describe('the version of the protocol', () => {
  it.each(['2024-11-05', '2025-03-26', '2025-06-18', '2025-11-25'])(
    '%s is spoken',
    async (protocolVersion) => {
      const seen: unknown[] = [];
      const url = await scripted(
        ({ id }, response) => {
          seen.push(response.req.headers['mcp-protocol-version']);
          json(response, { jsonrpc: '2.0', id, result: { content: [] } });
        },
        { protocolVersion },
      );
      expect((await run(await sdkFor(url), 'any')).data).toEqual({ content: [] });
      expect(seen).toEqual([protocolVersion]);
    },
  );

  it('another one is told', async () => {
    const url = await scripted(() => {}, { protocolVersion: '2031-01-01' });
    const words = /speaks version 2031-01-01 of the protocol, the sandbox 2025-11-25, /;
    const expected = failed('UNSUPPORTED_PROTOCOL_VERSION', words, 9);
    await expect(run(await sdkFor(url), 'any')).rejects.toMatchObject(expected);
  });

  it('a server that refuses ours says which it speaks', async () => {
    const error = { code: -32602, message: 'Unsupported protocol version: only 2031-01-01' };
    const url = await scripted(
      () => {},
      (response, id) => json(response, { jsonrpc: '2.0', id, error }),
    );
    await expect(run(await sdkFor(url), 'any')).rejects.toMatchObject(failed('-32602', /only 2031-01-01/, 2));
  });
});

describe('sessions', () => {
  /** The SDK's own server, with a session for everybody who initializes. */
  async function statefulServer(): Promise<string> {
    const sessions = new Map<string, StreamableHTTPServerTransport>();
    const origin = await upstream((request, response) => {
      const known = sessions.get(String(request.headers['mcp-session-id']));
      if (known) return void known.handleRequest(request, response);
      const transport = new StreamableHTTPServerTransport({
        sessionIdGenerator: () => `session-${sessions.size}`,
        onsessioninitialized: (id) => void sessions.set(id, transport),
      });
      const server = new McpServer({ name: 'stateful', version: '1.0.0' });
      server.registerTool('add', { inputSchema: { a: z.number() } }, () => ({ content: [] }));
      return void server.connect(transport).then(() => transport.handleRequest(request, response));
    });
    return `${origin}/mcp`;
  }

  it("a server that needs one is told of as Scalekit's limit", async () => {
    const sdk = await sdkFor(await statefulServer());
    const words = /needs a session: .*HTTP status 400.*Scalekit connects to stateless MCP servers only/;
    await expect(run(sdk, 'add', { a: 1 })).rejects.toMatchObject(failed('SESSION_NEEDED', words, 9));
    const listed = sdk.tools.listScopedTools('user_1', { filter: {} });
    await expect(listed).rejects.toMatchObject(failed('SESSION_NEEDED', words, 9));
  });

  it('one that offers one and does not need it is spoken to without', async () => {
    const seen: unknown[] = [];
    const url = await mcpServer(undefined, (request, response) => {
      seen.push(request.headers['mcp-session-id']);
      response.setHeader('mcp-session-id', 'offered');
      return false;
    });
    expect((await run(await sdkFor(url), 'add', { a: 1, b: 1 })).data).toMatchObject({
      structuredContent: { sum: 2 },
    });
    expect(seen).toEqual([undefined, undefined, undefined]);
  });
});

describe('a 401', () => {
  it('to a static token is not tried again', async () => {
    let calls = 0;
    const url = await mcpServer(undefined, (_request, response) => {
      calls += 1;
      response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
      return true;
    });
    const sdk = await sdkFor(url, {}, { type: 'BEARER' });
    await expect(run(sdk, 'add')).rejects.toMatchObject(failed('401', /HTTP status 401/, 16));
    expect(calls).toBe(1);
  });
});
