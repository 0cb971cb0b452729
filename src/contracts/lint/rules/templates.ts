import { usedInputs } from '../placeholders.ts';
import type { Rule } from '../rule.ts';
import { inputsOf } from '../schema-walk.ts';

export const usedInput: Rule = {
  id: 'used-input',
  severity: 'warning',
  summary: 'Every input is used in the request',
  *check({ input_schema: schema, request }) {
    if (request === undefined) return;
    const used = usedInputs(request);
    for (const [name] of inputsOf(schema)) {
      // account-input tells what is wrong with that one.
      if (used.has(name) || name === 'identifier') continue;
      yield {
        path: ['input_schema', 'properties', name],
        message: `${name} is asked for and never sent: no placeholder of the request names it`,
        advice: `Write {{${name}}} where the request needs it, or remove the input.`,
      };
    }
  },
};
