import { mkdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Tool } from '@modelcontextprotocol/sdk/types.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Lockfile } from '../../src/contracts/lockfile.ts';
import { startSandbox } from '../../src/sandbox/start.ts';
import { folders, type RunOptions, run } from './run.ts';
import { useEnvironment } from './support/environment.ts';
import { type McpApi, mcpApi } from './support/mcp.ts';
import { toolsConnector } from './support/tools.ts';

vi.setConfig({ testTimeout: 20_000 });

const add = (own: Partial<Tool> = {}): Tool => ({
  name: 'add',
  description: 'Adds',
  inputSchema: {
    type: 'object',
    properties: { a: { type: 'number' }, b: { type: 'number', maximum: 100 } },
    required: ['a', 'b'],
  },
  annotations: { readOnlyHint: true },
  ...own,
});
const send: Tool = {
  name: 'send',
  description: 'Sends',
  inputSchema: { type: 'object', properties: { to: { type: 'string' } } },
};

/** What the server offers; the sandbox asks it anew for each account. */
const offered: Tool[] = [];
let mcp: McpApi;
beforeAll(async () => {
  mcp = await mcpApi(offered, () => ({ content: [] }));
});
afterAll(() => mcp.close());

const USERS = Array.from({ length: 60 }, (_, index) => `user_${index}`);
const environment = useEnvironment(() => ({
  connectors: [toolsConnector(mcp.url)],
  connections: [
    { name: 'tools', connector: 'test-tools' },
    { name: 'other', connector: 'test-tools' },
  ],
  accounts: [
    ...USERS.flatMap((identifier) => [
      { connection: 'tools', identifier },
      { connection: 'other', identifier },
    ]),
    { connection: 'tools', identifier: 'waiting', status: 'PENDING_AUTH' },
  ],
}));

let nextUser = 0;
let file = '';
beforeEach(() => {
  file = join(folders.cwd, `lock-${Math.random().toString(36).slice(2)}.json`);
});

/** One invocation as a user who sees the tools as they are now. */
function lock(tools: readonly Tool[], argv: readonly string[] = [], options: RunOptions = {}) {
  offered.splice(0, offered.length, ...tools);
  const identifier = USERS[nextUser++] ?? '';
  return environment.run(['tools', 'lock', '-i', identifier, '--file', file, ...argv], options);
}

const text = () => readFile(file, 'utf8');
const read = async () => JSON.parse(await text()) as Lockfile;

describe('tools lock', () => {
  it('writes the tools of a connection, in stable bytes', async () => {
    const result = await lock([send, add()], ['-c', 'tools']);
    expect(result).toMatchObject({
      exitCode: 0,
      stdout: 'tools\ttest-tools\t2\n',
      stderr: `Wrote ${file}.\n`,
    });
    const written = await text();
    expect(await read()).toEqual({
      lockfileVersion: 1,
      connections: {
        tools: {
          provider: 'test-tools',
          tools: {
            'c-tools_add': {
              displayName: 'add',
              description: 'Adds',
              source: 'mcp',
              readOnly: true,
              scopes: null,
              inputSchemaHash: expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
              inputSchema: add().inputSchema,
              outputSchemaHash: null,
              outputSchema: null,
            },
            'c-tools_send': expect.objectContaining({ readOnly: null }),
          },
        },
      },
    });
    expect(written.endsWith('}\n')).toBe(true);
    const before = await stat(file);
    const again = await lock([add(), send], ['-c', 'tools']);
    expect(again.stderr).toBe(`${file} says so already.\n`);
    expect(await text()).toBe(written);
    expect((await stat(file)).mtimeMs).toBe(before.mtimeMs);
  });

  it('without -c and a lockfile: every connection on which the user has tools; with one: those', async () => {
    const first = await lock([add()], ['--json']);
    expect(first.json()).toEqual({
      file,
      connections: [
        { connectionName: 'tools', provider: 'test-tools', tools: 1 },
        { connectionName: 'other', provider: 'test-tools', tools: 1 },
      ],
    });
    await lock([add(), send], ['-c', 'other']);
    const { connections } = await read();
    expect(Object.keys(connections['tools']?.tools ?? {})).toEqual(['c-tools_add']);
    expect(Object.keys(connections['other']?.tools ?? {})).toEqual(['c-other_add', 'c-other_send']);
    const both = await lock([send]);
    expect(both.stdout.split('\n').sort()).toEqual(['', 'other\ttest-tools\t1', 'tools\ttest-tools\t1']);
  });

  it('through a symbolic link, and nothing beside it', async () => {
    const folder = join(folders.cwd, `linked-${nextUser}`);
    await mkdir(folder);
    await writeFile(join(folder, 'real.json'), '{"lockfileVersion":1,"connections":{}}');
    await symlink('real.json', join(folder, 'link.json'));
    file = join(folder, 'link.json');
    await lock([add()], ['-c', 'tools']);
    expect(await readFile(join(folder, 'real.json'), 'utf8')).toContain('c-tools_add');
    expect((await read()).connections).toHaveProperty('tools');
  });

  it.each([
    [
      'an account that is not ACTIVE',
      ['-c', 'tools', '-i', 'waiting'],
      4,
      'sk-connect authorize -c tools -i waiting',
    ],
    ['a user without accounts', ['-i', 'nobody'], 4, 'sk-connect status -i nobody'],
    ['an unknown connection', ['-c', 'tols', '-i', 'user_1'], 2, 'Did you mean tools?'],
    ['--allow alone', ['--allow', 'removed-tool'], 2, 'Add --check.'],
  ])('%s', async (_what, argv, exitCode, hint) => {
    const result = await lock([add()], [...argv, '--json']);
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(result.error().hint).toContain(hint);
    await expect(text()).rejects.toThrow('ENOENT');
  });

  it('in a folder that is not there', async () => {
    file = join(folders.cwd, 'nowhere', 'tools.lock.json');
    const result = await lock([add()], ['-c', 'tools', '--json']);
    expect(result.error()).toMatchObject({ exitCode: 2, code: 'lockfile_not_written' });
  });
});

describe('tools lock --check', () => {
  const narrower = add({
    inputSchema: {
      type: 'object',
      properties: { a: { type: 'number' }, b: { type: 'number', maximum: 50 }, c: { type: 'string' } },
      required: ['a', 'b'],
    },
  });

  it('the same: exit 0', async () => {
    await lock([add(), send], ['-c', 'tools']);
    const result = await lock([send, add()], ['--check']);
    expect(result).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: `No changes: 2 tools are as in ${file}.\n`,
    });
  });

  it('in other words: exit 0, nothing told', async () => {
    await lock([add()], ['-c', 'tools']);
    const number = { $ref: '#/$defs/n' };
    const other = add({
      inputSchema: {
        type: 'object',
        required: ['b', 'a'],
        properties: { b: { allOf: [number, { maximum: 100 }] }, a: number },
        $defs: { n: { type: ['number'] } },
      },
    });
    expect(await lock([other], ['--check'])).toMatchObject({ exitCode: 0, stdout: '' });
  });

  it('a breaking change: exit 1, a row for each change', async () => {
    await lock([add(), send], ['-c', 'tools']);
    const result = await lock([narrower, { ...send, name: 'post' }], ['--check']);
    expect(result.exitCode).toBe(1);
    expect(result.stdout.trimEnd().split('\n')).toEqual([
      'breaking\ttools\tc-tools_add\tnarrowed-input\tinput.b\tmaximum 100 → 50',
      'added\ttools\tc-tools_add\tadded-input\tinput.c\tadded (string)',
      'added\ttools\tc-tools_post\tadded-tool\t\tadded',
      'breaking\ttools\tc-tools_send\tremoved-tool\t\tremoved',
    ]);
    expect(result.stderr).toContain(`error: 2 breaking changes in 2 tools since ${file}`);
    expect(result.stderr).toContain('sk-connect tools lock --update -i user_');
  });

  it('--json: the changes as a document, the failure as another', async () => {
    await lock([add()], ['-c', 'tools']);
    const result = await lock([narrower], ['--check', '--json']);
    expect(result.json()).toEqual({
      file,
      changes: [
        {
          connectionName: 'tools',
          tool: 'c-tools_add',
          path: 'input.b',
          kind: 'narrowed-input',
          isBreaking: true,
          isAllowed: false,
          message: 'maximum 100 → 50',
          before: 100,
          after: 50,
        },
        expect.objectContaining({ kind: 'added-input', isBreaking: false }),
      ],
      breaking: 1,
      undecided: 0,
    });
    expect(result.error()).toMatchObject({
      code: 'breaking_changes',
      exitCode: 1,
      details: { breaking: 1, undecided: 0 },
    });
  });

  it('on a terminal: under their tools, marked', async () => {
    await lock([add(), send], ['-c', 'tools']);
    const gone = await lock([narrower], ['--check', '--no-color'], { terminal: ['stdout', 'stderr'] });
    expect(gone.stdout).toBe(
      [
        'tools',
        '  c-tools_add',
        '    ✗ breaking  input.b: maximum 100 → 50  narrowed-input',
        '    + added     input.c: added (string)  added-input',
        '  ✗ breaking  c-tools_send removed  removed-tool',
        '',
      ].join('\n'),
    );
    const coloured = await lock([narrower], ['--check'], { terminal: ['stdout'] });
    expect(coloured.stdout).toContain('\u001b[31m✗ breaking \u001b[39m input.b: maximum 100 → 50');
  });

  it('control characters of a server are made visible on a terminal', async () => {
    await lock([add()], ['-c', 'tools']);
    const evil = add({
      inputSchema: { type: 'object', properties: { 'a\u001b[2J': {} }, required: ['a\u001b[2J'] },
    });
    const result = await lock([evil], ['--check', '--no-color'], { terminal: ['stdout'] });
    expect(result.stdout).not.toContain('\u001b');
  });

  it.each<[string[], number]>([
    [['narrowed-input'], 1],
    [['narrowed-input', 'removed-tool'], 0],
    [['c-tools_add'], 1],
    [['c-tools_add', 'c-tools_send'], 0],
    [['c-tools_add:narrowed-input', 'c-tools_send:removed-tool'], 0],
    [['c-tools_add:removed-tool', 'c-tools_send'], 1],
  ])('--allow %j: exit %i', async (words, exitCode) => {
    await lock([add(), send], ['-c', 'tools']);
    const argv = words.flatMap((word) => ['--allow', word]);
    const result = await lock([narrower], ['--check', ...argv]);
    expect(result.exitCode).toBe(exitCode);
    expect(result.stdout).toContain('\nallowed\t'.slice(1));
  });

  it('--allow of what is not known is told, and of no kind refused', async () => {
    await lock([add()], ['-c', 'tools']);
    const told = await lock([narrower], ['--check', '--allow', 'narowed-input']);
    expect(told).toMatchObject({ exitCode: 1 });
    expect(told.stderr).toContain('--allow narowed-input means nothing here. Did you mean narrowed-input');
    const refused = await lock([narrower], ['--check', '--allow', 'c-tools_add:nonsense']);
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
  });

  it('what cannot be told fails too, unless it is allowed', async () => {
    const pattern = (own: string) =>
      add({ inputSchema: { type: 'object', properties: { a: { type: 'string', pattern: own } } } });
    await lock([pattern('^a')], ['-c', 'tools']);
    const result = await lock([pattern('^[a]')], ['--check', '--json']);
    expect(result.exitCode).toBe(1);
    expect(result.json()).toMatchObject({
      breaking: 0,
      undecided: 1,
      changes: [{ kind: 'undecided', isBreaking: null }],
    });
    expect(result.error().code).toBe('undecided_changes');
    expect(await lock([pattern('^[a]')], ['--check', '--allow', 'undecided'])).toMatchObject({ exitCode: 0 });
  });

  it('a tool that is no longer read-only', async () => {
    await lock([add()], ['-c', 'tools']);
    const result = await lock([add({ annotations: { readOnlyHint: false } })], ['--check']);
    expect(result).toMatchObject({ exitCode: 1 });
    expect(result.stdout).toContain('lost-read-only');
  });

  it('--update: tells, writes, exit 0', async () => {
    await lock([add(), send], ['-c', 'tools']);
    const result = await lock([narrower], ['--update']);
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.stdout).toContain('breaking\ttools\tc-tools_send\tremoved-tool');
    expect(result.stderr).toContain(`Wrote ${file}.`);
    expect(await lock([narrower], ['--check'])).toMatchObject({ exitCode: 0, stdout: '' });
  });

  it.each([
    ['no file', undefined, 'no_lockfile', 'sk-connect tools lock -c tools'],
    ['no JSON', '{"lockfileVersion": 1,\n<<<<<<< HEAD', 'lockfile_damaged', 'version control'],
    ['another document', '{"name": "x"}', 'lockfile_damaged', 'version control'],
    [
      'a damaged tool',
      '{"lockfileVersion":1,"connections":{"tools":{"provider":"p","tools":{"a":{}}}}}',
      'lockfile_damaged',
      'version control',
    ],
    ['a later version', '{"lockfileVersion":2}', 'lockfile_newer', 'npm install'],
    [
      'another connection',
      '{"lockfileVersion":1,"connections":{"else":{"provider":"p","tools":{}}}}',
      'not_locked',
      'sk-connect tools lock -c tools',
    ],
  ])('%s: says what to do', async (_what, content, code, hint) => {
    if (content !== undefined) await writeFile(file, content);
    const result = await lock([add()], ['--check', '-c', 'tools', '--json']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error()).toMatchObject({ code, hint: expect.stringContaining(hint) });
    if (content !== undefined) expect(await text()).toBe(content);
  });

  it('a byte order mark and CRLF do no harm', async () => {
    await lock([add()], ['-c', 'tools']);
    await writeFile(file, `\uFEFF${(await text()).replaceAll('\n', '\r\n')}`);
    expect(await lock([add()], ['--check'])).toMatchObject({ exitCode: 0 });
  });
});

describe('custom tools', () => {
  const contracts = async (rest = '') => {
    const name = join(folders.cwd, `contracts-${nextUser}.yaml`);
    const lines = [
      'tools:',
      '  - name: list_notes',
      '    description: List the notes',
      '    input_schema: { type: object, properties: { query: { type: string } } }',
      '    request: { connection: rest, path: /notes, query: { q: "{{query}}" } }',
      '    output: .',
      rest,
    ];
    await writeFile(name, lines.join('\n'));
    return name;
  };

  it('are locked under their connection, without an account; checked with their file', async () => {
    const name = await contracts();
    const argv = ['tools', 'lock', '--file', file, '--contracts', name];
    const bare = {
      env: { SCALEKIT_ENV_URL: undefined, SCALEKIT_CLIENT_ID: undefined, SCALEKIT_CLIENT_SECRET: undefined },
    };
    const written = await environment.run(argv, bare);
    expect(written).toMatchObject({ exitCode: 0, stdout: 'rest\t\t1\n' });
    expect((await read()).connections['rest']?.tools['list_notes']).toMatchObject({
      source: 'custom',
      readOnly: true,
    });
    expect(await environment.run([...argv, '--check'], bare)).toMatchObject({ exitCode: 0, stdout: '' });
    const missing = await environment.run(['tools', 'lock', '--file', file, '--check', '--json'], bare);
    expect(missing.error()).toMatchObject({ exitCode: 2, code: 'missing_contracts' });
    const other = await contracts();
    await writeFile(other, (await readFile(other, 'utf8')).replaceAll('list_notes', 'notes_list'));
    const changed = await environment.run(
      ['tools', 'lock', '--file', file, '--contracts', other, '--check'],
      bare,
    );
    expect(changed).toMatchObject({ exitCode: 1 });
    expect(changed.stdout).toContain('breaking\trest\tlist_notes\tremoved-tool');
  });

  it('stay where the account alone is locked again', async () => {
    const name = await contracts();
    await writeFile(name, (await readFile(name, 'utf8')).replace('connection: rest', 'connection: tools'));
    await lock([add()], ['-c', 'tools', '--contracts', name]);
    await lock([send], ['-c', 'tools']);
    expect(Object.keys((await read()).connections['tools']?.tools ?? {})).toEqual([
      'c-tools_send',
      'list_notes',
    ]);
  });
});

describe('the sandbox with a lockfile', () => {
  it("offers yesterday's tools, which are then the same as they were", async () => {
    const schema = {
      type: 'object' as const,
      properties: { kind: { enum: ['b', 'a'] }, tree: { $ref: '#/$defs/tree' } },
      $defs: { tree: { type: 'object', properties: { below: { $ref: '#/$defs/tree' } } } },
    };
    const tools = [add({ inputSchema: schema, outputSchema: schema }), send];
    await lock(tools, ['-c', 'tools']);
    expect(await lock([add()], ['--check'])).toMatchObject({ exitCode: 1 });
    const sandbox = await startSandbox({
      config: {
        connectors: [toolsConnector(mcp.url)],
        connections: [{ name: 'tools', connector: 'test-tools' }],
        accounts: [{ connection: 'tools', identifier: 'user_1' }],
        tools_lock: await read(),
      },
    });
    onTestFinished(() => sandbox.close());
    const argv = ['tools', 'lock', '-c', 'tools', '-i', 'user_1', '--file', file];
    const before = await text();
    expect(await run([...argv, '--check'], { env: sandbox.env })).toMatchObject({ exitCode: 0, stdout: '' });
    const again = await run(argv, { env: sandbox.env });
    expect(again.stderr).toBe(`${file} says so already.\n`);
    expect(await text()).toBe(before);
  });
});
