import type { JsonObject } from '../../json/object.ts';
import { inputObject } from './input-object.ts';
import { itemsProblems, nameProblems, refProblems, rootProblems } from './problems.ts';
import { openaiStrict } from './strict/openai.ts';
import type { Definable, ToolFormat } from './tool-format.ts';

const NOT_AT_THE_TOP = ['anyOf', 'oneOf', 'allOf', 'enum', 'const', 'not'];
const MOST_DESCRIPTION = 1024;

const common = {
  open: '[',
  close: ']',
  // It refuses `{"type": "object"}` alone: "object schema missing properties".
  inputOf: ({ inputSchema }) => {
    const input = inputObject(inputSchema);
    return input['properties'] === undefined ? { ...input, properties: {} } : input;
  },
  problems: ({ name }, input) => [
    ...nameProblems(name, 64),
    ...rootProblems(input, NOT_AT_THE_TOP),
    ...itemsProblems(input),
    ...refProblems(input),
  ],
  isCheckedAgainst2020: true,
  mostTools: 128,
  strict: openaiStrict,
} satisfies Partial<ToolFormat>;

/** The `tools` of Chat Completions, which other providers take as well: https://developers.openai.com/api/docs/guides/function-calling */
export const openai: ToolFormat = {
  ...common,
  taker: "OpenAI's Chat Completions API",
  define: (tool, parameters, isStrict) => ({
    type: 'function',
    function: { ...named(tool), parameters, ...(isStrict ? { strict: true } : {}) },
  }),
  problems: (tool, input) => [
    ...common.problems(tool, input),
    ...((tool.description?.length ?? 0) > MOST_DESCRIPTION
      ? [{ rule: `a description of more than ${MOST_DESCRIPTION} characters` }]
      : []),
  ],
};

/** The `tools` of the Responses API. What says nothing of `strict` is made strict there, so every tool says it. */
export const openaiResponses: ToolFormat = {
  ...common,
  taker: "OpenAI's Responses API",
  define: (tool, parameters, isStrict) => ({
    type: 'function',
    ...named(tool),
    parameters,
    strict: isStrict,
  }),
};

function named({ name, description }: Definable): JsonObject {
  return { name, ...(description === null ? {} : { description }) };
}
