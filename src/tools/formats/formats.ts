import { anthropic } from './anthropic.ts';
import { jsonSchema } from './json-schema.ts';
import { mcp } from './mcp.ts';
import type { FormatName } from './names.ts';
import { openai, openaiResponses } from './openai.ts';
import type { ToolFormat } from './tool-format.ts';
import { vercelAi } from './vercel-ai.ts';

export const formats: Readonly<Record<FormatName, ToolFormat>> = {
  anthropic,
  openai,
  'openai-responses': openaiResponses,
  mcp,
  'vercel-ai': vercelAi,
  'json-schema': jsonSchema,
};
