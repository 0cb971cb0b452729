import { inputObject } from './input-object.ts';
import { keyProblems, nameProblems, refProblems, rootProblems } from './problems.ts';
import { anthropicStrict } from './strict/anthropic.ts';
import type { ToolFormat } from './tool-format.ts';

/** The `tools` of the Messages API: https://platform.claude.com/docs/en/agents-and-tools/tool-use/define-tools */
export const anthropic: ToolFormat = {
  taker: 'The Anthropic API',
  open: '[',
  close: ']',
  inputOf: ({ inputSchema }) => inputObject(inputSchema),
  define: ({ name, description }, input, isStrict) => ({
    name,
    ...(description === null ? {} : { description }),
    input_schema: input,
    ...(isStrict ? { strict: true } : {}),
  }),
  problems: ({ name }, input) => [
    ...nameProblems(name, 128),
    ...rootProblems(input, ['anyOf', 'oneOf', 'allOf']),
    ...keyProblems(input, /^[a-zA-Z0-9_.-]{1,64}$/),
    ...refProblems(input),
  ],
  isCheckedAgainst2020: true,
  strict: anthropicStrict,
};
