import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { folders } from './run.ts';
import { testTools } from './support/tools.ts';
import { useTools } from './support/tools-environment.ts';

vi.setConfig({ testTimeout: 20_000 });
const mcp = useTools({
  tools: async () => {
    const tools = [
      ...testTools,
      {
        name: 'hostile',
        description: 'Clears \u001b[2J the screen',
        inputSchema: {
          type: 'object' as const,
          properties: {
            text: { type: 'string', description: 'a\tb\u001b[31m', default: "it's; rm -rf $HOME" },
          },
          required: ['text'],
        },
      },
      {
        name: 'picky',
        inputSchema: {
          type: 'object' as const,
          properties: { code: { type: 'string', pattern: '^[A-Z]{3}$' } },
          required: ['code'],
        },
      },
    ];
    return tools;
  },
  accounts: [
    { connection: 'docs-demo', identifier: 'user_1' },
    { connection: 'tools', identifier: 'waiting', status: 'PENDING_AUTH' },
  ],
});
const { environment } = mcp;
const ON_TOOLS = ['-c', 'tools', '-i', 'user_1'];
const show = (name: string, ...flags: string[]) => ['tools', 'show', name, ...ON_TOOLS, ...flags];
/** A line of a shell as the words it passes on. */
async function wordsOf(line: string): Promise<string[]> {
  const print = line.replace(/^sk-connect/, String.raw`printf '%s\0'`);
  const { stdout } = await promisify(execFile)('sh', ['-c', print]);
  return stdout.split('\0').slice(0, -1);
}

it('on a terminal: description, facts, inputs, output, an example', async () => {
  const argv = ['tools', 'show', 'c-docs-demo_search_docs', '-c', 'docs-demo', '-i', 'user_1', '--no-color'];
  const { stdout, stderr, exitCode } = await environment.run(argv, { terminal: true, columns: 120 });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout.replace(/ca_\d+/, 'ca_1')).toBe(`c-docs-demo_search_docs
Finds pages of the demo documentation, best match first.

title       Search the documentation
source      mcp
provider    demo-docs
connection  docs-demo
account     ca_1
read-only   yes
tags        mcp

Inputs
NAME   TYPE     REQUIRED  DEFAULT  LIMITS     DESCRIPTION
query  string   yes                not empty  Words to look for
limit  integer            5        ≥ 1, ≤ 20  How many pages at most

Output
NAME               TYPE      REQUIRED
results            object[]  yes
results[].title    string    yes
results[].url      string    yes
results[].excerpt  string    yes
total              integer   yes

Example
sk-connect tools exec c-docs-demo_search_docs -c docs-demo -i user_1 -p query=query
`);
});

it('in a pipe: rows that say what they are', async () => {
  const { stdout } = await environment.run(show('c-tools_echo'));
  const rows = stdout
    .trimEnd()
    .split('\n')
    .map((row) => row.split('\t'));
  expect(rows.slice(0, 4)).toEqual([
    ['name', 'c-tools_echo'],
    ['description', 'Gives back what it was given.\\nOn two lines.'],
    ['title', 'Echo'],
    ['source', 'mcp'],
  ]);
  expect(rows).toContainEqual(['input', 'count', 'integer', 'optional', '', '≥ 1', '']);
  expect(rows).toContainEqual(['input', 'id', 'string', 'required', '', '', 'A text']);
  expect(rows).toContainEqual(['output', 'received', 'object', 'required', '', '', '']);
  expect(rows.at(-1)).toEqual(['example', 'sk-connect tools exec c-tools_echo -c tools -i user_1 -p id=id']);
});

it('--json: the tool as it is listed, with an example', async () => {
  const listed = (
    await environment.run(['tools', 'list', ...ON_TOOLS, '--name', 'c-tools_echo', '--json'])
  ).json();
  const [tool] = (listed as { tools: object[] }).tools;
  expect((await environment.run(show('c-tools_echo', '--json'))).json()).toEqual({
    ...tool,
    exampleInput: { id: 'id' },
    exampleCommand: 'sk-connect tools exec c-tools_echo -c tools -i user_1 -p id=id',
  });
});

it('--schema: the schema as it came, alone', async () => {
  const result = await environment.run(show('c-tools_echo', '--schema'));
  expect(result.json()).toEqual(testTools[0]?.inputSchema);
});

describe('the example', () => {
  it.each(['c-tools_echo', 'c-tools_hostile', 'c-tools_filler_007'])(
    '%s: pasted into a shell it works',
    async (name) => {
      const { exampleCommand, exampleInput } = (await environment.run(show(name, '--json'))).json() as {
        exampleCommand: string;
        exampleInput: object;
      };
      const before = mcp.calls.length;
      const words = await wordsOf(exampleCommand);
      const result = await environment.run([...words, '--json', '--yes']);
      expect(result.stderr).toBe('');
      expect(result.exitCode).toBe(0);
      expect(mcp.calls.slice(before)).toEqual([
        { name: name.replace('c-tools_', ''), arguments: exampleInput },
      ]);
    },
  );

  it('is told not to fit where it cannot be made to', async () => {
    const { stderr } = await environment.run(show('c-tools_picky'));
    expect(stderr).toBe('The example does not fit the schema in everything: adapt it.\n');
  });
});

it('control characters are made visible on a terminal', async () => {
  const { stdout } = await environment.run([...show('c-tools_hostile'), '--no-color'], { terminal: true });
  expect(stdout).toContain('Clears ␛[2J the screen');
  expect(stdout).not.toContain('\u001b');
});

it('a tool that takes nothing, and one whose schema is broken', async () => {
  const none = await environment.run([...show('c-tools_fail'), '--no-color'], { terminal: true });
  expect(none.stdout).toContain('Inputs\nNone.\n');
  const broken = await environment.run([...show('c-tools_broken'), '--no-color'], { terminal: true });
  expect(broken.stdout).toMatch(/a +nonsense/);
  expect(broken).toMatchObject({ exitCode: 0, stderr: '' });
});

it.each([
  ['a name that comes close', ['tools', 'show', 'c-tools_ecko', ...ON_TOOLS], 2, 'Did you mean c-tools_echo'],
  [
    'no such name',
    ['tools', 'show', 'zzzzzzzzzz', ...ON_TOOLS],
    2,
    'sk-connect tools list -c tools -i user_1',
  ],
  [
    'an account that is not ACTIVE',
    ['tools', 'show', 'c-tools_echo', '-c', 'tools', '-i', 'waiting'],
    4,
    'sk-connect authorize',
  ],
  ['no name', ['tools', 'show'], 2, '--help'],
])('%s', async (_what, argv, exitCode, hint) => {
  const result = await environment.run([...argv, '--json']);
  expect(result).toMatchObject({ exitCode, stdout: '' });
  expect(result.error().hint).toContain(hint);
});

describe('a custom tool', () => {
  const file = join(folders.cwd, 'show.yaml');
  beforeAll(() => {
    writeFileSync(
      file,
      JSON.stringify({
        tools: [
          {
            name: 'note_find',
            description: 'Find a note',
            input_schema: {
              type: 'object',
              properties: { identifier: { type: 'string' }, id: { type: 'integer', default: 3 } },
              required: ['identifier', 'id'],
            },
            request: { connection: 'rest', path: '/notes/{{id}}' },
          },
        ],
      }),
    );
  });

  it('needs no account to be shown', async () => {
    const result = await environment.run([
      'tools',
      'show',
      'note_find',
      '--contracts',
      'show.yaml',
      '--json',
    ]);
    expect(result.json()).toMatchObject({
      name: 'note_find',
      source: 'custom',
      connectionName: 'rest',
      readOnly: true,
      exampleInput: { identifier: 'identifier', id: 3 },
      exampleCommand:
        'sk-connect tools exec note_find --contracts show.yaml -p identifier=identifier -p id=3',
    });
  });

  it('leaves the identifier to -i, and works when pasted', async () => {
    environment.rest.at('/notes/3', (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":3}');
    });
    const argv = ['tools', 'show', 'note_find', '--contracts', 'show.yaml', '-i', 'user_1', '--json'];
    const result = await environment.run(argv);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    const { exampleCommand } = result.json() as { exampleCommand: string };
    expect(exampleCommand).toBe('sk-connect tools exec note_find --contracts show.yaml -i user_1 -p id=3');
    const executed = await environment.run([...(await wordsOf(exampleCommand)), '--json']);
    expect(executed.json()).toMatchObject({ data: { id: 3 } });
  });
});
