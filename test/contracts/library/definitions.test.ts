import type { Tool as AnthropicTool } from '@anthropic-ai/sdk/resources/messages';
import { ListToolsResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { ScalekitClient } from '@scalekit-sdk/node';
import { ConnectorStatus } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import { jsonSchema, type ToolSet, tool } from 'ai';
import type { ChatCompletionTool } from 'openai/resources/chat/completions';
import type { FunctionTool } from 'openai/resources/responses/responses';
import { describe, expect, it } from 'vitest';
import { type ContractDocument, loadTools, type ToolsClient } from '../../../src/contracts/library.ts';

const DOCUMENT: ContractDocument = {
  tools: [
    {
      name: 'list_notes',
      description: 'Lists notes',
      input_schema: {
        type: 'object',
        properties: { identifier: { type: 'string' }, most: { type: 'integer' } },
        required: ['identifier', 'most'],
      },
      output_schema: { type: 'object', properties: { notes: { type: 'array' } } },
      request: { connection: 'rest', path: '/notes', query: { most: '{{most}}' } },
    },
    {
      name: 'add_note',
      input_schema: { type: 'object' },
      request: { connection: 'rest', path: '/notes', body: { a: 1 } },
    },
  ],
};
/** The real class is what the library asks for, as far as the compiler is concerned. */
const client: ToolsClient = new ScalekitClient('http://127.0.0.1:9', 'skc_1', 'nothing');
const load = () => loadTools(DOCUMENT, { client });

const NOTES = {
  type: 'object',
  properties: { most: { type: 'integer' } },
  required: ['most'],
};

describe('definitions', () => {
  it('for the Messages API, without what the model has no say in', async () => {
    const tools: AnthropicTool[] = (await load()).definitions('anthropic');
    expect(tools).toEqual([
      { name: 'list_notes', description: 'Lists notes', input_schema: NOTES },
      { name: 'add_note', input_schema: { type: 'object' } },
    ]);
  });

  it("for OpenAI's APIs", async () => {
    const tools = await load();
    const chat: ChatCompletionTool[] = tools.definitions('openai');
    expect(chat[0]).toEqual({
      type: 'function',
      function: { name: 'list_notes', description: 'Lists notes', parameters: NOTES },
    });
    const responses: FunctionTool[] = tools.definitions('openai-responses');
    expect(responses[0]).toMatchObject({ type: 'function', name: 'list_notes', strict: false });
  });

  it('for MCP, as tools/list answers', async () => {
    const answer = (await load()).definitions('mcp');
    expect(ListToolsResultSchema.parse(answer)).toEqual(answer);
    expect(answer.tools.map(({ annotations }) => annotations)).toEqual([{ readOnlyHint: true }, undefined]);
    expect(answer.tools[0]).toHaveProperty('outputSchema.properties.notes');
  });

  it('for the AI SDK and as schemas, by name', async () => {
    const tools = await load();
    const set: ToolSet = Object.fromEntries(
      Object.entries(tools.definitions('vercel-ai')).map(([name, { inputSchema, ...rest }]) => [
        name,
        tool({ ...rest, inputSchema: jsonSchema<object>(inputSchema) }),
      ]),
    );
    expect(Object.keys(set)).toEqual(tools.names());
    expect(tools.definitions('json-schema')['list_notes']).toEqual({
      title: 'list_notes',
      description: 'Lists notes',
      ...NOTES,
    });
  });

  it('are copies: what is done to them does not reach the tools', async () => {
    const tools = await load();
    tools.definitions('anthropic')[0]!.input_schema.required = [];
    expect(tools.definitions('anthropic')[0]?.input_schema.required).toEqual(['most']);
  });

  it('of no other format', async () => {
    const tools = await load();
    for (const format of ['gemini', 'toString']) {
      expect(() => tools.definitions(format as never)).toThrow(/no format is named .*: anthropic, openai/);
    }
  });
});

it("the numbers of the SDK's ConnectorStatus are the ones the library goes by", () => {
  expect(ConnectorStatus).toMatchObject({
    ACTIVE: 1,
    EXPIRED: 2,
    PENDING_AUTH: 3,
    PENDING_VERIFICATION: 4,
    DISCONNECTED: 5,
  });
});
