import { expect, it, vi } from 'vitest';
import { useEnvironment } from './support/environment.ts';

vi.setConfig({ testTimeout: 20_000 });
const environment = useEnvironment(() => ({ accounts: [{ connection: 'docs-demo', identifier: 'user_1' }] }));
const TOKENS = ['tools', 'list', '-c', 'docs-demo', '-i', 'user_1', '--estimate-tokens'];

interface Tokens {
  tools: { name: string; tokens: number }[];
  totalTokens: number;
  format: string;
}

it('--json: the largest first, and all together', async () => {
  const { tools, totalTokens, format } = (await environment.run([...TOKENS, '--json'])).json() as Tokens;
  expect(format).toBe('anthropic');
  expect(tools.map(({ name }) => name).toSorted()).toEqual([
    'c-docs-demo_add',
    'c-docs-demo_fail',
    'c-docs-demo_search_docs',
    'c-docs-demo_send_message',
  ]);
  expect(tools.map(({ tokens }) => tokens)).toEqual(
    tools.map(({ tokens }) => tokens).toSorted((a, b) => b - a),
  );
  expect(totalTokens).toBe(tools.reduce((sum, { tokens }) => sum + tokens, 0));
  expect(tools.at(-1)?.tokens).toBeGreaterThan(20);
});

it('--format decides what is counted', async () => {
  const total = async (...flags: string[]) =>
    ((await environment.run([...TOKENS, '--json', ...flags])).json() as Tokens).totalTokens;
  const [anthropic, mcp, strict] = await Promise.all([
    total(),
    total('--format', 'mcp'),
    total('--format', 'openai', '--strict'),
  ]);
  // MCP's have an output schema.
  expect(mcp).toBeGreaterThan(anthropic);
  expect(strict).toBeGreaterThan(anthropic);
});

it('in a pipe: rows of name and number; the total on stderr', async () => {
  const { stdout, stderr } = await environment.run(TOKENS);
  const rows = stdout.trimEnd().split('\n');
  expect(rows).toHaveLength(4);
  for (const row of rows) expect(row).toMatch(/^c-docs-demo_\w+\t\d+$/);
  const total = rows.reduce((sum, row) => sum + Number(row.split('\t')[1]), 0);
  expect(stderr).toMatch(
    new RegExp(`^4 tools take about ${total} tokens as --format anthropic: an estimate`),
  );
});

it('on a terminal: a table with shares', async () => {
  const { stdout } = await environment.run([...TOKENS, '--no-color'], { terminal: true, columns: 80 });
  const [head, ...rows] = stdout.trimEnd().split('\n');
  expect(head).toBe('TOKENS    SHARE  TOOL');
  for (const row of rows) expect(row).toMatch(/^ +\d+ +\d+\.\d % {2}c-docs-demo_\w+$/);
});

it('no tools', async () => {
  const result = await environment.run([...TOKENS, '--name', 'nowhere', '--json']);
  expect(result.json()).toEqual({ tools: [], totalTokens: 0, format: 'anthropic' });
});
