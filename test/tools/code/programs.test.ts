import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testTools } from '../../commands/support/tools.ts';
import { useTools } from '../../commands/support/tools-environment.ts';
import { programFolder } from '../../request/code/support/programs.ts';

const mcp = useTools({
  tools: () => [...testTools, { name: 'open', inputSchema: { type: 'object' } }],
  accounts: [{ connection: 'tools', identifier: 'waiting', status: 'PENDING_AUTH' }],
});
const { environment } = mcp;
const folder = programFolder();
afterAll(() => folder.remove());

const PYTHON = fileURLToPath(new URL('../../request/code/support/python', import.meta.url));
const AWKWARD = `it's "quoted" $HOME \`id\` \${x} \\ \t é 日本 🎉 \u202e`;
const CASES = [
  {},
  { id: 'a', count: 3, ratio: -2.5, flag: false, tags: ['x', 'y'], nested: { deep: 'z' }, either: null },
  {
    text: AWKWARD,
    'a-b': [[1, 2], []],
    '1': {},
    lines: 'one\ntwo\nthree',
    rows: [
      { a: 1, b: 2 },
      { a: 3, b: 4 },
    ],
  },
  { apiKey: 'hush-hush-3', login: { password: 'hush-hush-4', user: 'me' } },
];
const SECRETS = { API_KEY: 'hush-hush-3', PASSWORD: 'hush-hush-4' };

async function programOf(input: object, language: string): Promise<string> {
  const account = ['-c', 'tools', '-i', 'user_1'];
  const argv = ['tools', 'exec', 'c-tools_open', ...account, '--input', JSON.stringify(input)];
  const { exitCode, stdout, stderr } = await environment.run([...argv, '--code', language, '-q']);
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  expect(stdout).not.toContain('hush-hush');
  return stdout;
}

const env = () => ({
  ...environment.sandbox.env,
  ...SECRETS,
  DOTENV_CONFIG_QUIET: 'true',
  PYTHONPATH: PYTHON,
  PYTHONDONTWRITEBYTECODE: '1',
});

describe('typescript', () => {
  beforeAll(async () => {
    for (const [index, input] of CASES.entries()) {
      folder.write(`${index}.ts`, await programOf(input, 'typescript'));
    }
    const compiled = await folder.compile(CASES.map((_, index) => `${index}.ts`));
    expect(compiled).toEqual({ exitCode: 0, stdout: '', stderr: '' });
    expect(mcp.calls).toEqual([]);
  }, 120_000);

  it('is formatted', async () => {
    const style = ['--indent-style=space', '--javascript-formatter-quote-style=single'];
    const biome = join(folder.path, 'node_modules/.bin/biome');
    const ended = await folder.run([biome, 'format', ...style, ...CASES.map((_, index) => `${index}.ts`)]);
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it.each(CASES.map((input, index) => ({ input, index })))(
    'makes the call: $input',
    async ({ input, index }) => {
      mcp.calls.length = 0;
      const ended = await folder.run([process.execPath, `${index}.js`], { env: env() });
      expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
      expect(mcp.calls).toEqual([{ name: 'open', arguments: input }]);
      expect(JSON.parse(ended.stdout)).toMatchObject({ structuredContent: { received: input } });
    },
  );
});

// The SDK for Python is not to be had here: one with its signatures tells what it was called with.
it.each(CASES.map((input, index) => ({ input, index })))('python: $input', async ({ input, index }) => {
  folder.write(`${index}.py`, await programOf(input, 'python'));
  const ended = await folder.run(['python3', `${index}.py`], { env: env() });
  expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
  expect(JSON.parse(ended.stdout)).toEqual({
    name: 'c-tools_open',
    connection: 'tools',
    identifier: 'user_1',
    arguments: input,
  });
});

it('as a document, with the variables that it takes', async () => {
  const argv = ['tools', 'exec', 'c-tools_open', '-c', 'tools', '-i', 'user_1', '-p', 'token=hush-hush-5'];
  const result = await environment.run([...argv, '--code', 'python', '--json']);
  expect(result.json()).toEqual({
    language: 'python',
    program: expect.stringContaining('os.environ["TOKEN"]'),
    variables: ['TOKEN'],
  });
  expect(result.stdout).not.toContain('hush-hush-5');
});
