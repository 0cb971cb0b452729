import { transformJSONSchema } from '@anthropic-ai/sdk/lib/transform-json-schema';
import { ListToolsResultSchema } from '@modelcontextprotocol/sdk/types.js';
import { toStrictJsonSchema } from 'openai/lib/transform';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { followLocalRef } from '../../src/json/local-ref.ts';
import { isJsonObject, type JsonObject } from '../../src/json/object.ts';
import { defineTool, definitionText } from '../../src/tools/formats/definition.ts';
import { formats } from '../../src/tools/formats/formats.ts';
import { FORMAT_NAMES, type FormatName } from '../../src/tools/formats/names.ts';
import { createFormatNotes } from '../../src/tools/formats/notes.ts';
import type { StrictSchema } from '../../src/tools/formats/strict/strict.ts';
import { programFolder } from '../request/code/support/programs.ts';
import { type CorpusTool, corpus } from './support/corpus.ts';
import { samplesOf } from './support/samples.ts';
import { validityOf } from './support/validity.ts';

vi.setConfig({ testTimeout: 120_000 });
const tools = await corpus();
const folder = programFolder();
afterAll(() => folder.remove());

function documentOf(name: FormatName, isStrict = false): string {
  const format = formats[name];
  const texts = tools.map(({ listed }) =>
    definitionText(listed, defineTool(listed, format, isStrict).definition, format),
  );
  return format.open + texts.join(',\n') + format.close;
}

function strictOf({ listed }: CorpusTool, name: FormatName): StrictSchema | undefined {
  const { strict } = defineTool(listed, formats[name], true);
  return strict !== undefined && 'schema' in strict ? strict : undefined;
}

it('all of them at once compile against the types that the SDKs publish', async () => {
  folder.write(
    'documents.ts',
    `import type Anthropic from '@anthropic-ai/sdk';
import type { JSONSchema7 } from 'ai';
import type OpenAI from 'openai';
export const anthropic: Anthropic.Tool[] = ${documentOf('anthropic')};
export const anthropicStrict: Anthropic.Tool[] = ${documentOf('anthropic', true)};
export const openai: OpenAI.ChatCompletionTool[] = ${documentOf('openai')};
export const openaiStrict: OpenAI.ChatCompletionTool[] = ${documentOf('openai', true)};
export const responses: OpenAI.Responses.FunctionTool[] = ${documentOf('openai-responses', true)};
export const vercelAi: Record<string, { title?: string; description?: string; inputSchema: JSONSchema7 }> = ${documentOf('vercel-ai')};
`,
  );
  const { exitCode, stdout } = await folder.compile(['documents.ts']);
  expect({ exitCode, errors: stdout.slice(0, 1000) }).toEqual({ exitCode: 0, errors: '' });
});

it('mcp: what the official client takes, and the tools as they came', () => {
  const document = JSON.parse(documentOf('mcp')) as { tools: JsonObject[] };
  expect(ListToolsResultSchema.parse(document)).toEqual(document);
  for (const [index, { tool }] of tools.entries()) {
    const { name, description, inputSchema, outputSchema } = tool;
    expect(document.tools[index]).toMatchObject({ name, inputSchema, ...(outputSchema && { outputSchema }) });
    expect(document.tools[index]?.['description']).toBe(description);
  }
});

describe.each(FORMAT_NAMES)('%s', (name) => {
  it('takes the same inputs', () => {
    for (const { title, listed, inputSchema } of tools) {
      const schema = schemaIn(name, defineTool(listed, formats[name]).definition);
      const isValid = validityOf(schema);
      for (const sample of samplesOf(inputSchema, 3)) expect(isValid(sample), title).toBe(true);
      expect(schema['required'], title).toEqual(inputSchema['required']);
    }
  });

  it('says of each tool that is refused which one', () => {
    const notes = createFormatNotes(formats[name]);
    for (const { listed } of tools) notes.add(listed.name, defineTool(listed, formats[name]));
    const refused = tools.filter(({ listed }) => defineTool(listed, formats[name]).problems.length > 0);
    const lines = notes.lines().join('\n');
    expect(lines.includes('refuses ')).toBe(refused.length > 0);
    // Of the many that break one rule only some are named.
    for (const { listed } of refused.slice(0, 3)) expect(lines).toContain(listed.name);
  });
});

function schemaIn(name: FormatName, definition: JsonObject): JsonObject {
  if (name === 'json-schema') return definition;
  const whole = (definition['function'] ?? definition) as JsonObject;
  return (whole['input_schema'] ?? whole['inputSchema'] ?? whole['parameters']) as JsonObject;
}

describe('strict variants', () => {
  it('openai: nothing for the SDK to refuse or to change; what a model sends is what the tool takes', () => {
    const strict = tools.map((tool) => ({ tool, strict: strictOf(tool, 'openai') }));
    for (const { tool, strict: found } of strict) {
      if (found === undefined) continue;
      expect(toStrictJsonSchema(found.schema as never), tool.title).toEqual(found.schema);
      // Formats that it does not enforce are told in descriptions.
      const takes = validityOf(tool.inputSchema, { validateFormats: false });
      const takesStrictly = validityOf(found.schema);
      for (const sample of samplesOf(tool.inputSchema, 4)) {
        expect(takesStrictly(withNulls(sample, found.schema, found.schema)), tool.title).toBe(true);
      }
      // Without the nulls that stand for what is left out.
      for (const sent of samplesOf(found.schema, 4)) expect(takes(withoutNulls(sent)), tool.title).toBe(true);
    }
    expect(strict.filter((each) => each.strict !== undefined).length / tools.length).toBeGreaterThan(0.8);
  });

  it('anthropic: nothing for the SDK to change; what a model sends is what the tool takes', () => {
    const strict = tools.map((tool) => ({ tool, strict: strictOf(tool, 'anthropic') }));
    for (const { tool, strict: found } of strict) {
      if (found === undefined) continue;
      expect(transformJSONSchema(found.schema as never), tool.title).toEqual(found.schema);
      const takesStrictly = validityOf(found.schema);
      for (const sample of samplesOf(tool.inputSchema, 4))
        expect(takesStrictly(sample), tool.title).toBe(true);
      if (found.hasToldConstraints) continue;
      const takes = validityOf(tool.inputSchema);
      for (const sent of samplesOf(found.schema, 4)) expect(takes(sent), tool.title).toBe(true);
    }
    expect(strict.filter((each) => each.strict !== undefined).length / tools.length).toBeGreaterThan(0.8);
  });
});

/** The same with null for what is left out, as strict mode has it. */
function withNulls(value: unknown, schema: unknown, root: JsonObject): unknown {
  // Of another alternative.
  if (!isJsonObject(schema)) return value;
  const { $ref, anyOf, items, properties } = schema;
  if (typeof $ref === 'string') return withNulls(value, followLocalRef(root, $ref), root);
  if (Array.isArray(anyOf)) {
    const filled = (anyOf as JsonObject[]).map((each) => ({ each, value: withNulls(value, each, root) }));
    const fitting = filled.find((one) => validityOf({ ...one.each, $defs: root['$defs'] ?? {} })(one.value));
    return fitting === undefined ? value : fitting.value;
  }
  if (Array.isArray(value)) return value.map((each) => withNulls(each, items, root));
  if (!isJsonObject(value) || !isJsonObject(properties)) return value;
  const entries = Object.entries(properties).map(([name, inner]) => [
    name,
    Object.hasOwn(value, name) ? withNulls(value[name], inner, root) : null,
  ]);
  return { ...value, ...(Object.fromEntries(entries) as JsonObject) };
}

function withoutNulls(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNulls);
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(entries.map(([name, each]) => [name, withoutNulls(each)]));
}
