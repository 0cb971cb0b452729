import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { estimateTokenCount } from 'tokenx';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { folders } from './run.ts';
import { useEnvironment } from './support/environment.ts';
import { type McpApi, mcpApi } from './support/mcp.ts';
import { callTestTool, testTools, toolsConnector } from './support/tools.ts';

vi.setConfig({ testTimeout: 20_000 });
let mcp: McpApi;
beforeAll(async () => {
  mcp = await mcpApi(testTools.slice(0, 2), callTestTool);
});
afterAll(() => mcp.close());
const environment = useEnvironment(({ token }) => ({
  connectors: [toolsConnector(mcp.url)],
  connections: [{ name: 'tools', connector: 'test-tools' }],
  accounts: [
    { connection: 'tools', identifier: 'user_1' },
    { connection: 'rest', identifier: 'waiting', status: 'PENDING_AUTH', credentials: { token } },
  ],
}));

const TOOLS = `tools:
  - name: find_notes
    description: Finds notes
    input_schema: { type: object, properties: { query: { type: string }, id: { type: integer } }, required: [query] }
    request: { path: /notes, query: { q: "{{query}}", id: "{{id}}" } }
    output: "{notes: .}"
    scopes: [notes.read]
  - name: add_note
    input_schema: { type: object, properties: { title: { type: string } }, required: [title] }
    output_schema: { type: object, required: [id] }
    request: { connection: rest, path: /notes/new, body: { title: "{{title}}" } }
  - name: c-tools_echo
    description: Takes the place of one of the account's
    input_schema: { type: object }
    request: { connection: rest, path: /notes }
`;
const MODULE = `
export const customTools = [
  { name: 'greet', input_schema: { type: 'object', properties: { identifier: { type: 'string' }, loud: { type: 'boolean', default: false } }, required: ['identifier'] } },
  { name: 'fail', input_schema: { type: 'object' } },
  { name: 'hang', input_schema: { type: 'object' } },
];
export function routeToolCall(name, input) {
  if (name === 'greet') return { hello: input.identifier, loud: input.loud };
  if (name === 'hang') return new Promise(() => {});
  throw new Error('the module is\\nout of order');
}
`;
beforeAll(async () => {
  await writeFile(join(folders.cwd, 'tools.yaml'), TOOLS);
  await writeFile(join(folders.cwd, 'tools.mjs'), MODULE);
});
beforeEach(() => {
  environment.rest.received.length = 0;
  environment.rest.at('/notes', (_request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end('[{"id": 9007199254740993}]');
  });
});

const FILE = ['--contracts', 'tools.yaml'];
const NOBODY = {
  SCALEKIT_ENV_URL: undefined,
  SCALEKIT_CLIENT_ID: undefined,
  SCALEKIT_CLIENT_SECRET: undefined,
};
const list = (...rest: string[]) => environment.run(['tools', 'list', ...FILE, ...rest]);
const exec = (name: string, ...rest: string[]) => environment.run(['tools', 'exec', name, ...FILE, ...rest]);
const rows = (stdout: string) =>
  stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => line.split('\t').slice(0, 2).join(' '));

describe('tools list --contracts', () => {
  it('without a connection: the files’ tools alone, without credentials', async () => {
    const result = await environment.run(['tools', 'list', ...FILE, '--contracts', 'tools.mjs'], {
      env: NOBODY,
    });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(rows(result.stdout)).toEqual([
      'find_notes custom',
      'add_note custom',
      'c-tools_echo custom',
      'greet custom',
      'fail custom',
      'hang custom',
    ]);
  });

  it('with one: the account’s too, except what a custom one replaces', async () => {
    const result = await list('-c', 'tools', '-i', 'user_1');
    expect(rows(result.stdout)).toEqual([
      'find_notes custom',
      'add_note custom',
      'c-tools_echo custom',
      'c-tools_fail mcp',
    ]);
    expect(result.stderr).toBe(
      "c-tools_echo is one of the account's tools too: the custom one takes its place.\n",
    );
  });

  it('--json: the same shape', async () => {
    const result = await list('-c', 'tools', '-i', 'user_1', '--json', '-q');
    const { tools, totalSize } = result.json() as { tools: object[]; totalSize: number };
    expect(totalSize).toBe(4);
    expect(tools[0]).toMatchObject({
      name: 'find_notes',
      displayName: null,
      description: 'Finds notes',
      provider: '',
      connectionName: 'tools',
      connectedAccountId: null,
      source: 'custom',
      inputSchema: { type: 'object', required: ['query'] },
      outputSchema: null,
      tags: [],
    });
    expect(tools[1]).toMatchObject({
      connectionName: 'rest',
      description: null,
      outputSchema: { required: ['id'] },
    });
    expect(Object.keys(tools[0] ?? {})).toEqual(Object.keys(tools[3] ?? {}));
  });

  it.each<[string[], string[]]>([
    [['--name', 'add_note'], ['add_note custom']],
    [['--query', 'FINDS'], ['find_notes custom']],
    [['--provider', 'test-tools'], []],
    [
      ['--catalog', '--query', 'note'],
      ['find_notes custom', 'add_note custom'],
    ],
    [['--available', '-i', 'waiting', '--provider', 'test-tools'], ['c-tools_fail mcp']],
  ])('%j', async (flags, expected) => {
    const result = await list(...flags, '-q');
    expect(result.exitCode).toBe(0);
    expect(rows(result.stdout)).toEqual(expected);
  });

  it('--format: as a model gets them, without the identifier that is the caller’s', async () => {
    const argv = ['tools', 'list', '--contracts', 'tools.mjs', '--name', 'greet'];
    const formatted = await environment.run([...argv, '--format', 'anthropic']);
    expect(formatted.json()).toEqual([
      {
        name: 'greet',
        input_schema: { type: 'object', properties: { loud: { type: 'boolean', default: false } } },
      },
    ]);
    const counted = await environment.run([...argv, '--estimate-tokens', '--json']);
    const { totalTokens } = counted.json() as { totalTokens: number };
    expect(totalTokens).toBe(estimateTokenCount(JSON.stringify((formatted.json() as object[])[0])));
  });

  it('a file that is wrong is told with its places', async () => {
    await writeFile(join(folders.cwd, 'wrong.yaml'), 'tools:\n  - name: a b\n    request: { path: a }\n');
    const argv = ['tools', 'list', '--contracts', 'wrong.yaml'];
    const result = await environment.run([...argv, '--json']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error()).toMatchObject({
      code: 'bad_contract',
      details: {
        problems: [
          { file: 'wrong.yaml', line: 2, column: 5, path: 'tools[0].input_schema', message: 'is required' },
          { line: 2, column: 11, path: 'tools[0].name' },
          { line: 3, column: 22, path: 'tools[0].request.path' },
        ],
      },
    });
    const shown = await environment.run(argv);
    expect(shown.stderr).toMatch(
      /^error: 3 problems in the custom tools:\n {2}wrong\.yaml:2:5 tools\[0\]\.input_schema: is required\n/,
    );
  });
});

describe('tools exec --contracts', () => {
  it('runs without an MCP connection', async () => {
    const result = await exec('find_notes', '-c', 'rest', '-i', 'user_1', '-p', 'query=a b');
    expect(result).toMatchObject({ exitCode: 0, stdout: '{"notes":[{"id":9007199254740993}]}\n' });
    expect(result.stderr).toMatch(/^\d+ ms\n$/);
    expect(environment.rest.received.map(({ url }) => url)).toEqual(['/notes?q=a%20b']);
  });

  it.each<[string, string[], string]>([
    [
      'that is spelled wrong',
      ['-p', 'qurey=a'],
      ': did you mean query?\nerror: the input does not fit find_notes:\n',
    ],
    ['that it does not take', ['-p', 'query=a', '-p', 'zzzzzz=1'], '\n'],
    ['in --input', ['--input', '{"query": "a", "idd": 1}'], ': did you mean id?\n'],
  ])('tells of an input %s', async (_what, flags, after) => {
    const { stderr } = await exec('find_notes', '-c', 'rest', '-i', 'user_1', ...flags);
    expect(stderr).toContain(` is not among the inputs of find_notes${after}`);
  });

  it('takes an input of a schema that names none without a word', async () => {
    const { stderr } = await exec('c-tools_echo', '-i', 'user_1', '-p', 'a=1');
    expect(stderr).not.toContain('is not among');
  });

  it('--dry-run shows what the provider would be sent', async () => {
    const flags = ['-c', 'rest', '-i', 'user_1', '--dry-run'];
    const query = await exec('find_notes', ...flags, '-p', 'query=a b');
    expect(query.stdout).toBe('find_notes on rest for user_1\n{"query":"a b"}\nGET /notes?q=a%20b\n');
    const body = await exec('add_note', ...flags, '-p', 'title=a', '--json');
    expect(body.json()).toEqual({
      toolName: 'add_note',
      connectionName: 'rest',
      identifier: 'user_1',
      input: { title: 'a' },
      request: {
        method: 'POST',
        path: '/notes/new',
        headers: { 'content-type': 'application/json' },
        body: '{"title":"a"}',
      },
    });
    expect(environment.rest.received).toEqual([]);
  });

  it('--json: the shape, no execution, integers as they came', async () => {
    const result = await exec('find_notes', '-c', 'rest', '-i', 'user_1', '-p', 'query=a', '--json');
    expect(result.stdout).toMatch(
      /^\{"toolName":"find_notes","executionId":null,"data":\{"notes":\[\{"id":9007199254740993\}\]\},"durationMs":\d+\}\n$/,
    );
    const filtered = await exec(
      'find_notes',
      '-c',
      'rest',
      '-i',
      'user_1',
      '-p',
      'query=a',
      '--jq',
      '.data.notes[0].id',
    );
    expect(filtered.stdout).toBe('9007199254740993\n');
  });

  it('needs no -c where the contract has its connection; another one is not used', async () => {
    environment.rest.at('/notes/new', (_request, response) => {
      response.writeHead(201, { 'content-type': 'application/json' }).end('{"id":1}');
    });
    const own = await exec('add_note', '-i', 'user_1', '-p', 'title=007');
    expect(own).toMatchObject({ exitCode: 0, stdout: '{"id":1}\n' });
    expect(environment.rest.received[0]?.body.toString()).toBe('{"title":"007"}');
    const other = await exec('add_note', '-i', 'user_1', '-c', 'tools', '-p', 'title=x');
    expect(other.exitCode).toBe(0);
    expect(other.stderr).toContain('add_note names its connection itself, rest: -c tools is not used.');
  });

  it('takes the place of an account’s tool of the same name, and leaves the others', async () => {
    const own = await exec('c-tools_echo', '-c', 'tools', '-i', 'user_1');
    expect(own.json()).toEqual([{ id: expect.any(Number) }]);
    const others = await exec('c-tools_fail', '-c', 'tools', '-i', 'user_1', '--json');
    expect(others.error()).toMatchObject({
      code: 'tool_error',
      message: expect.stringContaining('the printer is on fire'),
    });
  });

  it('an answer that does not fit its schema is said', async () => {
    environment.rest.at('/notes/new', (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"no":1}');
    });
    const result = await exec('add_note', '-i', 'user_1', '-p', 'title=x');
    expect(result).toMatchObject({ exitCode: 0, stdout: '{"no":1}\n' });
    expect(result.stderr).toMatch(/output schema of add_note:\n {2}id is required\n/);
  });

  it.each<[string, string[], number, string, string]>([
    ['an unknown name', ['find_note', '-i', 'user_1'], 2, 'tool_not_found', 'Did you mean find_notes'],
    [
      'an unknown name, with an account that has tools',
      ['find_note', '-c', 'tools', '-i', 'user_1'],
      2,
      'tool_not_found',
      'Did you mean find_notes',
    ],
    [
      'a name like one of the account’s',
      ['c-tools_fial', '-c', 'tools', '-i', 'user_1'],
      2,
      'tool_not_found',
      'c-tools_fail',
    ],
    [
      'a name like none',
      ['zzzzzzzzzzzzzzzz'],
      2,
      'tool_not_found',
      'sk-connect tools list --contracts tools.yaml',
    ],
    ['a missing connection', ['find_notes', '-i', 'user_1', '-p', 'query=a'], 2, 'missing_value', ''],
    ['a missing identifier', ['add_note', '-p', 'title=a'], 2, 'missing_value', ''],
    [
      'a missing input',
      ['add_note', '-i', 'user_1'],
      2,
      'invalid_input',
      'sk-connect tools show add_note --contracts tools.yaml -i user_1',
    ],
    [
      'an account that is missing',
      ['add_note', '-i', 'nobody', '-p', 'title=a'],
      4,
      'account_not_found',
      'sk-connect authorize -c rest -i nobody',
    ],
    [
      'an account that is not ACTIVE',
      ['add_note', '-i', 'waiting', '-p', 'title=a'],
      4,
      'account_not_active',
      'sk-connect authorize -c rest -i waiting',
    ],
    [
      'an unknown connection',
      ['find_notes', '-c', 'rst', '-i', 'user_1', '-p', 'query=a'],
      2,
      'connection_not_found',
      'Did you mean rest',
    ],
    [
      'a proxy that is off',
      ['find_notes', '-c', 'off', '-i', 'user_1', '-p', 'query=a'],
      5,
      'proxy_refused',
      'proxy_enabled',
    ],
  ])('%s', async (_what, argv, exitCode, code, hint) => {
    const [name = '', ...rest] = argv;
    const result = await exec(name, ...rest, '--json');
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(result.error().code).toBe(code);
    expect(result.error().hint ?? '').toContain(hint);
    expect(environment.rest.received).toEqual([]);
  });

  it("the provider's error is 5, in its words, with how to see the answer", async () => {
    environment.rest.at('/notes', (_request, response) => {
      response
        .writeHead(400, { 'content-type': 'application/json' })
        .end('{"error":{"message":"bad q","debug":{"trace":1}}}');
    });
    const result = await exec('find_notes', '-c', 'rest', '-i', 'user_1', '-p', 'query=a b', '--json');
    expect(result).toMatchObject({ exitCode: 5, stdout: '' });
    expect(result.error()).toEqual({
      code: 'tool_error',
      message: 'the tool failed: the provider answered 400 Bad Request: bad q',
      hint: "See the whole answer: sk-connect request GET '/notes?q=a%20b' -c rest -i user_1",
      exitCode: 5,
      httpStatus: 400,
      details: {
        toolErrorCode: 'provider_error',
        toolErrorMessage: 'the provider answered 400 Bad Request: bad q',
        executionId: null,
      },
    });
    expect(environment.rest.received).toHaveLength(1);
  });

  it('--no-preflight asks for no listing of accounts', async () => {
    const trace = async (...flags: string[]) =>
      (await exec('find_notes', '-c', 'rest', '-i', 'user_1', '-p', 'query=a', '-v', ...flags)).stderr;
    expect(await trace()).toContain('ListConnectedAccounts');
    expect(await trace('--no-preflight')).not.toContain('ListConnectedAccounts');
  });

  it('asks on a terminal for what is missing, but not for an account that cannot be used', async () => {
    const running = environment.start(['tools', 'exec', 'add_note', ...FILE, '-i', 'waiting'], {
      terminal: true,
      isTyping: true,
    });
    expect(await running.finished).toMatchObject({ exitCode: 4, stdout: '' });
  });
});

describe('a module', () => {
  const greet = (...rest: string[]) =>
    environment.run(['tools', 'exec', 'greet', '--contracts', 'tools.mjs', ...rest]);

  it('is called with the input, its defaults and the identifier', async () => {
    const result = await greet('-i', 'user_1', '-p', 'loud=true');
    expect(result).toMatchObject({ exitCode: 0, stdout: '{"hello":"user_1","loud":true}\n' });
    const given = await greet('-p', 'identifier=user_2', '--json');
    expect(given.json()).toMatchObject({
      toolName: 'greet',
      executionId: null,
      data: { hello: 'user_2', loud: false },
    });
  });

  it('is not called for somebody else than the caller, nor with what does not fit', async () => {
    const other = await greet('-i', 'user_1', '-p', 'identifier=user_2', '--json');
    expect(other).toMatchObject({ exitCode: 2, stdout: '' });
    expect(other.error().message).toBe("the input's identifier is not the one that the tool is called for");
    expect((await greet('--json')).error()).toMatchObject({ code: 'invalid_input', exitCode: 2 });
  });

  it('that throws is a tool that failed, on one line', async () => {
    const result = await environment.run(['tools', 'exec', 'fail', '--contracts', 'tools.mjs']);
    expect(result).toMatchObject({ exitCode: 5, stdout: '' });
    expect(result.stderr).toContain('error: the tool failed: the module is out of order\n');
  });

  it('that does not end is left at --timeout', async () => {
    const running = environment.start([
      'tools',
      'exec',
      'hang',
      '--contracts',
      'tools.mjs',
      '--timeout',
      '0.2',
    ]);
    expect(await running.finished).toMatchObject({ exitCode: 6, stdout: '' });
  });
});

it('files are named as the working folder has them', async () => {
  const folder = join(folders.cwd, 'ordner mit ä');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'tools.yaml'), TOOLS);
  await writeFile(join(folder, 'tools.mjs'), MODULE);
  for (const file of [join(folder, 'tools.yaml'), join('ordner mit ä', 'tools.mjs')]) {
    const result = await environment.run(['tools', 'list', '--contracts', file], { env: NOBODY });
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
  }
});
