import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jqOutputs } from '../../../src/json/jq.ts';
import { compileSchema } from '../../../src/json/schema.ts';
import { looksLikeId } from '../../../src/tools/new/id-shape.ts';
import { freeName, idName, inputName } from '../../../src/tools/new/input-names.ts';
import { proposeError } from '../../../src/tools/new/propose-error.ts';
import { proposeOutput } from '../../../src/tools/new/propose-output.ts';
import { isOptionalName, proposeSchema } from '../../../src/tools/new/propose-schema.ts';

it.each([
  ['42', true],
  ['C024BE91L', true],
  ['cus_9s6XKzkNRiz8i3', true],
  ['18f3a9c2b7d4e511', true],
  ['123e4567-e89b-42d3-a456-426614174000', true],
  ['ada@example.com', true],
  ['messages', false],
  ['me', false],
  ['v1', false],
  ['oauth2', false],
  ['2024-01', false],
  ['2024-01-31', false],
  ['chat.postMessage', false],
])('whether %s looks like an id: %s', (segment, expected) => {
  expect(looksLikeId(segment)).toBe(expected);
});

it.each([
  [['maxResults'], 'max_results'],
  [['per-page'], 'per_page'],
  [['filter[state]'], 'filter_state'],
  [['ids[]'], 'ids'],
  [['日本'], 'input'],
  [['user', 'id'], 'user_id'],
])('the input of %j is called %s', (words, expected) => {
  expect(inputName(...words)).toBe(expected);
});

it.each([
  ['users', '42', 'user_id'],
  ['companies', '42', 'company_id'],
  ['addresses', '42', 'address_id'],
  ['boxes', '42', 'box_id'],
  ['status', '42', 'status_id'],
  ['users', 'ada@example.com', 'user_email'],
  [undefined, '42', 'id'],
])('what follows %s is its %s: %s', (before, value, expected) => {
  expect(idName(before, value)).toBe(expected);
});

it.each([
  [['id', 'path_id'], [], 'id'],
  [['id', 'path_id'], ['id'], 'path_id'],
  [['id', 'path_id'], ['id', 'path_id'], 'path_id_2'],
  [['identifier', 'query_identifier'], [], 'query_identifier'],
  [['identifier'], [], 'identifier_2'],
])('of %j with %j taken: %s', (candidates, taken, expected) => {
  expect(freeName(candidates, new Set(taken))).toBe(expected);
});

describe('schemas', () => {
  it.each<[string, unknown, object]>([
    ['sure', true, { type: 'boolean' }],
    ['number', 7, { type: 'integer' }],
    ['ratio', 0.5, { type: 'number' }],
    ['per_page', 10, { type: 'integer', minimum: 1, maximum: 100, default: 10 }],
    ['limit', 500, { type: 'integer', minimum: 1, maximum: 500, default: 500 }],
    ['page', 1, { type: 'integer', minimum: 1 }],
    ['offset', 0, { type: 'integer', minimum: 0 }],
    ['channel', 'C1', { type: 'string', maxLength: 200 }],
    ['text', 'Hi', { type: 'string', maxLength: 4000 }],
    ['query', 'x'.repeat(150), { type: 'string', maxLength: 300 }],
    ['day', '2025-01-31', { type: 'string', format: 'date' }],
    ['since', '2025-01-31T12:00:00Z', { type: 'string', format: 'date-time' }],
    ['to', 'ada@example.com', { type: 'string', format: 'email' }],
    ['site', 'https://example.com/a?b=c', { type: 'string', format: 'uri' }],
    ['id', '123e4567-e89b-42d3-a456-426614174000', { type: 'string', format: 'uuid' }],
    [
      'mixed',
      ['a', 1],
      { type: 'array', items: { type: ['string', 'integer'], maxLength: 200 }, maxItems: 50 },
    ],
    ['ids', ['a'], { type: 'array', items: { type: 'string', maxLength: 200 }, maxItems: 50 }],
    [
      'filter',
      { open: true },
      { type: 'object', properties: { open: { type: 'boolean' } }, additionalProperties: false },
    ],
  ])('of %s', (name, value, expected) => {
    expect(proposeSchema(name, value)).toEqual(expected);
  });

  it('fit the value that they are made of', async () => {
    const text = fc.oneof(
      fc.string(),
      fc.webUrl(),
      fc.emailAddress(),
      fc.uuid(),
      fc.date({ noInvalidDate: true }).map((date) => date.toISOString()),
    );
    const name = fc.constantFrom('id', 'text', 'limit', 'page', 'offset');
    const scalar = fc.oneof(
      text,
      fc.nat(),
      fc.boolean(),
      fc.integer(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
    );
    const value = fc.oneof(scalar, fc.array(text, { minLength: 1 }), fc.dictionary(fc.string(), scalar));
    await fc.assert(
      fc.asyncProperty(name, value, async (name, value) => {
        const validate = await compileSchema(proposeSchema(name, value), { isStrict: true });
        expect(validate(value)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['per_page', true],
    ['cursor', true],
    ['pageToken', true],
    ['channel', false],
  ])('whether %s may be left out: %s', (name, expected) => {
    expect(isOptionalName(name)).toBe(expected);
  });
});

describe('outputs', () => {
  it.each<[string, unknown, string]>([
    ['nothing', null, '{done: true}'],
    ['a text', 'ok', '{result: .}'],
    ['no more than an acknowledgement', { ok: true }, '{done: true}'],
    ['Slack’s message', { ok: true, channel: 'C1', ts: '1.2' }, '{channel, ts}'],
    [
      'Gmail’s list',
      { messages: [{ id: 'a', threadId: 'b' }], resultSizeEstimate: 1 },
      '{messages: [.messages[]? | {id, threadId}], resultSizeEstimate}',
    ],
    ['an empty list', { messages: [] }, '{messages: (.messages // [])}'],
    ['a list without a name', [{ id: 1, node_id: 'x' }], '{repos: [.[]? | {id}], count: length}'],
    ['a list of texts', ['a'], '{repos: ., count: length}'],
    [
      'GitHub’s issue',
      {
        url: 'a',
        html_url: 'b',
        id: 1,
        events_url: 'c',
        user: { login: 'ada', id: 2, avatar_url: 'd' },
        assignee: null,
      },
      '{html_url, id, user: (.user | {login, id})}',
    ],
    [
      'names of what is in an item',
      [{ id: 1, user: { login: 'ada', id: 2 }, labels: [{ id: 3, name: 'bug' }], tags: ['a'] }],
      '{repos: [.[]? | {id, user: .user.login, labels: [.labels[]?.name?], tags}], count: length}',
    ],
    [
      'what an item has only at times',
      [
        { id: 1, a: null },
        { id: 2, a: 'x' },
      ],
      '{repos: [.[]? | {id, a}], count: length}',
    ],
    ['items of several kinds', [{ id: 1 }, 2], '{repos: ., count: length}'],
    [
      'fields of several kinds',
      [
        { id: 1, user: { id: 2 } },
        { id: 1, user: 'ada' },
      ],
      '{repos: [.[]? | {id}], count: length}',
    ],
    ['a wrapper', { data: { id: 1, name: 'x' } }, '.data | {id, name}'],
    [
      'GraphQL’s connections',
      { data: { viewer: { repos: { edges: [{ cursor: 'x', node: { name: 'a' } }] } } } },
      '.data.viewer.repos | {edges: [.edges[]?.node | {name}]}',
    ],
    ['long texts', { id: 1, blob: 'x'.repeat(400), body: 'x'.repeat(400) }, '{id, body}'],
    [
      'keys that are no names',
      { 'a-b': 1, end: 2, 日: 3, 'a\\(b)"': [1] },
      '{"a-b", "end", "日", "a\\\\(b)\\"": (."a\\\\(b)\\"" // [])}',
    ],
    ['jq’s keywords', { if: 1, label: [1] }, '{"if", "label": (."label" // [])}'],
    [
      'too much',
      Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`f${i}`, i]).concat([['id', 1]])) as object,
      `{${Array.from({ length: 11 }, (_, i) => `f${i}`).join(', ')}, id}`,
    ],
  ])('of %s', (_, answer, expected) => {
    expect(proposeOutput(answer, 'repos')).toBe(expected);
  });

  it('are jq that gives one value, whatever the answer', async () => {
    await fc.assert(
      fc.asyncProperty(fc.jsonValue({ depthSize: 'small' }), async (answer) => {
        expect(await jqOutputs(proposeOutput(answer, 'items'), JSON.stringify(answer))).toHaveLength(1);
      }),
      { numRuns: 150 },
    );
  });

  it('take an answer in which a list is missing', async () => {
    const output = proposeOutput({ messages: [{ id: 'a', to: [{ name: 'x' }] }], total: 1 }, 'x');
    expect(await jqOutputs(output, '{"total":0}')).toEqual(['{"messages":[],"total":0}']);
    expect(await jqOutputs(output, '{"messages":[{"id":"b"}]}')).toEqual([
      '{"messages":[{"id":"b","to":[]}],"total":null}',
    ]);
  });
});

describe('errors', () => {
  const proposed = (answer: unknown, isGraphql = false) =>
    proposeError(answer, { toolName: 'slack_send_message', isGraphql });

  it('of an API that answers 200 whatever happens', async () => {
    const { fail_when: failWhen, error } = proposed({ ok: true, ts: '1' });
    expect(failWhen).toBe('.ok == false');
    expect(await jqOutputs(error ?? '', '{"ok":false,"error":"channel_not_found"}')).toEqual([
      '"Slack error: channel_not_found"',
    ]);
    expect(await jqOutputs(error ?? '', '{"ok":false}')).toEqual(['"Slack error: unknown"']);
  });

  it('of GraphQL', async () => {
    const { fail_when: failWhen, error } = proposed({ data: {} }, true);
    expect(failWhen).toBe('.errors');
    expect(await jqOutputs(error ?? '', '{"errors":[{"message":"no"}]}')).toEqual(['"Slack error: no"']);
  });

  it.each([[{ id: 1 }], [[1]], [null], ['ok']])('none of %j', (answer) => {
    expect(proposed(answer)).toEqual({});
  });
});
