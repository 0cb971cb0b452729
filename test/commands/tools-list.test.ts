import { describe, expect, it, vi } from 'vitest';
import { FILLERS, testTools } from './support/tools.ts';
import { useTools } from './support/tools-environment.ts';

vi.setConfig({ testTimeout: 20_000 });
const mcp = useTools({
  accounts: [
    { connection: 'docs-demo', identifier: 'user_1' },
    { connection: 'tools', identifier: 'waiting', status: 'PENDING_AUTH' },
  ],
});
const { environment } = mcp;
const OWN = ['tools', 'list', '-c', 'tools', '-i', 'user_1'];
const DOCS = ['c-docs-demo_search_docs', 'c-docs-demo_add', 'c-docs-demo_send_message', 'c-docs-demo_fail'];

const names = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t')[0]);

describe('tools list', () => {
  it('in a pipe: every page, a row for each tool, nothing else', async () => {
    const result = await environment.run(OWN);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(names(result.stdout)).toEqual(testTools.map(({ name }) => `c-tools_${name}`));
    expect(result.stdout.split('\n')[0]).toBe(
      'c-tools_echo\tmcp\tid\tGives back what it was given.\\nOn two lines.',
    );
    expect(result.stdout.split('\n')[3]).toMatch(
      /^c-tools_filler_000\tmcp\tfirst, second\tFiller number 0\./,
    );
  });

  it('--json: the shape', async () => {
    const result = await environment.run([...OWN, '--json']);
    const { tools, totalSize, ...rest } = result.json() as { tools: object[]; totalSize: number };
    expect(rest).toEqual({});
    expect(totalSize).toBe(testTools.length);
    expect(tools).toHaveLength(testTools.length);
    expect(tools[0]).toEqual({
      name: 'c-tools_echo',
      displayName: 'Echo',
      description: 'Gives back what it was given.\nOn two lines.',
      provider: 'test-tools',
      connectionName: 'tools',
      connectedAccountId: expect.stringMatching(/^ca_\d+$/),
      source: 'mcp',
      inputSchema: testTools[0]?.inputSchema,
      outputSchema: testTools[0]?.outputSchema,
      tags: ['mcp'],
      readOnly: null,
      scopes: null,
    });
    expect(tools[1]).toMatchObject({ name: 'c-tools_fail', outputSchema: null });
  });

  it('a table fitted to the terminal', async () => {
    const argv = ['tools', 'list', '-c', 'docs-demo', '-i', 'user_1', '--no-color'];
    const wide = await environment.run(argv, { terminal: true, columns: 300 });
    const [head, first] = wide.stdout.split('\n');
    expect(head).toMatch(/^TOOL +SOURCE +REQUIRED +DESCRIPTION$/);
    expect(first).toMatch(/^c-docs-demo_search_docs +mcp +query +Finds pages .* first\.$/);
    const narrow = await environment.run(argv, { terminal: true, columns: 60 });
    const lines = narrow.stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(5);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(60);
    expect(lines[1]).toContain('…');
  });

  it.each([
    [
      ['--name', 'c-tools_echo', '--name', 'c-tools_fail'],
      ['c-tools_echo', 'c-tools_fail'],
    ],
    [['--query', 'TWO LINES'], ['c-tools_echo']],
    [['--query', 'filler_22'], Array.from({ length: 10 }, (_, index) => `c-tools_filler_22${index}`)],
    [['--provider', 'test-tools', '--name', 'c-tools_fail'], ['c-tools_fail']],
    [['--provider', 'other'], []],
    [['--name', 'nowhere'], []],
  ])('%j', async (flags, expected) => {
    const result = await environment.run([...OWN, ...flags]);
    expect(result.exitCode).toBe(0);
    expect(names(result.stdout)).toEqual(expected);
    const json = await environment.run([...OWN, ...flags, '--json']);
    expect(json.json()).toMatchObject({ totalSize: expected.length });
  });

  it('nothing found is said on a terminal', async () => {
    const result = await environment.run([...OWN, '--name', 'nowhere'], { terminal: true });
    expect(result).toMatchObject({ exitCode: 0, stdout: '', stderr: 'No tools.\n' });
  });

  it('--available: what a user could have, of every connection, ACTIVE there or not', async () => {
    const result = await environment.run(['tools', 'list', '--available', '-i', 'waiting', '--json']);
    const { tools } = result.json() as { tools: { name: string; connectionName: null }[] };
    expect(tools).toHaveLength(FILLERS + 3 + DOCS.length);
    expect(tools[0]).toMatchObject({ connectionName: null, connectedAccountId: null });
    const nobody = await environment.run(['tools', 'list', '--available', '-i', 'nobody', '--json']);
    expect(nobody.error().message).toContain('identifier not found: nobody');
    expect(environment.statusOf('tools', 'nobody')).toBeUndefined();
  });

  it('--catalog needs no user; --provider and --query narrow it', async () => {
    const all = await environment.run(['tools', 'list', '--catalog']);
    expect(names(all.stdout)).toHaveLength(FILLERS + 3 + DOCS.length);
    const docs = await environment.run(['tools', 'list', '--catalog', '--provider', 'demo-docs']);
    expect(names(docs.stdout)).toEqual(DOCS);
    const found = await environment.run(['tools', 'list', '--catalog', '--query', 'sum of two']);
    expect(names(found.stdout)).toEqual(['c-docs-demo_add']);
    const both = await environment.run(['tools', 'list', '--catalog', '--available']);
    expect(both.exitCode).toBe(2);
  });

  it.each([
    ['a missing account', 'tools', 'nobody', 4, 'sk-connect authorize -c tools -i nobody'],
    ['an account that is not ACTIVE', 'tools', 'waiting', 4, 'sk-connect authorize -c tools -i waiting'],
    ['an unknown connection', 'tols', 'user_1', 2, 'Did you mean tools?'],
  ])('%s is no empty list', async (_what, connection, identifier, exitCode, hint) => {
    const result = await environment.run(['tools', 'list', '-c', connection, '-i', identifier, '--json']);
    expect(result.exitCode).toBe(exitCode);
    expect(result.error().hint).toContain(hint);
    expect(environment.statusOf('tools', 'nobody')).toBeUndefined();
  });

  it('a server that is down', async () => {
    const result = await environment.run(['tools', 'list', '-c', 'rest', '-i', 'user_1']);
    expect(result).toMatchObject({ exitCode: 0, stdout: '' });
  });
});
