import { ToolService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tools/tools_pb.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { run, start } from './run.ts';
import type { TestServer } from './support/http.ts';
import { scriptedEnv, scriptedScalekit } from './support/scripted.ts';
import { testTools } from './support/tools.ts';
import { useTools } from './support/tools-environment.ts';

vi.setConfig({ testTimeout: 20_000 });
const mcp = useTools();
const { environment } = mcp;
const OWN = ['tools', 'list', '-c', 'tools', '-i', 'user_1'];
const ECHO = [...OWN, '--name', 'c-tools_echo'];
const echo = testTools[0];

describe('--format', () => {
  it('prints one document with every tool, one on each line in a pipe', async () => {
    const result = await environment.run([...OWN, '--format', 'mcp']);
    const { tools } = result.json() as { tools: { name: string }[] };
    expect(result.exitCode).toBe(0);
    expect(tools.map(({ name }) => name)).toEqual(testTools.map(({ name }) => `c-tools_${name}`));
    expect(result.stdout.trimEnd().split('\n')).toHaveLength(testTools.length + 2);
  });

  const common = { name: 'c-tools_echo', description: echo?.description };
  it.each<[format: string, document: unknown]>([
    ['anthropic', [{ ...common, input_schema: echo?.inputSchema }]],
    ['openai', [{ type: 'function', function: { ...common, parameters: echo?.inputSchema } }]],
    ['openai-responses', [{ type: 'function', ...common, parameters: echo?.inputSchema, strict: false }]],
    [
      'mcp',
      {
        tools: [
          { ...common, title: 'Echo', inputSchema: echo?.inputSchema, outputSchema: echo?.outputSchema },
        ],
      },
    ],
    [
      'vercel-ai',
      { 'c-tools_echo': { title: 'Echo', description: echo?.description, inputSchema: echo?.inputSchema } },
    ],
    [
      'json-schema',
      { 'c-tools_echo': { title: 'Echo', description: echo?.description, ...echo?.inputSchema } },
    ],
  ])('%s', async (format, document) => {
    const result = await environment.run([...ECHO, '--format', format]);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.json()).toEqual(document);
  });

  it('says on stderr what the API would refuse, unless --quiet', async () => {
    const loud = await environment.run([...OWN, '--format', 'openai', '--json']);
    expect(loud.stderr).toBe(
      [
        `OpenAI's Chat Completions API takes at most 128 tools in one request; these are ${testTools.length}.`,
        `OpenAI's Chat Completions API refuses 1 of these ${testTools.length} tools:`,
        '  a schema that is not valid (2020-12): c-tools_broken (/properties/a/type)',
        '',
      ].join('\n'),
    );
    const quiet = await environment.run([...OWN, '--format', 'openai', '--quiet']);
    expect(quiet.stderr).toBe('');
    expect(quiet.stdout).toBe(loud.stdout);
  });

  it('on a terminal it is laid out', async () => {
    const result = await environment.run([...ECHO, '--format', 'anthropic', '--no-color'], {
      terminal: true,
    });
    expect(result.stdout).toBe(`${JSON.stringify(result.json(), null, 2)}\n`);
  });

  it('--jq filters the whole document', async () => {
    const result = await environment.run([...OWN, '--format', 'anthropic', '--jq', 'length']);
    expect(result.stdout).toBe(`${testTools.length}\n`);
  });

  it('no tools: an empty document', async () => {
    for (const [format, document] of [
      ['anthropic', []],
      ['mcp', { tools: [] }],
      ['vercel-ai', {}],
    ] as const) {
      const result = await environment.run([...OWN, '--name', 'nowhere', '--format', format]);
      expect(result).toMatchObject({ exitCode: 0, stderr: '' });
      expect(result.json()).toEqual(document);
    }
  });

  it('--strict marks what can be strict, and says why the rest cannot', async () => {
    const result = await environment.run([
      ...OWN,
      '--name',
      'c-tools_fail',
      '--name',
      'c-tools_echo',
      '--format',
      'openai',
      '--strict',
    ]);
    expect(result.json()).toMatchObject([
      { function: { name: 'c-tools_echo', parameters: echo?.inputSchema } },
      {
        function: {
          name: 'c-tools_fail',
          strict: true,
          parameters: { type: 'object', properties: {}, required: [], additionalProperties: false },
        },
      },
    ]);
    expect(result.stderr).toBe(
      '1 of these 2 tools cannot be strict and stay as they are:\n  a value of any kind: c-tools_echo (/properties/anything)\n',
    );
  });

  it.each([
    [['--format', 'yaml'], 'Allowed choices are anthropic, openai'],
    [['--strict'], '--strict is for --format'],
    [['--format', 'mcp', '--strict'], '--format mcp has no strict mode'],
    [['--format', 'vercel-ai', '--strict'], '--format vercel-ai has no strict mode'],
    [['--estimate-tokens', '--format', 'mcp', '--strict'], '--format mcp has no strict mode'],
  ])('%j is a usage error', async (flags, message) => {
    const result = await environment.run([...OWN, ...flags]);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toContain(message);
  });
});

describe('page by page', () => {
  let scalekit: TestServer;
  let secondPage: Promise<void>;
  let release: () => void;
  let isFailing: boolean;
  beforeAll(async () => {
    scalekit = await scriptedScalekit((router) => {
      router.service(ToolService, {
        listScopedTools: async ({ pageToken }) => {
          const name = pageToken === '' ? 'first' : 'second_and_longer';
          if (pageToken !== '') {
            await secondPage;
            if (isFailing) throw new Error('the second page is broken');
          }
          const definition = { name, description: `Tool ${name}`, input_schema: { type: 'object' } };
          return {
            tools: [{ tool: { id: name, provider: 'p', definition }, connectedAccountId: 'ca_1' }],
            nextPageToken: pageToken === '' ? 'more' : '',
            totalSize: 2,
          };
        },
      });
    });
  });
  afterAll(() => scalekit.close());
  beforeEach(() => {
    secondPage = new Promise((resolve) => {
      release = resolve;
    });
  });
  const LIST = ['tools', 'list', '-c', 'c', '-i', 'u', '--no-color'];

  it.each<[what: string, flags: string[], terminal: true | undefined]>([
    ['rows in a pipe', [], undefined],
    ['rows on a terminal', [], true],
    ['--json', ['--json'], undefined],
    ['--json on a terminal', ['--json'], true],
    ['--format', ['--format', 'anthropic'], undefined],
    ['--format on a terminal', ['--format', 'mcp'], true],
  ])('%s: the first page is printed before the second one came', async (_what, flags, terminal) => {
    isFailing = false;
    const running = start([...LIST, ...flags], {
      env: scriptedEnv(scalekit),
      ...(terminal === undefined ? {} : { terminal }),
    });
    await running.says(/Tool first/, 'stdout');
    release();
    const { exitCode, stdout } = await running.finished;
    expect(exitCode).toBe(0);
    expect(stdout).toContain('second_and_longer');
  });

  it('a table widens for longer names: none is cut', async () => {
    const running = start(LIST, { env: scriptedEnv(scalekit), terminal: true, columns: 60 });
    await running.says(/Tool first/, 'stdout');
    release();
    expect((await running.finished).stdout).toBe(
      [
        'TOOL   SOURCE   REQUIRED  DESCRIPTION',
        'first  builtin            Tool first',
        'second_and_longer  builtin            Tool second_and_lon…',
        '',
      ].join('\n'),
    );
  });

  it.each(['--json', '--format'])('%s: a list that breaks off is no JSON', async (flag) => {
    isFailing = true;
    const flags = flag === '--format' ? ['--format', 'anthropic'] : [flag];
    const running = start([...LIST, ...flags], { env: scriptedEnv(scalekit) });
    await running.says(/Tool first/, 'stdout');
    release();
    const result = await running.finished;
    expect(result.exitCode).toBe(5);
    expect(() => result.json()).toThrow();
  });

  it('--jq: nothing of a list that breaks off', async () => {
    isFailing = true;
    release();
    const result = await run([...LIST, '--jq', '.tools'], { env: scriptedEnv(scalekit) });
    expect(result).toMatchObject({ exitCode: 5, stdout: '' });
  });
});
