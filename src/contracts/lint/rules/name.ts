import type { LintedTool, Rule, RuleFinding } from '../rule.ts';
import { wordsOf } from '../words.ts';

/** Those that are no verbs of what a tool does, as get and delete are. */
const METHODS = new Set(['post', 'put', 'patch', 'head', 'options']);
const TRANSPORT = new Set(['api', 'rest', 'http', 'https', 'endpoint']);
const VERSION = /^v\d+(beta\d*|alpha\d*)?$/;
const ACTIONS = new Set(
  `add apply approve archive assign book cancel check clear close comment complete convert copy count create delete
  describe disable download draft edit enable export fetch filter find forward get import invite join leave list look
  lookup make mark merge move open post publish query read rename remove reopen reply reschedule reset resolve restore
  run schedule search send set share show star start stop submit subscribe summarize sync tag track transfer translate
  unarchive unassign unsubscribe update upload upsert validate verify watch write`.split(/\s+/),
);

export const nameStatesAction: Rule = {
  id: 'name-states-action',
  severity: 'warning',
  summary: 'The name tells the action, not the method or the endpoint',
  *check(tool) {
    const told = toldByName(tool);
    if (told === undefined) return;
    yield {
      path: ['name'],
      message: `the name tells ${told}: a model chooses a tool by what it does, not by how the API is called`,
      advice: 'Name it provider, verb and noun, as in gmail_list_filters.',
    };
  },
};

export const nameStyle: Rule = {
  id: 'name-style',
  severity: 'warning',
  summary: 'Names are in snake_case and begin with the provider',
  *check({ name }) {
    const finding = (message: string): RuleFinding => ({
      path: ['name'],
      message,
      advice: `Name it provider, verb and noun in snake_case, as in slack_send_message.`,
    });
    if (!/^[a-z0-9_]+$/.test(name)) {
      yield finding(`the name is not in snake_case, as those of Scalekit's own tools are`);
    } else if (wordsOf(name).length < 2) {
      yield finding(
        'the name is one word: among the tools of other providers it does not say whose action it is',
      );
    }
  },
};

/** What of the name is about the endpoint. */
function toldByName({ name, request }: LintedTool): string | undefined {
  const words = wordsOf(name);
  const [first = ''] = words;
  const version = words.find((word) => VERSION.test(word));
  const transport = words.find((word) => TRANSPORT.has(word));
  if (version !== undefined) return `the API's version (${version})`;
  if (METHODS.has(first)) return `the HTTP method (${first})`;
  if (transport !== undefined) return `how the provider is called (${transport})`;
  if (request !== undefined && isPath(words, request.path)) return 'the path of the endpoint';
  return undefined;
}

/** Whether all words but the provider's stand in the path in this order, and none is what one does with it. */
function isPath([, ...words]: readonly string[], path: string): boolean {
  if (words.length < 2 || words.some((word) => ACTIONS.has(word))) return false;
  const segments = wordsOf(path.replace(/\{\{.*?\}\}/g, ' '));
  let from = 0;
  return words.every((word) => {
    const at = segments.indexOf(word, from);
    from = at + 1;
    return at >= 0;
  });
}
