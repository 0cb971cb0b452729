import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { ListToolsResult } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { folders } from './run.ts';
import { useEnvironment } from './support/environment.ts';
import type { Answer } from './support/http.ts';
import { type McpApi, mcpApi } from './support/mcp.ts';
import { callTestTool, FILLERS, testTools, toolsConnector } from './support/tools.ts';
import { connectTo, json, SERVED_TOOLS } from './support/tools-server.ts';

vi.setConfig({ testTimeout: 20_000 });
let mcp: McpApi;
beforeAll(async () => {
  mcp = await mcpApi(testTools, (name, input) =>
    name === 'filler_001'
      ? {
          content: [
            { type: 'image', data: 'aGk=', mimeType: 'image/png' },
            { type: 'text', text: 'a picture' },
          ],
        }
      : callTestTool(name, input),
  );
});
afterAll(() => mcp.close());
const environment = useEnvironment(({ token }) => ({
  connectors: [toolsConnector(mcp.url)],
  connections: [{ name: 'tools', connector: 'test-tools' }],
  accounts: [
    { connection: 'tools', identifier: 'user_1' },
    { connection: 'tools', identifier: 'waiting', status: 'PENDING_AUTH' },
    { connection: 'rest', identifier: 'waiting', status: 'PENDING_AUTH', credentials: { token } },
  ],
}));

const FILES = ['--contracts', 'tools.yaml'];
const USER = ['-i', 'user_1'];
beforeAll(() => writeFile(join(folders.cwd, 'tools.yaml'), SERVED_TOOLS));
const ACCOUNT = ['-c', 'tools', ...USER];
const connected = (argv: readonly string[]) => connectTo(environment, argv);

async function allTools(client: Client): Promise<{ pages: number; tools: ListToolsResult['tools'] }> {
  const tools: ListToolsResult['tools'] = [];
  let cursor: string | undefined;
  let pages = 0;
  do {
    const page: ListToolsResult = await client.listTools(cursor === undefined ? {} : { cursor });
    tools.push(...page.tools);
    cursor = page.nextCursor;
    pages += 1;
  } while (cursor !== undefined);
  return { pages, tools };
}

describe('tools/list', () => {
  it('has custom tools without an account, without the identifier, with what is known of them', async () => {
    const { client } = await connected(FILES);
    const { tools } = await client.listTools();
    expect(tools).toEqual([
      {
        name: 'find_notes',
        description: 'Finds notes',
        inputSchema: {
          type: 'object',
          properties: { query: { type: 'string' }, most: { type: 'integer', maximum: 9 } },
          required: ['query'],
        },
        outputSchema: { type: 'object', properties: { notes: { type: 'array' } }, required: ['notes'] },
        annotations: { readOnlyHint: true },
      },
      expect.objectContaining({ name: 'add_note' }),
      // Of structured content that is no object MCP knows nothing.
      { name: 'list_ids', inputSchema: { type: 'object' }, annotations: { readOnlyHint: true } },
    ]);
    expect(tools[1]).not.toHaveProperty('annotations');
  });

  it("goes through the pages of the account's tools, after the custom ones", async () => {
    const { client } = await connected([...FILES, ...ACCOUNT]);
    const { pages, tools } = await allTools(client);
    expect(pages).toBe(3);
    expect(tools).toHaveLength(3 + 3 + FILLERS);
    expect(new Set(tools.map(({ name }) => name)).size).toBe(tools.length);
    expect(tools.find(({ name }) => name === 'c-tools_echo')).toMatchObject({ title: 'Echo' });
  });

  it('gives a page again, knows no other cursor, and forgets lists that are long begun', async () => {
    const { client } = await connected(ACCOUNT);
    const { nextCursor = '' } = await client.listTools();
    const second = await client.listTools({ cursor: nextCursor });
    expect(await client.listTools({ cursor: nextCursor })).toEqual(second);
    for (const cursor of ['', 'x', '1.99', '1.-1', '1.1.1x', '99.0', '1'])
      await expect(client.listTools({ cursor }), cursor).rejects.toMatchObject({ code: -32602 });
    for (let count = 0; count < 8; count++) await client.listTools();
    await expect(client.listTools({ cursor: nextCursor })).rejects.toMatchObject({ code: -32602 });
  });

  it('has the custom tools of an account that is not ACTIVE, and says why it has no others', async () => {
    const { client, says } = await connected([...FILES, '-c', 'tools', '-i', 'waiting']);
    expect((await allTools(client)).tools.map(({ name }) => name)).toEqual([
      'find_notes',
      'add_note',
      'list_ids',
    ]);
    await says(/The list of tools ends here: waiting's account on tools is PENDING_AUTH/);
    const alone = await connected(['-c', 'tools', '-i', 'waiting']);
    await expect(alone.client.listTools()).rejects.toThrow(/PENDING_AUTH, not ACTIVE/);
  });
});

describe('tools/call', () => {
  it('gives JSON as text and as structured content', async () => {
    environment.rest.at('/notes', json('{"items":[{"id":9007199254740993}]}'));
    const { call, client } = await connected([...FILES, ...USER]);
    await client.listTools();
    const result = await call('find_notes', { query: 'a b' });
    expect(result.content).toEqual([{ type: 'text', text: '{"notes":[{"id":9007199254740993}]}' }]);
    expect(result.structuredContent).toHaveProperty('notes.0.id');
    expect(environment.rest.received.at(-1)?.url).toBe('/notes?q=a%20b');
  });

  it('gives what is no object as text', async () => {
    environment.rest.at('/ids', json('[1,2]'));
    const { call } = await connected([...FILES, ...USER]);
    expect(await call('list_ids')).toEqual({ content: [{ type: 'text', text: '[1,2]' }] });
  });

  it('passes on what an MCP server answered', async () => {
    const { call, client } = await connected(ACCOUNT);
    await allTools(client);
    expect(await call('c-tools_echo', { id: 'x' })).toEqual({
      content: [{ type: 'text', text: 'done' }],
      structuredContent: { received: { id: 'x' } },
    });
    expect((await call('c-tools_filler_001', { first: 1, second: 2 })).content).toEqual([
      { type: 'image', data: 'aGk=', mimeType: 'image/png' },
      { type: 'text', text: 'a picture' },
    ]);
  });

  it.each<[string, string, Record<string, unknown>, Answer, RegExp]>([
    [
      'input that does not fit',
      'find_notes',
      { most: 70 },
      json('{}'),
      /query is required\n {2}most must be <= 9, not 70$/,
    ],
    [
      'another identifier',
      'find_notes',
      { query: 'a', identifier: 'user_2' },
      json('{}'),
      /identifier is not the one/,
    ],
    [
      "the provider's error",
      'find_notes',
      { query: 'a' },
      json('{"error":"no longer there","trace":"x"}', 410),
      /^the tool failed: the provider answered 410 Gone: no longer there$/,
    ],
    [
      'what fail_when found',
      'add_note',
      {},
      json('{"ok":false,"error":"full"}'),
      /^the tool failed: Notes error: full$/,
    ],
    [
      'an output that is not as listed',
      'find_notes',
      { query: 'a' },
      json('{"items":7}'),
      /^the answer does not fit the output schema of find_notes:\n {2}notes must be array, not 7$/,
    ],
  ])('tells of %s', async (_what, name, input, answer, message) => {
    environment.rest.at('/notes', answer);
    environment.rest.at('/notes/new', answer);
    const { call, client } = await connected([...FILES, ...USER]);
    await client.listTools();
    const result = await call(name, input);
    expect(result.isError).toBe(true);
    expect(result.content[0]).toMatchObject({ type: 'text', text: expect.stringMatching(message) });
    expect(result).not.toHaveProperty('structuredContent');
  });

  it("tells of a tool's own failure, and of an account that is not ACTIVE with what to run", async () => {
    const failing = await connected(ACCOUNT);
    expect(await failing.call('c-tools_fail')).toEqual({
      isError: true,
      content: [{ type: 'text', text: 'the tool failed: TOOL_EXECUTION_FAILED: the printer is on fire' }],
    });
    const waiting = await connected([...FILES, '-i', 'waiting']);
    expect(await waiting.call('add_note')).toEqual({
      isError: true,
      content: [
        {
          type: 'text',
          text: "waiting's account on rest is PENDING_AUTH, not ACTIVE (the user has not finished authorizing)\nAuthorize the user: sk-connect authorize -c rest -i waiting",
        },
      ],
    });
    // Authorized meanwhile.
    environment.rest.at('/notes/new', json('{"ok":true}'));
    environment.sandbox.control.setAccountStatus('rest', 'waiting', 'ACTIVE');
    expect(await waiting.call('add_note')).toMatchObject({ structuredContent: { ok: true } });
    environment.sandbox.control.setAccountStatus('rest', 'waiting', 'PENDING_AUTH');
  });

  it('knows no such tool', async () => {
    const { call } = await connected([...FILES, ...ACCOUNT]);
    await expect(call('find_note')).rejects.toMatchObject({
      code: -32602,
      message: expect.stringContaining('find_note'),
    });
  });

  it('needs somebody to call for', async () => {
    const { call } = await connected(FILES);
    expect(await call('add_note')).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('no identifier: pass -i/--identifier ID') }],
    });
  });

  it('reads a file as it is now', async () => {
    const file = join(folders.cwd, 'changing.yaml');
    await writeFile(file, SERVED_TOOLS);
    const { call, client } = await connected(['--contracts', 'changing.yaml', ...USER]);
    environment.rest.at('/ids', json('[1]'));
    environment.rest.at('/other', json('[2]'));
    expect(await call('list_ids')).toMatchObject({ content: [{ text: '[1]' }] });
    await writeFile(file, SERVED_TOOLS.replace('/ids', '/other'));
    expect(await call('list_ids')).toMatchObject({ content: [{ text: '[2]' }] });
    await writeFile(file, SERVED_TOOLS.replace('/ids', 'ids'));
    expect(await call('list_ids')).toMatchObject({
      isError: true,
      content: [{ text: expect.stringContaining('changing.yaml:19:') }],
    });
    await expect(client.listTools()).rejects.toThrow(/changing\.yaml/);
  });

  it('is told on stderr, without what went in and came out', async () => {
    environment.rest.at('/notes/new', json('{"ok":true,"kept":"an answer"}'));
    const { call, interrupt, finished } = await connected([...FILES, ...USER]);
    await call('add_note', { title: 'a private thing' });
    await call('find_notes', { query: 'another', most: 'private number' });
    await call('no\u001b[31m_tool').catch(() => {});
    environment.rest.at('/notes', json('{"error":"private words"}', 404));
    await call('find_notes', { query: 'x' });
    interrupt();
    const { stderr } = await finished;
    expect(stderr).toMatch(/^add_note: ok, \d+ ms$/m);
    expect(stderr).toMatch(/^find_notes: invalid_input, \d+ ms$/m);
    expect(stderr).toMatch(/^no␛\[31m_tool: tool_not_found, \d+ ms$/m);
    expect(stderr).toMatch(/^find_notes: tool_error \(HTTP 404\), \d+ ms$/m);
    expect(stderr).not.toMatch(/private|an answer/);
  });

  it('runs many at once, and none waits for another', async () => {
    let release = () => {};
    const waiting = new Promise<void>((resolve) => {
      release = resolve;
    });
    environment.rest.at(
      '/ids',
      (request, response) => void waiting.then(() => json('[1]')(request, response)),
    );
    environment.rest.at('/notes/new', json('{"ok":true}'));
    const { call } = await connected([...FILES, ...USER]);
    const slow = Promise.all(Array.from({ length: 12 }, () => call('list_ids')));
    expect(await call('add_note')).toMatchObject({ structuredContent: { ok: true } });
    release();
    expect(await slow).toHaveLength(12);
  });
});
