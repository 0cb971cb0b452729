import type { Rule } from '../rule.ts';

export const shapedOutput: Rule = {
  id: 'shaped-output',
  severity: 'error',
  summary: 'The output is what the model needs, not the raw answer',
  *check({ output, request }) {
    const hasNoBody = request === undefined || request.method === 'HEAD';
    if (hasNoBody || (output !== undefined && !isIdentity(output))) return;
    yield {
      path: ['output'],
      message:
        output === undefined
          ? "there is no output: the provider's raw answer goes to the model, with all its noise and whatever the API adds"
          : "this output is the provider's raw answer, with all its noise and whatever the API adds",
      advice: 'Name the fields that the model needs: output: "{ts: .ts, channel: .channel}".',
    };
  },
};

function isIdentity(expression: string): boolean {
  return (
    /^[\s(]*\.(\[\])?[\s)]*$/.test(expression.replace(/#.*$/gm, '')) ||
    /^\s*\[\s*\.\[\]\s*\]\s*$/.test(expression)
  );
}

export const readOnlyMethod: Rule = {
  id: 'read-only-method',
  severity: 'error',
  summary: 'A tool that sends PUT, PATCH or DELETE is not read-only',
  isFixable: true,
  *check({ read_only: isReadOnly, request }) {
    const method = request?.method?.toUpperCase() ?? '';
    if (isReadOnly !== true || !['PUT', 'PATCH', 'DELETE'].includes(method)) return;
    yield {
      path: ['read_only'],
      message: `it sends ${method} and is marked read-only: clients run it without asking`,
      advice: 'Write read_only: false.',
      fix: { path: ['read_only'], value: false },
    };
  },
};

export const readOnlyPost: Rule = {
  id: 'read-only-post',
  severity: 'warning',
  summary: 'A tool that sends POST is read-only only where that searches or queries',
  *check({ read_only: isReadOnly, request }) {
    if (isReadOnly !== true || request === undefined) return;
    const method = request.method?.toUpperCase() ?? (request.body === undefined ? 'GET' : 'POST');
    if (method !== 'POST' || READS.test(request.path)) return;
    yield {
      path: ['read_only'],
      message: 'it sends POST and is marked read-only: clients run it without asking',
      advice: 'Write read_only: false, unless the API only reads there.',
    };
  },
};

/** Paths at which a POST only reads. */
const READS =
  /(^|[/.:_-])((batch)?(get|list|search|query|lookup|filter|find|graphql|count|read|aggregate|report|check|validate))[^/]*\/?$/i;

export const outputSchema: Rule = {
  id: 'output-schema',
  severity: 'hint',
  summary: 'An output_schema says what comes back',
  *check({ output_schema: schema }) {
    if (schema !== undefined) return;
    yield {
      path: ['output_schema'],
      message: 'there is no output_schema: an answer that changes its shape is not noticed',
      advice: 'Describe the output with output_schema.',
    };
  },
};

export const example: Rule = {
  id: 'example',
  severity: 'hint',
  summary: 'There is an example input',
  *check({ examples = [], request }) {
    if (examples.length > 0 || request === undefined) return;
    yield {
      path: ['examples'],
      message: 'there is no example: neither a reader nor a check has an input that works',
      advice: 'Add examples: [{ input: {…} }].',
    };
  },
};
