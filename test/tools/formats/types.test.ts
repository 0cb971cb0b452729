import { transformJSONSchema } from '@anthropic-ai/sdk/lib/transform-json-schema';
import { ListToolsResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { dynamicTool, generateText, jsonSchema } from 'ai';
import { MockLanguageModelV3 } from 'ai/test';
import { toStrictJsonSchema } from 'openai/lib/transform';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/json/object.ts';
import { defineTool, definitionText } from '../../../src/tools/formats/definition.ts';
import { formats } from '../../../src/tools/formats/formats.ts';
import { FORMAT_NAMES, type FormatName } from '../../../src/tools/formats/names.ts';
import type { Definable } from '../../../src/tools/formats/tool-format.ts';
import { programFolder } from '../../request/code/support/programs.ts';
import { everythingTools, TRICKY } from './support/tools.ts';

const folder = programFolder();
afterAll(() => folder.remove());
let tools: Definable[];
beforeAll(async () => {
  tools = [...TRICKY, ...(await everythingTools())];
});

function documentOf(name: FormatName, isStrict = false): string {
  const format = formats[name];
  const texts = tools.map((tool) =>
    definitionText(tool, defineTool(tool, format, isStrict).definition, format),
  );
  return format.open + texts.join(',\n') + format.close;
}

it('there are real tools among them', () => {
  expect(tools.length).toBeGreaterThan(TRICKY.length + 8);
});

it.each(FORMAT_NAMES)('%s: one JSON document with every tool', (name) => {
  const document = JSON.parse(documentOf(name)) as JsonObject | unknown[];
  const listed = Array.isArray(document) ? document : (document['tools'] ?? Object.keys(document));
  expect(listed).toHaveLength(tools.length);
});

it('compiles against the types that the SDKs publish', async () => {
  const program = `
import type Anthropic from '@anthropic-ai/sdk';
import type { ListToolsResult } from '@modelcontextprotocol/sdk/types.js';
import { dynamicTool, jsonSchema, type JSONSchema7, type ToolSet } from 'ai';
import type OpenAI from 'openai';

export const anthropic = ${documentOf('anthropic')} satisfies Anthropic.Tool[];
export const anthropicStrict = ${documentOf('anthropic', true)} satisfies Anthropic.Tool[];
export const openai = ${documentOf('openai')} satisfies OpenAI.ChatCompletionTool[];
export const openaiStrict = ${documentOf('openai', true)} satisfies OpenAI.ChatCompletionTool[];
export const responses = ${documentOf('openai-responses')} satisfies OpenAI.Responses.FunctionTool[];
export const responsesStrict = ${documentOf('openai-responses', true)} satisfies OpenAI.Responses.FunctionTool[];
export const mcp = ${documentOf('mcp')} satisfies ListToolsResult;
const definitions: Record<string, { title?: string; description?: string; inputSchema: JSONSchema7 }> = ${documentOf('vercel-ai')};
export const vercelAi: ToolSet = Object.fromEntries(
  Object.entries(definitions).map(([name, { inputSchema, ...rest }]) => [
    name,
    dynamicTool({ ...rest, inputSchema: jsonSchema(inputSchema), execute: async (input) => input }),
  ]),
);
`;
  folder.write('documents.ts', program);
  expect(await folder.compile(['documents.ts'])).toEqual({ exitCode: 0, stdout: '', stderr: '' });
}, 120_000);

it('does not compile what a type excludes', async () => {
  const wrong = documentOf('anthropic').replaceAll('"input_schema"', '"parameters"');
  folder.write(
    'wrong.ts',
    `import type Anthropic from '@anthropic-ai/sdk';\nexport const wrong = ${wrong} satisfies Anthropic.Tool[];`,
  );
  expect((await folder.compile(['wrong.ts'])).exitCode).not.toBe(0);
}, 120_000);

it('mcp: a ListToolsResult by the SDK’s own schema', () => {
  const document: unknown = JSON.parse(documentOf('mcp'));
  expect(ListToolsResultSchema.parse(document)).toEqual(document);
});

it('vercel-ai: what the AI SDK hands to a model, and how it calls it', async () => {
  const definitions = JSON.parse(documentOf('vercel-ai')) as Record<
    string,
    { description?: string; inputSchema: JsonObject }
  >;
  const calls: unknown[] = [];
  const set = Object.fromEntries(
    Object.entries(definitions).map(([name, { inputSchema, ...rest }]) => [
      name,
      dynamicTool({
        ...rest,
        inputSchema: jsonSchema(inputSchema),
        execute: async (input) => {
          calls.push({ name, input });
          return 'done';
        },
      }),
    ]),
  );
  const usage = {
    inputTokens: { total: 1, noCache: 1, cacheRead: 0, cacheWrite: 0 },
    outputTokens: { total: 1, text: 1, reasoning: 0 },
  };
  const model = new MockLanguageModelV3({
    doGenerate: async () => ({
      content: [{ type: 'tool-call', toolCallId: '1', toolName: 'constraints', input: '{"a":1}' }],
      finishReason: { unified: 'tool-calls', raw: undefined },
      usage,
      warnings: [],
    }),
  });
  await generateText({ model, tools: set, prompt: 'go' });
  expect(calls).toEqual([{ name: 'constraints', input: { a: 1 } }]);
  const sent = model.doGenerateCalls[0]?.tools ?? [];
  expect(sent).toHaveLength(tools.length);
  for (const tool of sent) {
    expect(tool.type === 'function' ? tool.inputSchema : undefined).toEqual(
      definitions[tool.name]?.inputSchema,
    );
  }
});

describe('strict variants', () => {
  const strictOf = (name: FormatName) =>
    tools.flatMap((tool) => {
      const { strict } = defineTool(tool, formats[name], true);
      return strict !== undefined && 'schema' in strict ? [{ name: tool.name, schema: strict.schema }] : [];
    });

  it('openai: the SDK’s own check finds nothing to refuse or to change', () => {
    const strict = strictOf('openai');
    expect(strict.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['recursive', 'unions', 'get-sum']),
    );
    for (const { name, schema } of strict) {
      expect(toStrictJsonSchema(schema as never), name).toEqual(schema);
    }
  });

  it('anthropic: the SDK’s own transformation finds nothing to change', () => {
    const strict = strictOf('anthropic');
    expect(strict.map(({ name }) => name)).toEqual(expect.arrayContaining(['unions', 'get-sum']));
    for (const { name, schema } of strict) {
      expect(transformJSONSchema(schema as never), name).toEqual(schema);
    }
  });
});
