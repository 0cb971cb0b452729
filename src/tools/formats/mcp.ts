import { inputObject } from './input-object.ts';
import { rootProblems } from './problems.ts';
import type { ToolFormat } from './tool-format.ts';

/** A ListToolsResult: https://modelcontextprotocol.io/specification/2025-11-25/server/tools */
export const mcp: ToolFormat = {
  taker: 'MCP',
  open: '{"tools":[',
  close: ']}',
  inputOf: ({ inputSchema }) => inputObject(inputSchema),
  define: ({ name, displayName, description, outputSchema, readOnly }, inputSchema) => ({
    name,
    ...(displayName === null || displayName === name ? {} : { title: displayName }),
    ...(description === null ? {} : { description }),
    inputSchema,
    ...(outputSchema === null ? {} : { outputSchema: inputObject(outputSchema) }),
    ...(readOnly === null ? {} : { annotations: { readOnlyHint: readOnly } }),
  }),
  problems: ({ name, outputSchema }, input) => [
    ...(/^[a-zA-Z0-9_.-]{1,128}$/.test(name)
      ? []
      : [{ rule: 'a name that is not 1 to 128 letters, digits, _, - and .' }]),
    ...rootProblems(input, []),
    ...(outputSchema !== null && inputObject(outputSchema)['type'] !== 'object'
      ? [{ rule: 'an output that is no object' }]
      : []),
  ],
};
