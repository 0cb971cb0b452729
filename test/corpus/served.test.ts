import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseLockfile } from '../../src/contracts/lockfile.ts';
import type { JsonObject } from '../../src/json/object.ts';
import { startSandbox } from '../../src/sandbox/start.ts';
import { FORMAT_NAMES } from '../../src/tools/formats/names.ts';
import { folders } from '../commands/run.ts';
import { useEnvironment } from '../commands/support/environment.ts';
import { type McpApi, mcpApi } from '../commands/support/mcp.ts';
import { callTestTool, toolsConnector } from '../commands/support/tools.ts';
import { corpus } from './support/corpus.ts';
import { pairsOf } from './support/pairs.ts';
import { samplesOf } from './support/samples.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });
const tools = await corpus();
/** Whole invocations take their time: some of all kinds. */
const some = tools.filter((_tool, index) => index % 9 === 0);

let mcp: McpApi;
beforeAll(async () => {
  mcp = await mcpApi(
    tools.map(({ tool }) => tool),
    callTestTool,
  );
});
afterAll(() => mcp.close());
const environment = useEnvironment(() => ({
  connectors: [toolsConnector(mcp.url)],
  connections: [{ name: 'all', connector: 'test-tools' }],
  accounts: [{ connection: 'all', identifier: 'user_1' }],
}));
const run = (...argv: string[]) => environment.run(['tools', ...argv, '-c', 'all', '-i', 'user_1']);

describe('tools list', () => {
  it('--json: every tool with its schemas', async () => {
    const { tools: listed, totalSize } = (await run('list', '--json')).json() as {
      tools: JsonObject[];
      totalSize: number;
    };
    expect(totalSize).toBe(tools.length);
    const byName = new Map(listed.map((each) => [each['name'], each]));
    for (const { tool, title } of tools) {
      const { inputSchema, outputSchema = null, annotations } = tool;
      const readOnly = annotations?.readOnlyHint ?? null;
      expect(byName.get(`c-all_${tool.name}`), title).toMatchObject({ inputSchema, outputSchema, readOnly });
    }
  });

  it.each(FORMAT_NAMES)('--format %s: one document with every tool', async (format) => {
    const { exitCode, stdout } = await run('list', '--format', format);
    expect(exitCode).toBe(0);
    const document = JSON.parse(stdout) as JsonObject | unknown[];
    expect(Array.isArray(document) ? document : (document['tools'] ?? Object.keys(document))).toHaveLength(
      tools.length,
    );
  });

  it('--estimate-tokens: every tool, the largest first', async () => {
    const document = (await run('list', '--estimate-tokens', '--json')).json() as {
      tools: { tokens: number }[];
      totalTokens: number;
    };
    const tokens = document.tools.map((each) => each.tokens);
    expect(tokens).toHaveLength(tools.length);
    expect(tokens).toEqual(tokens.toSorted((a, b) => b - a));
    expect(tokens.at(-1)).toBeGreaterThan(0);
    expect(document.totalTokens).toBe(tokens.reduce((sum, each) => sum + each, 0));
  });
});

it('tools show names every input on a narrow terminal too', async () => {
  for (const { tool, title } of some) {
    const argv = ['tools', 'show', `c-all_${tool.name}`, '-c', 'all', '-i', 'user_1'];
    const { exitCode, stdout } = await environment.run(argv, { terminal: true, columns: 60 });
    expect(exitCode, title).toBe(0);
    for (const name of Object.keys(tool.inputSchema.properties ?? {})) {
      // Long names are cut to the width.
      expect(stdout, `${title}: ${name}`).toContain(name.slice(0, 10));
    }
  }
});

it('tools exec sends what was typed', async () => {
  mcp.calls.length = 0;
  for (const { tool, inputSchema, title } of some) {
    const [sample] = samplesOf(inputSchema, 1);
    if (sample === undefined) throw new Error(`nothing fits ${title}`);
    const params = pairsOf(sample, true).flatMap((pair) => ['-p', pair]);
    const { exitCode, stderr } = await run('exec', `c-all_${tool.name}`, ...params, '--yes');
    expect(exitCode, `${title}: ${stderr}`).toBe(0);
    expect(mcp.calls.at(-1), title).toEqual({ name: tool.name, arguments: sample });
  }
});

it('tools lock, then --check; a sandbox that serves the lockfile has the same tools', async () => {
  expect((await run('lock')).exitCode).toBe(0);
  const isSame = { exitCode: 0, stdout: '', stderr: expect.stringContaining('No changes') };
  expect(await run('lock', '--check')).toMatchObject(isSame);

  const lockfile = await parseLockfile(await readFile(join(folders.cwd, 'tools.lock.json'), 'utf8'));
  const sandbox = await startSandbox({
    config: {
      connectors: [toolsConnector('http://127.0.0.1:9/mcp')],
      connections: [{ name: 'all', connector: 'test-tools' }],
      accounts: [{ connection: 'all', identifier: 'user_1' }],
      tools_lock: lockfile,
    },
  });
  try {
    const argv = ['tools', 'lock', '--check', '-c', 'all', '-i', 'user_1'];
    expect(await environment.run(argv, { env: sandbox.env })).toMatchObject(isSame);
  } finally {
    await sandbox.close();
  }
});
