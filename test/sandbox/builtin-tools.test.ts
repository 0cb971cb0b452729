import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  isToolException,
  ScalekitBadRequestException,
  type ScalekitClient,
  ScalekitNotFoundException,
} from '@scalekit-sdk/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Contract } from '../../src/contracts/contract.ts';
import type { Lockfile } from '../../src/contracts/lockfile.ts';
import type { FaultConfig } from '../../src/sandbox/config/types.ts';
import {
  type ConnectorDefinition,
  loadSandboxConfig,
  type Sandbox,
  type SandboxConfig,
  SandboxConfigError,
  type SandboxOptions,
  startSandbox,
} from '../../src/sandbox/start.ts';
import { accessToken, connector, sandboxWith, signedInSdk } from './support/sandbox.ts';
import { bodyText, upstream } from './support/upstream.ts';

const list: Contract = {
  name: 'notes_note_list',
  description: 'Lists notes, newest first',
  input_schema: {
    type: 'object',
    properties: { limit: { type: 'integer', minimum: 1, default: 5 }, tag: { type: 'string' } },
    additionalProperties: false,
  },
  output_schema: { type: 'object', properties: { notes: { type: 'array' } } },
  request: { path: '/v1/notes', query: { per_page: '{{limit}}', tag: '{{tag}}' } },
  output: '{notes: [.items[] | {id}]}',
  scopes: ['notes:read'],
};

const create: Contract = {
  name: 'notes_note_create',
  description: 'Creates a note',
  input_schema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
  request: { path: '/v1/notes', body: { text: '{{text}}', author: '{{identifier}}' } },
  fail_when: '.ok == false',
  error: '.reason',
};

interface Seen {
  line: string;
  headers: IncomingMessage['headers'];
  body: string;
}

interface Api {
  origin: string;
  seen: Seen[];
  answer: { status: number; body: string; headers: Record<string, string> };
}

async function notesApi(): Promise<Api> {
  const api: Api = {
    origin: '',
    seen: [],
    answer: { status: 200, body: '{"items":[{"id":1,"text":"a"}]}', headers: {} },
  };
  api.origin = await upstream((request, response) => {
    void bodyText(request).then((body) => {
      api.seen.push({ line: `${request.method} ${request.url}`, headers: request.headers, body });
      const { status, headers } = api.answer;
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(headers['content-encoding'] === 'gzip' ? gzipSync(api.answer.body) : api.answer.body);
    });
  });
  return api;
}

const notes = (origin: string, own: Partial<ConnectorDefinition> = {}) =>
  connector({ display_name: 'Notes', proxy_url: origin, tools: [list, create], ...own });

function configOf(origin: string, own: Partial<SandboxConfig> = {}): SandboxConfig {
  return {
    connectors: [notes(origin), connector({ display_name: 'Other' })],
    connections: [
      { name: 'my-notes', connector: 'notes' },
      { name: 'other', connector: 'other' },
    ],
    accounts: [
      { connection: 'my-notes', identifier: 'user_1', credentials: { token: 'tok' } },
      { connection: 'my-notes', identifier: 'waiting' },
      { connection: 'other', identifier: 'user_1', credentials: { token: 'tok' } },
    ],
    ...own,
  };
}

interface Setting {
  api: Api;
  sdk: ScalekitClient;
  sandbox: Sandbox;
}

async function setting(
  own: (origin: string) => Partial<SandboxConfig> = () => ({}),
  options: Omit<SandboxOptions, 'config'> = {},
): Promise<Setting> {
  const api = await notesApi();
  const sandbox = await sandboxWith(configOf(api.origin, own(api.origin)), options);
  return { api, sdk: await signedInSdk(sandbox), sandbox };
}

function run({ sdk }: Setting, toolName: string, toolInput: Record<string, unknown> = {}) {
  return sdk.actions.executeTool({ toolName, connector: 'my-notes', identifier: 'user_1', toolInput });
}

async function thrownBy(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => new Error('nothing was thrown'),
    (error: unknown) => error,
  );
}

const names = (tools: { definition?: Record<string, unknown> | undefined }[]) =>
  tools.map(({ definition }) => definition?.['name']);

describe('listing', () => {
  it('gives the definition that an API takes as it is', async () => {
    const { sdk } = await setting();
    const { tools, totalSize } = await sdk.tools.listScopedTools('user_1', { filter: {} });
    expect(totalSize).toBe(2);
    expect(tools[0]).toMatchObject({
      identifier: 'user_1',
      connectedAccountId: expect.stringMatching(/^ca_/),
    });
    expect(tools[0]?.tool).toMatchObject({ provider: 'notes', tags: ['notes'], isDefault: true });
    expect(tools[0]?.tool?.definition).toEqual({
      name: 'notes_note_list',
      display_name: 'Notes Note List',
      description: 'Lists notes, newest first',
      provider: 'notes',
      input_schema: list.input_schema,
      output_schema: list.output_schema,
      annotations: { read_only_hint: true },
      scopes: ['notes:read'],
    });
    expect(tools[1]?.tool?.definition).not.toHaveProperty('annotations');
  });

  it.each<[string, Parameters<ScalekitClient['tools']['listScopedTools']>[1]['filter'], number]>([
    ['user_1', { connectionNames: ['my-notes'] }, 2],
    ['user_1', { connectionNames: ['other'] }, 0],
    ['user_1', { providers: ['notes'], toolNames: ['notes_note_create'] }, 1],
    ['waiting', {}, 0],
  ])('for %s by %j: %i', async (identifier, filter, expected) => {
    const { sdk } = await setting();
    expect((await sdk.tools.listScopedTools(identifier, { filter })).totalSize).toBe(expected);
  });

  it('the catalogue needs no account, nor a connection; it is narrowed by identifier, connector and words', async () => {
    const { sdk } = await setting((origin) => ({
      connectors: [
        notes(origin),
        connector({ display_name: 'Other' }),
        notes(origin, { display_name: 'Spare', tools: [{ ...list, name: 'spare_note_list' }] }),
      ],
    }));
    const listed = async (filter: object) => names((await sdk.tools.listTools({ filter })).tools);
    expect(await listed({})).toEqual(['notes_note_list', 'notes_note_create', 'spare_note_list']);
    expect(await listed({ provider: 'spare' })).toEqual(['spare_note_list']);
    expect(await listed({ query: 'NEWEST first' })).toEqual(['notes_note_list', 'spare_note_list']);
    expect(await listed({ identifier: 'waiting' })).toEqual(['notes_note_list', 'notes_note_create']);
    expect(await listed({ identifier: 'nobody' })).toEqual([]);
    expect(await listed({ connector: 'my-notes', identifier: 'user_1', query: 'create' })).toEqual([
      'notes_note_create',
    ]);
    const lonely = sdk.tools.listTools({ filter: { connector: 'my-notes' } });
    await expect(lonely).rejects.toBeInstanceOf(ScalekitBadRequestException);
    const available = await sdk.tools.listAvailableTools('waiting');
    expect(names(available.tools)).toContain('notes_note_create');
  });

  it("a model is not asked for the user's identifier", async () => {
    const asks = {
      ...create,
      input_schema: {
        type: 'object',
        properties: { identifier: { type: 'string' }, text: { type: 'string' } },
        required: ['identifier', 'text'],
      },
    };
    const { sdk } = await setting((origin) => ({ connectors: [notes(origin, { tools: [asks] })], ...ONE }));
    const [tool] = (await sdk.tools.listTools({})).tools;
    expect(tool?.definition?.['input_schema']).toEqual({
      type: 'object',
      properties: { text: { type: 'string' } },
      required: ['text'],
    });
  });
});

const ONE: Partial<SandboxConfig> = {
  connections: [{ name: 'my-notes', connector: 'notes' }],
  accounts: [{ connection: 'my-notes', identifier: 'user_1', credentials: { token: 'tok' } }],
};

describe('executing', () => {
  it("sends the contract's request with the account's credential, and gives its output", async () => {
    const here = await setting();
    const { data, executionId } = await run(here, 'notes_note_list', { tag: 'a b' });
    expect(data).toEqual({ notes: [{ id: 1 }] });
    expect(executionId).toMatch(/^exec_\d+$/);
    const [seen] = here.api.seen;
    expect(seen?.line).toBe('GET /v1/notes?per_page=5&tag=a%20b');
    expect(seen?.headers).toMatchObject({ authorization: 'Bearer tok' });
  });

  it('a body as JSON, the identifier filled in; by account, and by the name of the tool alone', async () => {
    const here = await setting();
    here.api.answer.body = '{"id": 7}';
    expect((await run(here, 'notes_note_create', { text: 'hi' })).data).toEqual({ id: 7 });
    expect(here.api.seen[0]).toMatchObject({
      line: 'POST /v1/notes',
      body: '{"text":"hi","author":"user_1"}',
    });
    const toolName = 'notes_note_create';
    const byName = await here.sdk.actions.executeTool({
      toolName,
      identifier: 'user_1',
      toolInput: { text: 'hi' },
    });
    expect(byName.data).toEqual({ id: 7 });
    const { tools } = await here.sdk.tools.listScopedTools('user_1', { filter: {} });
    const connectedAccountId = tools[0]?.connectedAccountId ?? '';
    const byId = await here.sdk.actions.executeTool({
      toolName,
      connectedAccountId,
      toolInput: { text: 'x' },
    });
    expect(byId.data).toEqual({ id: 7 });
  });

  it.each([
    ['[1, 2]', [1, 2]],
    ['"five"', 'five'],
    ['', null],
  ])('an output that is no object, %j, is put into one', async (body, result) => {
    const { output: _all, output_schema: _any, ...whole } = list;
    const here = await setting((origin) => ({ connectors: [notes(origin, { tools: [whole] })], ...ONE }));
    here.api.answer.body = body;
    expect((await run(here, 'notes_note_list')).data).toEqual({ result });
  });

  it('what was compressed is read', async () => {
    const here = await setting();
    here.api.answer.headers = { 'content-encoding': 'gzip' };
    expect((await run(here, 'notes_note_list')).data).toEqual({ notes: [{ id: 1 }] });
  });

  it('is refused for an input that does not fit, before anything is sent', async () => {
    const here = await setting();
    const error = await thrownBy(run(here, 'notes_note_list', { limit: 0, more: true }));
    expect(isToolException(error)).toBe(false);
    expect(error).toMatchObject({
      grpcStatus: 3,
      errorCode: 'VALIDATION_ERROR',
      message: expect.stringContaining('the input does not fit notes_note_list'),
      errDetails: [
        {
          validationErrorInfo: {
            fieldViolations: expect.arrayContaining([
              expect.objectContaining({ field: 'params.limit', description: 'must be >= 1, not 0' }),
              expect.objectContaining({ field: 'params.more', description: 'is not known to the tool' }),
            ]),
          },
        },
      ],
    });
    expect(here.api.seen).toEqual([]);
  });

  it.each<[number, string, string, number]>([
    [401, '{"message":"bad token"}', 'bad token', 16],
    [403, '{"message":"not yours"}', 'not yours', 7],
    [404, '{"error":"no such note"}', 'no such note', 5],
    [422, '{"errors":["text is too long"]}', 'text is too long', 2],
    [429, '', '429', 8],
    [500, 'oops', '500', 13],
    [503, '', '503', 13],
    [302, '', 'redirects are not followed', 2],
  ])("a provider's %i is a TOOL_ERROR, sent once", async (status, body, words, grpcStatus) => {
    const here = await setting();
    here.api.answer = { status, body, headers: {} };
    const error = await thrownBy(run(here, 'notes_note_create', { text: 'x' }));
    expect(isToolException(error)).toBe(true);
    expect(error).toMatchObject({
      grpcStatus,
      errDetails: [
        {
          toolErrorInfo: {
            toolErrorCode: String(status),
            toolErrorMessage: expect.stringContaining(words),
            executionId: expect.stringMatching(/^exec_/),
          },
        },
      ],
    });
    expect(here.api.seen).toHaveLength(1);
  });

  it('what fail_when finds, an answer that cannot be read, a provider that is gone or slow', async () => {
    const here = await setting();
    const codeOf = async (toolName: string, input = {}) => {
      const error = (await thrownBy(run(here, toolName, input))) as {
        errDetails: { toolErrorInfo: object }[];
      };
      return error.errDetails[0]?.toolErrorInfo;
    };
    here.api.answer.body = '{"ok": false, "reason": "out of paper"}';
    expect(await codeOf('notes_note_create', { text: 'x' })).toMatchObject({
      toolErrorCode: 'TOOL_EXECUTION_FAILED',
      toolErrorMessage: expect.stringContaining('out of paper'),
    });
    here.api.answer.body = '{"items": 7}';
    expect(await codeOf('notes_note_list')).toMatchObject({ toolErrorCode: 'INVALID_ANSWER' });

    const gone = await setting(() => ({ connectors: [notes('http://127.0.0.1:1')], ...ONE }));
    const unreachable = await thrownBy(run(gone, 'notes_note_list'));
    expect(unreachable).toMatchObject({
      grpcStatus: 14,
      errDetails: [{ toolErrorInfo: { toolErrorCode: 'UNREACHABLE' } }],
    });
    const origin = await upstream(() => {});
    const slow = await setting(() => ({ connectors: [notes(origin)], ...ONE }), { upstreamTimeoutMs: 100 });
    const late = await thrownBy(run(slow, 'notes_note_list'));
    expect(late).toMatchObject({
      grpcStatus: 4,
      errDetails: [{ toolErrorInfo: { toolErrorCode: 'TIMEOUT' } }],
    });
  });

  it('is refused for an account that is not ACTIVE, and for a host that is not allowed', async () => {
    const here = await setting();
    const waiting = here.sdk.actions.executeTool({
      toolName: 'notes_note_list',
      connector: 'my-notes',
      identifier: 'waiting',
      toolInput: {},
    });
    await expect(waiting).rejects.toMatchObject({ grpcStatus: 9, errorCode: 'CONNECTED_ACCOUNT_NOT_ACTIVE' });
    const far = await setting(() => ({ connectors: [notes('https://api.example.com')], ...ONE }));
    await expect(run(far, 'notes_note_list')).rejects.toMatchObject({
      grpcStatus: 9,
      errorCode: 'HOST_NOT_ALLOWED',
      message: expect.stringContaining('allow_hosts'),
    });
  });

  it.each([
    ['a tool that the connector has not', { toolName: 'notes_nope', connector: 'my-notes' }],
    ["another connector's", { toolName: 'notes_note_list', connector: 'other' }],
    ['one that nobody has', { toolName: 'x_y_z' }],
  ])('%s: not found', async (_what, call) => {
    const { sdk } = await setting();
    const error = await thrownBy(sdk.actions.executeTool({ ...call, identifier: 'user_1', toolInput: {} }));
    expect(error).toBeInstanceOf(ScalekitNotFoundException);
    expect(error).toMatchObject({ errorCode: 'TOOL_NOT_FOUND' });
  });

  it('by the name of the tool alone, where it is offered twice: which connection is asked', async () => {
    const two = [
      { name: 'my-notes', connector: 'notes' },
      { name: 'your-notes', connector: 'notes' },
    ];
    const accounts = two.map(({ name }) => ({
      connection: name,
      identifier: 'user_1',
      credentials: { token: 't' },
    }));
    const here = await setting((origin) => ({ connectors: [notes(origin)], connections: two, accounts }));
    const call = { toolName: 'notes_note_list', identifier: 'user_1', toolInput: {} };
    await expect(here.sdk.actions.executeTool(call)).rejects.toThrow(
      'connector: is required: user_1 may call notes_note_list on my-notes, your-notes',
    );
  });

  it('of a locked connection: the lockfile is listed, the connector executes', async () => {
    const locked = {
      displayName: 'List',
      description: 'As it was',
      source: 'builtin' as const,
      readOnly: true,
      scopes: null,
      inputSchemaHash: null,
      inputSchema: { type: 'object', properties: {}, additionalProperties: false },
      outputSchemaHash: null,
      outputSchema: null,
    };
    const tools_lock: Lockfile = {
      lockfileVersion: 1,
      connections: { 'my-notes': { provider: 'notes', tools: { notes_note_list: locked } } },
    };
    const here = await setting(() => ({ tools_lock }));
    const { tools } = await here.sdk.tools.listScopedTools('user_1', { filter: {} });
    expect(tools.map(({ tool }) => tool?.definition?.['description'])).toEqual(['As it was']);
    expect((await run(here, 'notes_note_list')).data).toEqual({ notes: [{ id: 1 }] });
    await expect(run(here, 'notes_note_list', { limit: 1 })).rejects.toThrow('locked schema');
    await expect(run(here, 'notes_note_create', { text: 'x' })).rejects.toThrow('tool not found');
  });

  it('page after page, each with the credential', async () => {
    const pages: Contract = {
      ...list,
      pages: { next: '.next', page_param: 'cursor', items: '.items' },
      output: '{ids: [.[].id]}',
    };
    const seen: unknown[] = [];
    const origin = await upstream((request, response) => {
      seen.push(request.headers.authorization);
      const cursor = Number(new URL(request.url ?? '', 'http://x').searchParams.get('cursor') ?? 0);
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({ items: [{ id: cursor }], ...(cursor < 2 && { next: String(cursor + 1) }) }),
      );
    });
    const here = await setting(() => ({ connectors: [notes(origin, { tools: [pages] })], ...ONE }));
    expect((await run(here, 'notes_note_list')).data).toEqual({ ids: [0, 1, 2] });
    expect(seen).toEqual(['Bearer tok', 'Bearer tok', 'Bearer tok']);
  });
});

describe('faults', () => {
  it('on the path strike the call of the tool to its provider, as they do a proxied one', async () => {
    const effect = { status: 503, body: { message: 'down for maintenance' } };
    const here = await setting(() => ({ faults: [{ match: { path: '/v1/*' }, effect, times: 1 }] }));
    await expect(run(here, 'notes_note_list')).rejects.toMatchObject({
      errDetails: [
        {
          toolErrorInfo: {
            toolErrorCode: '503',
            toolErrorMessage: expect.stringContaining('down for maintenance'),
          },
        },
      ],
    });
    expect(here.api.seen).toEqual([]);
    expect((await run(here, 'notes_note_list')).data).toEqual({ notes: [{ id: 1 }] });
  });

  it('break its call off', async () => {
    const faults = [{ match: { kind: 'proxy' as const }, effect: { reset: true } }];
    const here = await setting(() => ({ faults }));
    await expect(run(here, 'notes_note_list')).rejects.toMatchObject({
      grpcStatus: 13,
      errDetails: [{ toolErrorInfo: { toolErrorMessage: 'the provider could not be reached (ECONNRESET)' } }],
    });
    expect(here.api.seen).toEqual([]);
  });

  it.each<FaultConfig['effect']>([
    { status: 500, bytes_per_second: 100, body: 'x'.repeat(20) },
    { bytes_per_second: 150 },
    { grpc_code: 'internal', bytes_per_second: 200 },
  ])('%j: its answer comes at that pace', async (effect) => {
    const here = await setting(() => ({ faults: [{ match: { path: '/v1/*' }, effect }] }));
    const before = performance.now();
    await run(here, 'notes_note_list').catch(() => {});
    expect(performance.now() - before).toBeGreaterThan(150);
  });

  it('that is too slow for the tool ends as a provider that is', async () => {
    const faults = [{ match: { path: '/v1/*' }, effect: { bytes_per_second: 1 } }];
    const here = await setting(() => ({ faults }), { upstreamTimeoutMs: 200 });
    await expect(run(here, 'notes_note_list')).rejects.toMatchObject({
      errDetails: [{ toolErrorInfo: { toolErrorMessage: 'the provider did not answer in time' } }],
    });
  });

  it.each<FaultConfig['effect']>([
    { status: 503 },
    { grpc_code: 'internal' },
    { grpc_code: 'internal', reset: true },
    { latency_ms: 1 },
    { bytes_per_second: 100_000 },
    { reset: true },
  ])('%j: the exchange names it', async (effect) => {
    const here = await setting(() => ({ faults: [{ match: { path: '/v1/*' }, effect }] }));
    const { url } = here.sandbox;
    await run(here, 'notes_note_list').catch(() => {});
    const token = await accessToken(here.sandbox);
    await fetch(`${url}/api/v1/execute_tool`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({
        tool_name: 'notes_note_list',
        connector: 'my-notes',
        identifier: 'user_1',
        params: {},
      }),
    });
    const { exchanges } = here.sandbox.control.exchanges({ connectionName: 'my-notes' });
    expect(exchanges.map(({ kind, fault }) => [kind, fault])).toEqual([
      ['grpc', 'flt_1'],
      ['rest', 'flt_1'],
    ]);
    expect(here.sandbox.control.faults()).toMatchObject([{ hits: 2 }]);
  });
});

describe('what is wrong with the tools of a connector', () => {
  it.each<[string, (origin: string) => ConnectorDefinition[], string]>([
    [
      'a connection of its own',
      (origin) => [notes(origin, { tools: [{ ...list, request: { ...list.request, connection: 'x' } }] })],
      'connectors[0].tools[0].request.connection: does not go here',
    ],
    [
      'an MCP connector',
      (origin) => [notes(origin, { auth_patterns: [{ type: 'NO_AUTH', is_mcp: true }] })],
      'connectors[0].tools: does not go with is_mcp',
    ],
    [
      'a name of the kind that MCP tools have',
      (origin) => [notes(origin, { tools: [{ ...list, name: 'c-x_y' }] })],
      'connectors[0].tools[0].name: is a name of the kind that tools of MCP connections have',
    ],
    [
      "another connector's name",
      (origin) => [notes(origin), notes(origin, { display_name: 'Two', tools: [list] })],
      'connectors[1].tools[0].name: notes_note_list is the name of a tool of Notes already',
    ],
    [
      'what the format does not know',
      (origin) => [notes(origin, { tools: [{ ...list, methd: 'GET' } as Contract] })],
      'connectors[0].tools[0].methd: is not known here',
    ],
    [
      'a placeholder without an input',
      (origin) => [notes(origin, { tools: [{ ...list, request: { path: '/{{nope}}' } }] })],
      'connectors[0].tools[0].request.path: {{nope}} is no input',
    ],
  ])('%s', async (_what, connectors, message) => {
    const config = configOf('http://127.0.0.1:1', { connectors: connectors('http://127.0.0.1:1'), ...ONE });
    const error = await thrownBy(startSandbox({ config }));
    expect(error).toBeInstanceOf(SandboxConfigError);
    expect((error as Error).message).toContain(message);
  });
});

describe('in a config file', () => {
  const YAML = [
    'connectors:',
    '  - { display_name: Notes, proxy_url: "http://127.0.0.1:1", proxy_enabled: true, tools: ./notes.tools.yaml, auth_patterns: [{ type: BEARER, fields: [{ field_name: token, label: Token, input_type: password, required: true }] }] }',
    '  - other/connector.yaml',
    'connections: [{ name: my-notes, connector: notes }]',
  ].join('\n');
  const OTHER = [
    'display_name: Other',
    'proxy_url: "http://127.0.0.1:1"',
    'proxy_enabled: true',
    'auth_patterns: [{ type: BEARER, fields: [{ field_name: token, label: Token, input_type: password, required: true }] }]',
    'tools: tools.json',
  ].join('\n');
  const TOOLS = (path: string) =>
    [
      'tools:',
      '  - name: notes_note_get',
      '    input_schema: { type: object, properties: { id: { type: string } }, required: [id] }',
      `    request: { path: ${path} }`,
    ].join('\n');

  async function problemsOf(files: Record<string, string>): Promise<string> {
    return ((await thrownBy(load(files))) as Error).message;
  }

  async function load(files: Record<string, string>): Promise<SandboxConfig> {
    const folder = await mkdtemp(join(tmpdir(), 'sk-connect-tools-'));
    onTestFinished(() => rm(folder, { recursive: true }));
    await mkdir(join(folder, 'other'));
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
    return loadSandboxConfig(join(folder, 'sandbox.yaml'));
  }

  const other = JSON.stringify({ tools: [{ ...list, name: 'other_note_list' }] });

  it('is the name of a file, relative to the file that names it', async () => {
    const config = await load({
      'sandbox.yaml': YAML,
      'other/connector.yaml': OTHER,
      'other/tools.json': other,
      'notes.tools.yaml': TOOLS('"/notes/{{id}}"'),
    });
    const sdk = await signedInSdk(await sandboxWith(config));
    expect(names((await sdk.tools.listTools({})).tools)).toEqual(['notes_note_get', 'other_note_list']);
  });

  it.each([
    [
      'what is wrong in it has its place there',
      TOOLS('"/notes/{{ID}}"'),
      /notes\.tools\.yaml:4:22 tools\[0\]\.request\.path: \{\{ID\}\} is no input/,
    ],
    [
      'what does not go with a connector too',
      `${TOOLS('"/notes/{{id}}"').slice(0, -2)}, connection: x }`,
      /notes\.tools\.yaml:4:51 tools\[0\]\.request\.connection: does not go here/,
    ],
    ['a file that is not well-formed', 'tools: [', /notes\.tools\.yaml:1:\d+: /],
  ])('%s', async (_what, text, expected) => {
    const files = { 'sandbox.yaml': YAML, 'other/connector.yaml': OTHER, 'other/tools.json': other };
    expect(await problemsOf({ ...files, 'notes.tools.yaml': text })).toMatch(expected);
  });

  it('a file that is not there is a problem of the line that names it', async () => {
    const problems = await problemsOf({ 'sandbox.yaml': YAML, 'other/connector.yaml': OTHER });
    expect(problems).toMatch(
      /sandbox\.yaml:2:\d+ connectors\[0\]\.tools: .*notes\.tools\.yaml cannot be read \(ENOENT\)/,
    );
    expect(problems).toMatch(/connector\.yaml:5:8 tools: .*tools\.json cannot be read \(ENOENT\)/);
  });

  it('a module is none', async () => {
    const yaml = YAML.replace('notes.tools.yaml', 'tools.js').replace('  - other/connector.yaml\n', '');
    expect(await problemsOf({ 'sandbox.yaml': yaml })).toContain('tools.js is no YAML or JSON file');
  });
});
