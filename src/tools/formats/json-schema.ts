import type { ToolFormat } from './tool-format.ts';

/** The schema of each tool's input by the tool's name, with the tool's own title and description where it has none. */
export const jsonSchema: ToolFormat = {
  taker: 'JSON Schema 2020-12',
  open: '{',
  close: '}',
  isKeyed: true,
  inputOf: ({ inputSchema }) => inputSchema ?? { type: 'object' },
  define: ({ name, displayName, description }, input) => ({
    title: displayName ?? name,
    ...(description === null ? {} : { description }),
    ...input,
  }),
  problems: () => [],
};
