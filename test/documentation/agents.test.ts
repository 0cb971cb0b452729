import type { ScalekitClient } from '@scalekit-sdk/node';
import { describe, expect, it } from 'vitest';
import { mcpServer } from '../sandbox/support/mcp-server.ts';
import { connector, sandboxWith, sdkOf } from '../sandbox/support/sandbox.ts';

// How the documentation's agents in Node.js wire a user's tools into a model: the SDK has no helpers for frameworks, their
// definitions are reshaped. The model is a script here.

const IDENTIFIER = 'user_123';
const CONNECTION = 'sums-mcp';
const TOOL = 'c-sums-mcp_add';

/** With the tools of an MCP server, and an account on another connection that has none. */
async function agent(): Promise<ScalekitClient> {
  const sandbox = await sandboxWith({
    connectors: [
      connector({
        display_name: 'Sums MCP',
        proxy_url: await mcpServer(),
        auth_patterns: [{ type: 'NO_AUTH', is_mcp: true }],
      }),
      connector({ display_name: 'Plain' }),
    ],
    connections: [
      { name: 'plain', connector: 'plain' },
      { name: CONNECTION, connector: 'sums-mcp' },
    ],
    accounts: [
      { connection: 'plain', identifier: IDENTIFIER, credentials: { token: 't' } },
      { connection: CONNECTION, identifier: IDENTIFIER },
    ],
  });
  return sdkOf(sandbox);
}

async function definitionsFor(scalekit: ScalekitClient): Promise<Record<string, unknown>[]> {
  const { tools } = await scalekit.tools.listScopedTools(IDENTIFIER, {
    filter: { connectionNames: [CONNECTION] },
    pageSize: 100,
  });
  return tools.map(({ tool }) => tool?.definition ?? {});
}

/** As all of them do it: the name that the model said, and the user. */
async function call(scalekit: ScalekitClient, toolName: string, toolInput: unknown): Promise<unknown> {
  const { data } = await scalekit.actions.executeTool({
    toolName,
    identifier: IDENTIFIER,
    toolInput: toolInput as Record<string, unknown>,
  });
  return data;
}

const SUM = expect.objectContaining({ structuredContent: { sum: 3 } });

describe('a user’s tools, wired into', () => {
  it('Anthropic’s Messages API', async () => {
    const scalekit = await agent();
    const tools = (await definitionsFor(scalekit)).map(({ name, description, input_schema }) => ({
      name,
      description,
      input_schema,
    }));
    expect(tools[0]).toEqual({
      name: TOOL,
      description: 'Adds two numbers',
      input_schema: expect.objectContaining({ type: 'object', required: ['a', 'b'] }),
    });
    const block = { type: 'tool_use', id: 'toolu_1', name: TOOL, input: { a: 1, b: 2 } };
    expect(await call(scalekit, block.name, block.input)).toEqual(SUM);
  });

  it('OpenAI’s chat completions', async () => {
    const scalekit = await agent();
    const tools = (await definitionsFor(scalekit)).map(({ name, description, input_schema }) => ({
      type: 'function',
      function: { name: String(name), description, parameters: input_schema },
    }));
    // What the API takes for a function's name.
    for (const each of tools) expect(each.function.name).toMatch(/^[a-zA-Z0-9_-]{1,64}$/);
    const toolCall = { function: { name: TOOL, arguments: '{"a":1,"b":2}' } };
    expect(await call(scalekit, toolCall.function.name, JSON.parse(toolCall.function.arguments))).toEqual(
      SUM,
    );
  });

  it('the Vercel AI SDK', async () => {
    const scalekit = await agent();
    const tools = Object.fromEntries(
      (await definitionsFor(scalekit)).map(({ name, description, input_schema }) => [
        String(name),
        {
          description,
          parameters: input_schema,
          execute: (args: unknown) => call(scalekit, String(name), args),
        },
      ]),
    );
    expect(Object.keys(tools)).toEqual([TOOL, 'c-sums-mcp_fail']);
    expect(await tools[TOOL]?.execute({ a: 1, b: 2 })).toEqual(SUM);
    await expect(tools['c-sums-mcp_fail']?.execute({})).rejects.toThrow('the printer is on fire');
  });

  it('all of a user’s connections, where none is named', async () => {
    const scalekit = await agent();
    const { tools } = await scalekit.tools.listScopedTools(IDENTIFIER, { filter: {}, pageSize: 100 });
    expect(tools.map(({ tool }) => tool?.definition?.['name'])).toEqual([TOOL, 'c-sums-mcp_fail']);
  });
});
