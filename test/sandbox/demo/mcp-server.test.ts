import { request } from 'node:http';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DemoServer } from '../../../src/sandbox/demo/http-server.ts';
import { startMcpServer } from '../../../src/sandbox/demo/mcp-server.ts';

let server: DemoServer;
let client: Client;
let transport: StreamableHTTPClientTransport;

beforeAll(async () => {
  server = await startMcpServer();
  client = new Client({ name: 'test', version: '1' });
  transport = new StreamableHTTPClientTransport(new URL(`${server.origin}/mcp`));
  await client.connect(transport);
});

afterAll(async () => {
  await client.close();
  await server.close();
});

function call(name: string, args: Record<string, unknown>) {
  return client.callTool({ name, arguments: args });
}

describe('the official client', () => {
  it('lists the tools with their schemas', async () => {
    const { tools } = await client.listTools();
    expect(tools.map((tool) => tool.name)).toEqual(['search_docs', 'add', 'send_message', 'fail']);
    const [search, add, send] = tools;
    expect(search?.inputSchema).toMatchObject({
      required: ['query'],
      properties: {
        query: { type: 'string', minLength: 1 },
        limit: { type: 'integer', minimum: 1, maximum: 20, default: 5 },
      },
    });
    expect(search?.annotations).toMatchObject({ readOnlyHint: true });
    expect(add?.outputSchema).toMatchObject({ properties: { sum: { type: 'number' } } });
    expect(send?.inputSchema).toMatchObject({ required: ['channel', 'text'] });
    expect(send?.annotations).toMatchObject({ readOnlyHint: false });
  });

  it('gets no session', () => {
    expect(transport.sessionId).toBeUndefined();
  });

  it('adds', async () => {
    expect(await call('add', { a: 2, b: 40 })).toMatchObject({
      structuredContent: { sum: 42 },
      content: [{ type: 'text', text: '{"sum":42}' }],
    });
  });

  it('searches, best match first, up to the limit', async () => {
    const { structuredContent } = await call('search_docs', { query: 'mcp tools', limit: 1 });
    expect(structuredContent).toMatchObject({ results: [{ title: 'MCP servers' }] });
    expect((structuredContent as { results: unknown[]; total: number }).results).toHaveLength(1);
    expect((structuredContent as { total: number }).total).toBeGreaterThan(1);
  });

  it('finds nothing where nothing fits', async () => {
    const { structuredContent } = await call('search_docs', { query: 'zzz' });
    expect(structuredContent).toEqual({ results: [], total: 0 });
  });

  it('sends a message', async () => {
    const { structuredContent } = await call('send_message', { channel: '#general', text: 'hello' });
    expect(structuredContent).toMatchObject({
      channel: '#general',
      message_id: expect.stringMatching(/^msg_/),
    });
  });

  it.each([
    ['search_docs', { query: '' }],
    ['search_docs', { query: 'x', limit: 21 }],
    ['search_docs', {}],
    ['add', { a: '1', b: 2 }],
    ['send_message', { channel: '#general' }],
  ])('is refused %s %j', async (name, args) => {
    const result = await call(name, args);
    expect(result).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('Invalid arguments') }],
    });
  });

  it('gets an error with its message from fail', async () => {
    const byDefault = { isError: true, content: [{ type: 'text', text: 'This tool always fails.' }] };
    expect(await call('fail', {})).toEqual(byDefault);
    expect(await call('fail', { message: 'quota' })).toMatchObject({ content: [{ text: 'quota' }] });
  });
});

describe('HTTP', () => {
  it('answers each request alone, without initialize', async () => {
    const response = await fetch(`${server.origin}/mcp`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
    });
    expect(response.status).toBe(200);
    expect(response.headers.get('mcp-session-id')).toBeNull();
    expect(await response.json()).toMatchObject({ id: 1, result: { tools: expect.any(Array) } });
  });

  it.each([['GET'], ['DELETE'], ['PUT']])('refuses %s with 405', async (method) => {
    const response = await fetch(`${server.origin}/mcp`, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('POST');
  });

  it('refuses a name that somebody rebound to this machine', async () => {
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = {
        host: 'attacker.example',
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
      };
      request(`${server.origin}/mcp`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .end(JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }));
    });
    expect(status).toBe(403);
  });
});
