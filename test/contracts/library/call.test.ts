import type { ScalekitClient } from '@scalekit-sdk/node';
import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadTools } from '../../../src/contracts/library.ts';
import { addSecret } from '../../commands/secrets.ts';
import { useEnvironment } from '../../commands/support/environment.ts';
import type { Answer } from '../../commands/support/http.ts';
import { folderWith } from '../support/files.ts';
import { appClient, type Draft, toolErrorOf, toolsWith, toolWith } from './support/client.ts';

const PENDING = ['EXPIRED', 'PENDING_AUTH', 'PENDING_VERIFICATION', 'DISCONNECTED'] as const;
const environment = useEnvironment(({ token }) => ({
  environment: { token_lifetime: 60 },
  accounts: [
    ...PENDING.map((status) => ({
      connection: 'rest',
      identifier: `is_${status}`,
      status,
      credentials: { token },
    })),
    { connection: 'rest', identifier: 'jörg', credentials: { token } },
  ],
}));
const USER = { identifier: 'user_1' };
let client: ScalekitClient;
beforeAll(() => {
  client = appClient(environment);
});
beforeEach(() => {
  environment.rest.received.length = 0;
});

const json =
  (body: string, status = 200): Answer =>
  (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body);
  };

/** What the tool gives for what the provider answers. */
async function outputFor(draft: Draft, input: unknown, answer: Answer): Promise<unknown> {
  environment.rest.at('/at', answer);
  return (await toolsWith(client, draft)).call('tool', input, USER);
}

describe('a call', () => {
  it('in a fresh process signs in, sends what the contract says and gives the output', async () => {
    environment.rest.at('/v1/a%2Fb', json('{"messages":[{"id":"m1","noise":1}]}'));
    const fresh = appClient(environment);
    const tools = await toolsWith(fresh, {
      input_schema: {
        type: 'object',
        properties: {
          id: { type: 'string' },
          tags: { type: 'array' },
          most: { type: 'integer', default: 10 },
        },
        required: ['id'],
      },
      request: {
        path: '/v1/{{id}}',
        query: { tag: '{{tags}}', most: '{{most}}', q: 'is:unread & new' },
        headers: { 'X-Thing': '{{most}}' },
      },
      output: '{messages: [.messages[] | {id}]}',
    });
    const output = await tools.call('tool', { id: 'a/b', tags: ['x y', 'ü'] }, USER);
    expect(output).toEqual({ messages: [{ id: 'm1' }] });
    const [received] = environment.rest.received;
    expect(received).toMatchObject({
      method: 'GET',
      url: '/v1/a%2Fb?tag=x%20y&tag=%C3%BC&most=10&q=is%3Aunread%20%26%20new',
      headers: { 'x-thing': '10', authorization: `Bearer ${environment.restToken}` },
    });
    expect(environment.rest.received).toHaveLength(1);
  });

  it.each([
    ['JSON', { body: { text: '{{text}}' } }, '{"text":"é ☃ \\"q\\""}', 'application/json'],
    [
      'a form',
      {
        headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
        body: { text: '{{text}}', n: [1, 2] },
      },
      'text=%C3%A9+%E2%98%83+%22q%22&n=1&n=2',
      'application/x-www-form-urlencoded',
    ],
    ['a text', { body: 'say {{text}}' }, 'say é ☃ "q"', 'text/plain; charset=utf-8'],
    ['a number', { body: '{{number}}' }, '5', 'application/json'],
  ])('a body that is %s arrives byte for byte', async (_what, request, body, type) => {
    const input_schema = {
      type: 'object',
      properties: { text: { type: 'string' }, number: { type: 'integer', default: 5 } },
    };
    await outputFor({ input_schema, request }, { text: 'é ☃ "q"' }, json('{}'));
    const [received] = environment.rest.received;
    expect(received?.body.toString()).toBe(body);
    expect(received?.headers['content-type']).toBe(type);
    expect(received?.method).toBe('POST');
  });

  it.each<[string, Answer, unknown]>([
    ['JSON', json('{"a":[1,null,"x"]}'), { a: [1, null, 'x'] }],
    ['a JSON string', json('"done"'), 'done'],
    ['nothing', (_request, response) => void response.writeHead(204).end(), null],
    [
      'text that reads as JSON',
      (_request, response) => void response.writeHead(200, { 'content-type': 'text/plain' }).end('true'),
      'true',
    ],
    [
      'text in another charset',
      (_request, response) =>
        void response
          .writeHead(200, { 'content-type': 'text/plain; charset=utf-8' })
          .end(Buffer.from('grün', 'utf8')),
      'grün',
    ],
    [
      'JSON that says it is text',
      (_request, response) => void response.writeHead(200, { 'content-type': 'text/plain' }).end('{"a":1}'),
      { a: 1 },
    ],
  ])('%s is taken as it is meant', async (_what, answer, output) => {
    expect(await outputFor({ request: {} }, {}, answer)).toEqual(output);
  });

  it('a path with other characters is no redirect', async () => {
    environment.rest.at('/caf%C3%A9%20x/%E2%98%83', json('{"a":1}'));
    const tools = await toolsWith(client, { request: { path: '/café x/☃', query: { 'q[]': "a'b|c" } } });
    expect(await tools.call('tool', {}, USER)).toEqual({ a: 1 });
  });

  it('takes the arguments as OpenAI gives them', async () => {
    const output = await outputFor({ request: {}, output: '.a' }, '{}', json('{"a":1}'));
    expect(output).toBe(1);
  });

  it('goes through all pages', async () => {
    environment.rest.at('/at', ({ url }, response) => {
      const page = Number(new URL(url, 'http://x').searchParams.get('page') ?? '1');
      const next = page < 3 ? `,"next":${page + 1}` : '';
      json(`{"items":[{"n":${page}}]${next}}`)({} as never, response);
    });
    const tools = await toolsWith(client, {
      request: {},
      pages: { next: '.next', page_param: 'page', items: '.items' },
      output: 'map(.n)',
    });
    expect(await tools.call('tool', {}, USER)).toEqual([1, 2, 3]);
  });

  it('signs in again when the token has expired', async () => {
    environment.rest.at('/at', json('{}'));
    const tools = await toolsWith(client, { request: {} });
    await tools.call('tool', {}, USER);
    environment.clock.offsetMs += 3_600_000;
    expect(await tools.call('tool', {}, USER)).toEqual({});
  });

  it('signs in again when the token expires between pages', async () => {
    environment.rest.at('/at', ({ url }, response) => {
      const isFirst = !url.includes('page');
      if (isFirst) environment.clock.offsetMs += 3_600_000;
      json(isFirst ? '{"items":[1],"next":2}' : '{"items":[2]}')({} as never, response);
    });
    const tools = await toolsWith(client, {
      request: {},
      pages: { next: '.next', page_param: 'page', items: '.items' },
    });
    expect(await tools.call('tool', {}, USER)).toEqual([1, 2]);
  });

  it('looks once where several ask for the same account at once', async () => {
    environment.rest.at('/at', json('{}'));
    const looks = vi.spyOn(client.actions, 'listConnectedAccounts');
    const tools = await toolsWith(client, { request: {} });
    await Promise.all([1, 2, 3].map(() => tools.call('tool', {}, USER)));
    expect(looks).toHaveBeenCalledTimes(1);
    await tools.call('tool', {}, USER);
    expect(looks).toHaveBeenCalledTimes(2);
    looks.mockRestore();
  });

  it('is ended by its signal', async () => {
    const asked = new Promise<void>((resolve) => environment.rest.at('/at', () => resolve()));
    const end = new AbortController();
    const tools = await toolsWith(client, { request: {} });
    const call = tools.call('tool', {}, { ...USER, signal: end.signal });
    await asked;
    const reason = new Error('the user has gone');
    end.abort(reason);
    await expect(call).rejects.toBe(reason);
    await expect(tools.call('tool', {}, { ...USER, signal: end.signal })).rejects.toBe(reason);
    expect(environment.rest.received).toHaveLength(1);
  });

  it('takes the connection of the caller where the contract names none', async () => {
    environment.rest.at('/at', json('{"a":1}'));
    const { connection: _none, ...request } = toolWith({ request: {} }).request;
    const tools = await loadTools({ tools: [{ ...toolWith({ request: {} }), request }] }, { client });
    expect(await tools.call('tool', {}, { ...USER, connectionName: 'rest' })).toEqual({ a: 1 });
    expect(await toolErrorOf(tools.call('tool', {}, USER))).toMatchObject({
      code: 'invalid_input',
      message: 'tool needs to be told the connection it is called for',
    });
  });
});

describe('what the model gets to read', () => {
  it('all that does not fit, before anything is sent', async () => {
    const tools = await toolsWith(client, {
      input_schema: {
        type: 'object',
        properties: { channel: { type: 'string' }, most: { type: 'integer', maximum: 100 } },
        required: ['channel'],
        additionalProperties: false,
      },
      request: {},
    });
    const error = await toolErrorOf(tools.call('tool', { most: 900, chanel: 'x' }, USER));
    expect(error).toMatchObject({ code: 'invalid_input', toolName: 'tool', httpStatus: undefined });
    expect(error.message).toMatch(/^the input does not fit tool: /);
    for (const said of ['channel is required', 'most must be <= 100', 'did you mean channel?'])
      expect(error.message).toContain(said);
    expect(environment.rest.received).toEqual([]);
  });

  it.each([[null], [undefined], ['no JSON'], ['[1]'], [['a']]])('that %j is no input', async (input) => {
    const tools = await toolsWith(client, { request: {} });
    const error = await toolErrorOf(tools.call('tool', input, USER));
    expect(error).toMatchObject({ code: 'invalid_input', message: 'the input is no JSON object' });
  });

  it('the nearest name of an unknown tool', async () => {
    const tools = await toolsWith(client, { name: 'slack_send_message', request: {} });
    const error = await toolErrorOf(tools.call('slack_send\u001b[31m_mesage', {}, USER));
    expect(error).toMatchObject({ code: 'unknown_tool' });
    expect(error.message).toContain('did you mean slack_send_message?');
    expect(error.message).not.toContain('\u001b');
  });

  it.each(PENDING)('that the account is %s, and the app how to get a link', async (status) => {
    const tools = await toolsWith(client, { request: {} });
    const identifier = `is_${status}`;
    const error = await toolErrorOf(tools.call('tool', {}, { identifier }));
    expect(error).toMatchObject({ code: 'account_not_active', connectionName: 'rest' });
    expect(error.message).toContain(`the user's account on rest is ${status}, not ACTIVE`);
    expect(error.message).not.toContain(identifier);
    expect(error.hint).toContain(
      status === 'PENDING_VERIFICATION'
        ? 'verifyConnectedAccountUser'
        : `client.actions.getAuthorizationLink({"connectionName":"rest","identifier":"${identifier}"})`,
    );
    expect(environment.rest.received).toEqual([]);
  });

  it('that there is no account, and none is created', async () => {
    const before = environment.sandbox.control.accounts().length;
    const tools = await toolsWith(client, { request: {} });
    const error = await toolErrorOf(tools.call('tool', {}, { identifier: 'nobody' }));
    expect(error).toMatchObject({
      code: 'account_not_active',
      message: 'the user has no account on rest yet: they have to authorize it first',
    });
    expect(environment.sandbox.control.accounts()).toHaveLength(before);
  });

  it('what fail_when found, in the words of error', async () => {
    environment.rest.at('/at', json('{"ok":false,"error":"channel_not_found","debug":"s3cret"}'));
    const tools = await toolsWith(client, {
      request: {},
      fail_when: '.ok == false',
      error: '"Slack error: " + .error',
    });
    expect(await toolErrorOf(tools.call('tool', {}, USER))).toMatchObject({
      code: 'tool_error',
      message: 'Slack error: channel_not_found',
    });
  });

  it.each<[string, Answer, string, RegExp]>([
    [
      'an expression that fails',
      json('{"a":1}'),
      '.a | keys',
      /^tool cannot read the answer: its output failed/,
    ],
    [
      'a body that is no text',
      (_request, response) =>
        response.writeHead(200, { 'content-type': 'image/png' }).end(Buffer.from([137, 80, 0, 255])),
      '.',
      /with a body image\/png, no text/,
    ],
  ])('%s', async (_what, answer, output, message) => {
    environment.rest.at('/at', answer);
    const tools = await toolsWith(client, { request: {}, output });
    const error = await toolErrorOf(tools.call('tool', {}, USER));
    expect(error.code).toBe('bad_answer');
    expect(error.message).toMatch(message);
  });

  it('that a redirect is not taken for an answer', async () => {
    environment.rest.at('/at', (_request, response) => {
      response.writeHead(302, { location: '/proxy/elsewhere' }).end();
    });
    environment.rest.at('/elsewhere', json('{"a":1}'));
    const tools = await toolsWith(client, { request: {} });
    const error = await toolErrorOf(tools.call('tool', {}, USER));
    expect(error).toMatchObject({ code: 'provider_error', httpStatus: undefined });
    expect(error.message).toBe('the provider redirected the call: what is answered elsewhere is not taken');
  });

  it('with strictOutput, that the output is not what was promised', async () => {
    environment.rest.at('/at', json('{"id":"seven"}'));
    const draft = { request: {}, output_schema: { type: 'object', properties: { id: { type: 'integer' } } } };
    const lenient = await toolsWith(client, draft);
    expect(await lenient.call('tool', {}, USER)).toEqual({ id: 'seven' });
    const strict = await loadTools({ tools: [toolWith(draft)] }, { client, strictOutput: true });
    expect(await toolErrorOf(strict.call('tool', {}, USER))).toMatchObject({
      code: 'bad_answer',
      message: 'what tool gives does not fit its output_schema: /id must be integer, not "seven"',
    });
  });
});

describe("what is not the model's", () => {
  const asks = {
    input_schema: {
      type: 'object',
      properties: { identifier: { type: 'string' } },
      required: ['identifier'],
    },
  };

  it('the identifier: filled in, and another one is refused', async () => {
    environment.rest.at('/at', json('{"a":1}'));
    const tools = await toolsWith(client, { ...asks, request: {} });
    expect(await tools.call('tool', {}, USER)).toEqual({ a: 1 });
    expect(await tools.call('tool', { identifier: 'user_1' }, USER)).toEqual({ a: 1 });
    expect(await toolErrorOf(tools.call('tool', { identifier: 'user_2' }, USER))).toMatchObject({
      code: 'invalid_input',
    });
    expect(tools.definitions('anthropic')[0]?.input_schema).toEqual({ type: 'object', properties: {} });
  });

  it.each([[undefined], [{}], [{ identifier: '' }], [{ identifier: 7 }]])(
    'a call for %j is refused',
    async (caller) => {
      const tools = await toolsWith(client, { ...asks, request: {} });
      const call = tools.call('tool', { identifier: 'user_1' }, caller as never);
      await expect(call).rejects.toThrow(TypeError);
      expect(environment.rest.received).toEqual([]);
    },
  );

  it.each(['jörg', 'user_1\u{e0001}', ' user_1', 'user_1\r\nx: y'])(
    'an identifier that the SDK would change is not sent: %j',
    async (identifier) => {
      const looks = vi.spyOn(client.actions, 'listConnectedAccounts');
      const tools = await toolsWith(client, { request: {} });
      expect((await toolErrorOf(tools.call('tool', {}, { identifier }))).code).toBe('invalid_input');
      expect(looks).not.toHaveBeenCalled();
      looks.mockRestore();
    },
  );

  it.each(['..', '.', '../x', '%2e%2e'])('a path that leads elsewhere: %s', async (id) => {
    environment.rest.at('/at/%252e%252e', json('"kept"'));
    const input_schema = { type: 'object', properties: { id: { type: 'string' } }, required: ['id'] };
    const tools = await toolsWith(client, { input_schema, request: { path: '/at/{{id}}' } });
    const call = tools.call('tool', { id }, USER);
    // What is encoded twice is a name like any other.
    if (id.startsWith('%')) expect(await call).toBe('kept');
    else expect((await toolErrorOf(call)).code).toBe('invalid_input');
    expect(environment.rest.received.every(({ url }) => url === '/at/%252e%252e')).toBe(true);
  });
});

describe('Scalekit itself', () => {
  it('refuses the credentials', async () => {
    const { SCALEKIT_ENV_URL: url, SCALEKIT_CLIENT_ID: id } = environment.sandbox.env;
    const secret = 'not-the-right-secret';
    addSecret('a wrong client secret', secret);
    const { ScalekitClient } = await import('@scalekit-sdk/node');
    const tools = await toolsWith(new ScalekitClient(url, id, secret), { request: {} });
    expect(await toolErrorOf(tools.call('tool', {}, USER))).toMatchObject({
      code: 'scalekit_error',
      message: "Scalekit refused the app's credentials",
    });
  });

  it('has the proxy off', async () => {
    const tools = await toolsWith(client, { request: { connection: 'off' } });
    expect(await toolErrorOf(tools.call('tool', {}, USER))).toMatchObject({
      code: 'scalekit_error',
      httpStatus: 400,
      message: "Scalekit's proxy refused the call: proxy not enabled for provider",
    });
  });

  it('cannot reach the provider', async () => {
    environment.rest.at('/at', (request, response) => response.destroy(request as never));
    const tools = await toolsWith(client, { request: {} });
    const error = await toolErrorOf(tools.call('tool', {}, USER));
    expect(error).toMatchObject({ code: 'provider_error', httpStatus: 502 });
    expect(error.message).toMatch(/^Scalekit's proxy got no answer from the provider: /);
  });

  it('does not answer in time', async () => {
    const { env } = environment.sandbox;
    const { ScalekitClient } = await import('@scalekit-sdk/node');
    const impatient = new ScalekitClient(
      env.SCALEKIT_ENV_URL,
      env.SCALEKIT_CLIENT_ID,
      env.SCALEKIT_CLIENT_SECRET,
      { toolTimeoutMs: 300 },
    );
    environment.rest.at('/at', () => {});
    const tools = await toolsWith(impatient, { request: {} });
    expect(await toolErrorOf(tools.call('tool', {}, USER))).toMatchObject({
      code: 'scalekit_error',
      message: 'Scalekit did not answer in time',
    });
  });

  it('cannot be reached', async () => {
    const { ScalekitClient } = await import('@scalekit-sdk/node');
    const tools = await toolsWith(new ScalekitClient('http://127.0.0.1:9', 'skc_1', 'nothing'), {
      request: {},
    });
    expect(await toolErrorOf(tools.call('tool', {}, USER))).toMatchObject({
      code: 'scalekit_error',
      message: 'Scalekit cannot be reached',
    });
  });
});

describe('loadTools', () => {
  const TOOLS =
    'tools:\n  - name: a\n    input_schema: { type: object }\n    request: { connection: rest, path: /at }\n';

  it('reads a path, a URL and a module', async () => {
    environment.rest.at('/at', json('{"a":1}'));
    const folder = await folderWith({
      'tools.yaml': TOOLS,
      'tools.mjs': `export const customTools = [{ name: 'm', input_schema: { type: 'object' } }];
        export const routeToolCall = (name, input) => ({ name, input });`,
    });
    const fromPath = await loadTools(`${folder}/tools.yaml`, { client });
    const fromUrl = await loadTools(new URL(`file://${folder}/tools.yaml`), { client });
    const fromModule = await loadTools(`${folder}/tools.mjs`, { client });
    expect([fromPath.names(), fromUrl.names(), fromModule.names()]).toEqual([['a'], ['a'], ['m']]);
    expect(await fromUrl.call('a', {}, USER)).toEqual({ a: 1 });
    expect(await fromModule.call('m', { x: 1 }, USER)).toEqual({ name: 'm', input: { x: 1 } });
  });

  it('tells all that is wrong, with the places', async () => {
    const folder = await folderWith({ 'tools.yaml': TOOLS.replace('/at', 'at').replace('object', 'list') });
    await expect(loadTools(`${folder}/tools.yaml`, { client })).rejects.toMatchObject({
      code: 'bad_contract',
      message: expect.stringMatching(
        /tools\.yaml:3:\d+ tools\[0\]\.input_schema[^]*tools\.yaml:4:\d+ tools\[0\]\.request\.path/,
      ),
    });
    const parsed = { tools: [{ name: 'a b', input_schema: {}, request: { path: 'x' } }] };
    await expect(loadTools(parsed as never, { client })).rejects.toMatchObject({
      code: 'bad_contract',
      message: expect.stringContaining('tools[0].name'),
    });
    await expect(loadTools(undefined as never, { client })).rejects.toMatchObject({ code: 'bad_contract' });
  });
});
