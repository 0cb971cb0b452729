import { inputObject } from './input-object.ts';
import { rootProblems } from './problems.ts';
import type { ToolFormat } from './tool-format.ts';

/**
 * The AI SDK's tools by name. It takes no JSON for a schema: `inputSchema` goes through its `jsonSchema()`, and
 * `execute` is added, in `dynamicTool()` or `tool()`. https://ai-sdk.dev/docs/reference/ai-sdk-core/dynamic-tool
 */
export const vercelAi: ToolFormat = {
  taker: 'The AI SDK',
  open: '{',
  close: '}',
  isKeyed: true,
  inputOf: ({ inputSchema }) => inputObject(inputSchema),
  define: ({ name, displayName, description }, inputSchema) => ({
    ...(displayName === null || displayName === name ? {} : { title: displayName }),
    ...(description === null ? {} : { description }),
    inputSchema,
  }),
  problems: (_tool, input) => rootProblems(input, []),
};
