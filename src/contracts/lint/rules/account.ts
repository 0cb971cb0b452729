import { namesIn } from '../placeholders.ts';
import type { Rule } from '../rule.ts';
import { inputsOf } from '../schema-walk.ts';

const OF_SCALEKIT =
  /^(scalekit_?)?(identifier|connected_?account(_?id)?|connection_?name|user_?identifier)$/i;

export const identifierFromModel: Rule = {
  id: 'identifier-from-model',
  severity: 'error',
  summary: 'The identifier of the account comes from the app, never from the model',
  *check({ input_schema: schema, request }) {
    const inputs = new Set(inputsOf(schema).map(([name]) => name));
    const given = namesIn(request?.identifier).find((name) => inputs.has(name));
    if (given === undefined) return;
    yield {
      path: ['request', 'identifier'],
      message: `the account is chosen by the input ${given}: a model that makes one up reaches another user's data`,
      advice: 'Leave request.identifier and that input out: the app says for whom it calls the tool.',
    };
  },
};

export const accountInput: Rule = {
  id: 'account-input',
  severity: 'warning',
  summary: "No input asks for the app's own user or connection",
  *check({ input_schema: schema, request }) {
    for (const [name] of inputsOf(schema)) {
      if (!OF_SCALEKIT.test(name)) continue;
      // Told as the worse thing that it is.
      if (namesIn(request?.identifier).includes(name)) continue;
      yield {
        path: ['input_schema', 'properties', name],
        message: `${name} is known to the app and not to the model, which can only make it up`,
        advice: 'Remove the input: the app says for whom it calls the tool.',
      };
    }
  },
};
