import { describe, expect, it } from 'vitest';
import type { LintedTool } from '../../../src/contracts/lint/rule.ts';
import { rules } from '../../../src/contracts/lint/rules.ts';
import type { JsonObject } from '../../../src/json/object.ts';

const channel = { type: 'string', description: 'Channel ID', maxLength: 20 };
/** Nothing is to be said about this one. */
const good: LintedTool = {
  name: 'slack_send_message',
  description: 'Send a message to a Slack channel on behalf of the user',
  input_schema: schema({ channel }, { required: ['channel'] }),
  output_schema: { type: 'object' },
  request: { method: 'POST', path: '/api/chat.postMessage', body: { channel: '{{channel}}' } },
  output: '{ts: .ts, channel: .channel}',
  examples: [{ input: { channel: 'C1' } }],
};

function schema(properties: JsonObject, more: JsonObject = {}): JsonObject {
  return { type: 'object', properties, additionalProperties: false, ...more };
}

/** The input as it is given, used in the request. */
function withInput(input: JsonObject, name = 'thing'): Partial<LintedTool> {
  return {
    input_schema: schema({ [name]: { description: 'What it is', ...input } }),
    request: { path: '/things', query: { [name]: `{{${name}}}` } },
  };
}

function found(tool: Partial<LintedTool>): string[] {
  const whole = { ...good, ...tool };
  const defined = Object.fromEntries(Object.entries(whole).filter(([, value]) => value !== undefined));
  return rules.flatMap((rule) =>
    [...rule.check(defined as unknown as LintedTool)].map(({ path }) => `${rule.id} ${path.join('.')}`),
  );
}

const named = (name: string, path?: string): Partial<LintedTool> =>
  path === undefined ? { name } : { name, ...noInput, request: { path } };
const noInput = { input_schema: schema({}) };
const sent = (request: Partial<NonNullable<LintedTool['request']>>): Partial<LintedTool> => ({
  ...noInput,
  request: { path: '/x', ...request },
});

describe('good tools', () => {
  it.each<[string, Partial<LintedTool>]>([
    ['the one above', {}],
    ['provider, noun, verb', named('gmail_filters_list')],
    ['a word that is a method and a verb', named('linkedin_create_post')],
    ['requests that are merged', named('github_merge_pull_request')],
    ['a path that has an action in it', named('slack_search_messages', '/api/search.messages')],
    [
      'a name that shares words with the path',
      named('gmail_list_filters', '/gmail/v1/users/me/settings/filters'),
    ],
    [
      'a short description in a script without spaces',
      { description: 'この利用者の未読メールを一覧にして本文の要約とともに返します' },
    ],
    ['a bound by enum', withInput({ type: 'string', enum: ['a', 'b'] })],
    ['a bound by format', withInput({ type: 'string', format: 'date' })],
    ['a list that ends', withInput({ type: 'array', maxItems: 5, items: { type: 'integer' } })],
    ['a page size that ends', withInput({ type: 'integer', maximum: 50 }, 'per_page')],
    ['a number that is none', withInput({ type: 'integer' }, 'issue_number')],
    ['a map', withInput({ type: 'object', additionalProperties: { type: 'integer' } })],
    [
      'an object by reference',
      {
        ...withInput({ $ref: '#/$defs/thing' }),
        input_schema: schema(
          { thing: { $ref: '#/$defs/thing' } },
          { $defs: { thing: { type: 'string', maxLength: 3, description: 'A thing' } } },
        ),
      },
    ],
    ['an identifier that the caller gives', sent({ identifier: '{{identifier}}' })],
    ['a cursor, which is called a token', withInput({ type: 'string', maxLength: 99 }, 'page_token')],
    ['how many tokens', sent({ body: { max_tokens: 1000, token_type: 'something_long' } })],
    [
      'a key from an input',
      {
        ...withInput({ type: 'string', maxLength: 9 }),
        request: { path: '/x', query: { key: '{{thing}}' } },
      },
    ],
    ['a read-only GET', sent({ method: 'GET' })],
    ['a POST that searches', { ...sent({ method: 'POST', path: '/v1/search' }), read_only: true }],
    ['a POST to a GraphQL API', { ...sent({ path: '/graphql', body: { query: '{a}' } }), read_only: true }],
    ['a HEAD, which has no body to leak', { ...sent({ method: 'HEAD' }), output: undefined as never }],
    [
      'a nested use of an input',
      {
        ...withInput({ type: 'object', additionalProperties: false, properties: {} }),
        request: { path: '/x/{{thing.id}}' },
      },
    ],
  ])('%s', (_, tool) => {
    expect(found(tool)).toEqual([]);
  });
});

describe('what is found', () => {
  it.each<[string, Partial<LintedTool>, string[]]>([
    ['a version', named('get_v1_users'), ['name-states-action name']],
    ['a method', named('post_messages_send'), ['name-states-action name']],
    ['an API', named('slack_api_messages'), ['name-states-action name']],
    [
      'the path',
      named('gmail_users_settings_filters', '/gmail/v1/users/me/settings/filters'),
      ['name-states-action name'],
    ],
    ['camel case', named('slackSendMessage'), ['name-style name']],
    ['one word', named('send'), ['name-style name']],
    ['no description', { description: undefined as never }, ['tool-description description']],
    ['a blank description', { description: ' \n' }, ['tool-description description']],
    ['a short description', { description: 'Sends it' }, ['tool-description-length description']],
    ['the name again', { description: 'Slack: send a message' }, ['tool-description-length description']],
    [
      'an input without description',
      withInput({ type: 'boolean', description: '' }),
      ['input-description input_schema.properties.thing'],
    ],
    [
      'a nested input without description',
      withInput({ type: 'object', additionalProperties: false, properties: { deep: { type: 'boolean' } } }),
      ['input-description input_schema.properties.thing.properties.deep'],
    ],
    ['no type', withInput({}), ['typed-input input_schema.properties.thing']],
    ['any string', withInput({ type: 'string' }), ['bounded-string input_schema.properties.thing']],
    [
      'any string or null',
      withInput({ type: ['string', 'null'] }),
      ['bounded-string input_schema.properties.thing'],
    ],
    [
      'any string in a union',
      withInput({ anyOf: [{ type: 'string' }, { type: 'null' }] }),
      ['bounded-string input_schema.properties.thing.anyOf.0'],
    ],
    [
      'any list of any strings',
      withInput({ type: 'array', items: { type: 'string' } }),
      ['bounded-string input_schema.properties.thing.items', 'bounded-list input_schema.properties.thing'],
    ],
    ...['limit', 'per_page', 'maxResults', 'page_size', 'pageSize', 'num_results', 'top'].map(
      (name): [string, Partial<LintedTool>, string[]] => [
        `an open ${name}`,
        withInput({ type: 'integer', minimum: 1 }, name),
        [`bounded-page-size input_schema.properties.${name}`],
      ],
    ),
    ['any object', withInput({ type: 'object' }), ['free-form-object input_schema.properties.thing']],
    [
      'an open list of properties',
      { input_schema: { type: 'object', properties: { channel } } },
      ['closed-input input_schema'],
    ],
    [
      'too many inputs',
      {
        input_schema: schema(Object.fromEntries(Array.from({ length: 13 }, (_, i) => [`i${i}`, channel]))),
        request: {
          path: '/x',
          body: Object.fromEntries(Array.from({ length: 13 }, (_, i) => [`i${i}`, `{{i${i}}}`])),
        },
      },
      ['input-count input_schema.properties'],
    ],
    [
      'a required input that is none',
      { input_schema: schema({ channel }, { required: ['channel', 'txt'] }) },
      ['required-input input_schema.required.1'],
    ],
    [
      'an input that is not used',
      { input_schema: schema({ channel, text: channel }) },
      ['used-input input_schema.properties.text'],
    ],
    [
      'the identifier from the model',
      {
        ...withInput({ type: 'string', maxLength: 9 }, 'user_id'),
        request: { path: '/x', identifier: '{{user_id}}' },
      },
      ['identifier-from-model request.identifier'],
    ],
    [
      'the identifier as an input',
      { input_schema: schema({ channel, identifier: channel }) },
      ['account-input input_schema.properties.identifier'],
    ],
    [
      'a key in a header',
      sent({ headers: { 'X-Api-Key': 'hunter2-hunter2' } }),
      ['no-secret request.headers.X-Api-Key'],
    ],
    ['a key in the query', sent({ query: { key: 'hunter2-hunter2' } }), ['no-secret request.query.key']],
    ['a key in the path', sent({ path: '/x?a=1&api_key=hunter2-hunter2' }), ['no-secret request.path']],
    [
      'a password in the body',
      sent({ body: { login: [{ password: 'hunter2-hunter2' }] } }),
      ['no-secret request.body.login.0.password'],
    ],
    [
      'a token by its shape',
      sent({ body: { note: `ghp_${'a'.repeat(36)}` } }),
      ['no-secret request.body.note'],
    ],
    [
      'a token in a header',
      sent({ headers: { 'X-Auth': 'Bearer abcdefghijklmnop' } }),
      ['no-secret request.headers.X-Auth'],
    ],
    [
      'a token in a description',
      { description: `Send it with xoxb-${'1'.repeat(12)}, as the user` },
      ['no-secret description'],
    ],
    [
      'a token in an example',
      { examples: [{ input: { channel: 'AKIAABCDEFGHIJKLMNOP' } }] },
      ['no-secret examples.0.input.channel'],
    ],
    [
      'a password as an input',
      withInput({ type: 'string', maxLength: 9 }, 'api_key'),
      ['secret-input input_schema.properties.api_key'],
    ],
    ['no output', { output: undefined as never }, ['shaped-output output']],
    ...['.', ' . ', '(.)', '.[]', '[.[]]', '. # all'].map(
      (output): [string, Partial<LintedTool>, string[]] => [
        `the output ${output}`,
        { output },
        ['shaped-output output'],
      ],
    ),
    [
      'a DELETE marked read-only',
      { ...sent({ method: 'DELETE' }), read_only: true },
      ['read-only-method read_only'],
    ],
    ['a POST marked read-only', { read_only: true }, ['read-only-post read_only']],
    ['no output schema', { output_schema: undefined as never }, ['output-schema output_schema']],
    ['no example', { examples: [] }, ['example examples']],
  ])('%s', (_, tool, expected) => {
    expect(found(tool)).toEqual(expected);
  });

  it('a message and an advice for each, without the secret that was found', () => {
    const secret = `ghp_${'s3cr3t'.repeat(6)}`;
    const tool = { ...good, ...sent({ headers: { 'X-Token': secret }, path: `/x?token=${secret}` }) };
    const findings = rules.flatMap((rule) => [...rule.check(tool)]);
    expect(findings).toHaveLength(2);
    expect(JSON.stringify(findings)).not.toContain('s3cr3t');
    expect(findings.every(({ message, advice }) => message.length > 20 && advice.length > 10)).toBe(true);
  });

  it('of a module’s tool what its definition tells', () => {
    const { request: _request, output: _output, examples: _examples, ...definition } = good;
    const findings = rules.flatMap((rule) => [...rule.check(definition)]);
    expect(findings).toEqual([]);
  });
});

it('rules have ids of their own', () => {
  const ids = rules.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => /^[a-z]+(-[a-z]+)*$/.test(id))).toBe(true);
});
