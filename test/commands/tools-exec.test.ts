import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { folders } from './run.ts';
import { useTools } from './support/tools-environment.ts';

vi.setConfig({ testTimeout: 20_000 });
const mcp = useTools({
  accounts: [{ connection: 'tools', identifier: 'waiting', status: 'PENDING_AUTH' }],
});
const { environment } = mcp;
const exec = (tool: string, ...rest: string[]) => [
  'tools',
  'exec',
  `c-tools_${tool}`,
  '-c',
  'tools',
  '-i',
  'user_1',
  ...rest,
];
const params = (...pairs: string[]) => pairs.flatMap((pair) => ['-p', pair]);

describe('tools exec', () => {
  it('prints data on stdout, the execution id and the time on stderr', async () => {
    const result = await environment.run(exec('echo', '-p', 'id=a'));
    expect(result.exitCode).toBe(0);
    expect(result.json()).toEqual({
      content: [{ type: 'text', text: 'done' }],
      structuredContent: { received: { id: 'a' } },
    });
    expect(result.stderr).toMatch(/^execution exec_\d+, \d+ ms\n$/);
    expect(mcp.calls).toEqual([{ name: 'echo', arguments: { id: 'a' } }]);
    const quiet = await environment.run(exec('echo', '-p', 'id=a', '-q'));
    expect(quiet).toMatchObject({ exitCode: 0, stderr: '', stdout: result.stdout });
  });

  it('on a terminal what is in data is laid out, and all of data with --raw', async () => {
    const argv = exec('echo', '-p', 'id=a', '--no-input', '--no-color');
    const shown = await environment.run(argv, { terminal: true });
    expect(shown.stdout).toBe('{\n  "received": {\n    "id": "a"\n  }\n}\ndone\n');
    const raw = await environment.run([...argv, '--raw'], { terminal: true });
    expect(raw.stdout).toContain('{\n  "content": [\n    {\n');
  });

  it('--json: the shape', async () => {
    const result = await environment.run(exec('echo', '-p', 'id=a', '--json'));
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.json()).toEqual({
      toolName: 'c-tools_echo',
      executionId: expect.stringMatching(/^exec_\d+$/),
      data: expect.objectContaining({ structuredContent: { received: { id: 'a' } } }),
      durationMs: expect.any(Number),
    });
  });
});

describe('the input', () => {
  it.each([
    ['text that looks like a number', ['id=007'], { id: '007' }],
    ['text that looks like a boolean', ['id=true'], { id: 'true' }],
    ['text with = in it', ['id=a=b='], { id: 'a=b=' }],
    ['empty text', ['id='], { id: '' }],
    ['numbers', ['id=a', 'count=12', 'ratio=-1.5e3'], { id: 'a', count: 12, ratio: -1500 }],
    ['booleans', ['id=a', 'flag=false'], { id: 'a', flag: false }],
    ['a list, one by one', ['id=a', 'tags=x', 'tags=7'], { id: 'a', tags: ['x', '7'] }],
    ['a list of one', ['id=a', 'tags=x,y'], { id: 'a', tags: ['x,y'] }],
    ['a list as JSON', ['id=a', 'tags=["x","y"]'], { id: 'a', tags: ['x', 'y'] }],
    ['a list of numbers', ['id=a', 'numbers=1', 'numbers=2'], { id: 'a', numbers: [1, 2] }],
    ['an object', ['id=a', 'nested={"deep":"1"}'], { id: 'a', nested: { deep: '1' } }],
    ['an enumeration', ['id=a', 'kind=3'], { id: 'a', kind: 3 }],
    ['null where it may be', ['id=a', 'either=null'], { id: 'a', either: null }],
    ['a union', ['id=a', 'either=5'], { id: 'a', either: 5 }],
    ['what may be text stays text', ['id=a', 'loose=12'], { id: 'a', loose: '12' }],
    ['a format', ['id=a', 'day=2026-02-28'], { id: 'a', day: '2026-02-28' }],
    ['what the schema leaves open', ['id=a', 'anything=007'], { id: 'a', anything: '007' }],
  ])('-p: %s', async (_what, pairs, expected) => {
    const result = await environment.run(exec('echo', ...params(...pairs)));
    expect(result.exitCode).toBe(0);
    expect(mcp.calls).toEqual([{ name: 'echo', arguments: expected }]);
  });

  it('--input as JSON, from a file and from stdin; -p wins over it', async () => {
    await writeFile(join(folders.cwd, 'input.json'), '{"id": "file", "count": 2}');
    await environment.run(exec('echo', '--input', '{"id": "text"}'));
    await environment.run(exec('echo', '--input', '@input.json', '-p', 'id=param'));
    await environment.run(exec('echo', '--input', '-'), { stdin: '{"id": "stdin"}' });
    await environment.run(exec('echo', '--input', '@-'), { stdin: '{"id": "stdin"}' });
    expect(mcp.calls.map((call) => call.arguments)).toEqual([
      { id: 'text' },
      { id: 'param', count: 2 },
      { id: 'stdin' },
      { id: 'stdin' },
    ]);
  });

  it('every violation is listed, and nothing is executed', async () => {
    const argv = exec(
      'echo',
      ...params('count=0', 'flag=maybe', 'kind=odd', 'day=2026-02-30', 'extra=1', 'ratio=0x10'),
    );
    const result = await environment.run([...argv, '--json']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    const error = result.error();
    expect(error).toMatchObject({ code: 'invalid_input', exitCode: 2 });
    const { violations } = error.details as { violations: { path: string; message: string }[] };
    expect(violations.map(({ path }) => path).toSorted()).toEqual(
      ['/count', '/day', '/extra', '/flag', '/id', '/kind', '/ratio'].toSorted(),
    );
    const shown = await environment.run(argv);
    expect(shown.stderr).toContain('the input does not fit c-tools_echo:\n');
    expect(shown.stderr).toContain('\n  id is required\n');
    expect(shown.stderr).toContain('\n  extra is not known to the tool\n');
    expect(shown.stderr).toContain('Nothing was sent');
    expect(mcp.calls).toEqual([]);
  });

  it.each([
    [['-p', 'id'], 'is no key=value'],
    [['-p', '=x'], 'is no key=value'],
    [['-p', 'id=a', '-p', 'id=b'], 'is given 2 times'],
    [['-p', 'id=a', '-p', 'count=9007199254740993'], 'cannot be sent exactly'],
    [['-p', 'id=a', '-p', 'nested={'], '-p nested is not valid JSON'],
    [['--input', '[1]'], '--input is no JSON object'],
    [['--input', '{'], '--input is not valid JSON'],
    [['--input', '@nowhere.json'], '--input: nowhere.json cannot be read'],
    [[], 'id is required'],
  ])('%j: %s', async (flags, message) => {
    const result = await environment.run(exec('echo', ...flags, '--json'));
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error().message).toContain(message);
    expect(mcp.calls).toEqual([]);
  });

  it('a schema that is none is said, and the input is sent unchecked', async () => {
    const result = await environment.run(exec('broken', '-p', 'a=1'));
    expect(result.exitCode).toBe(0);
    expect(result.stderr).toContain('The input schema of c-tools_broken is broken');
    expect(mcp.calls).toEqual([{ name: 'broken', arguments: { a: '1' } }]);
  });
});

describe('what is refused', () => {
  it.each([
    ['ech', 'Did you mean c-tools_echo'],
    ['filler_9', 'c-tools_filler_'],
    ['zzzzzzzzzzzzzzzzzzzzzzzzzzzz', 'sk-connect tools list -c tools -i user_1'],
  ])('an unknown tool, %s, with the nearest names', async (tool, hint) => {
    const result = await environment.run(exec(tool, '-p', 'id=a', '--json'));
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'tool_not_found' });
    expect(result.error().hint).toContain(hint);
  });

  it("a tool's own name without the connection", async () => {
    const result = await environment.run(['tools', 'exec', 'echo', '-c', 'tools', '-i', 'user_1']);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain('Did you mean c-tools_echo');
  });

  it.each([[[]], [['--no-preflight']]])(
    'accounts that are missing or not ACTIVE are 4; %j',
    async (flags) => {
      for (const identifier of ['nobody', 'waiting']) {
        const argv = [
          'tools',
          'exec',
          'c-tools_echo',
          '-c',
          'tools',
          '-i',
          identifier,
          '-p',
          'id=a',
          ...flags,
        ];
        const result = await environment.run([...argv, '--json']);
        expect(result.exitCode).toBe(4);
        expect(result.error().hint).toContain(`sk-connect authorize -c tools -i ${identifier}`);
      }
      expect(mcp.calls).toEqual([]);
      expect(environment.statusOf('tools', 'nobody')).toBeUndefined();
    },
  );

  it('an unknown connection', async () => {
    const result = await environment.run([
      'tools',
      'exec',
      'c-tols_echo',
      '-c',
      'tols',
      '-i',
      'user_1',
      '--json',
    ]);
    expect(result.exitCode).toBe(2);
    expect(result.error().hint).toContain('Did you mean tools?');
  });

  it('--no-preflight asks for no listing of accounts', async () => {
    const trace = async (...flags: string[]) =>
      (await environment.run(exec('echo', '-p', 'id=a', '-v', ...flags))).stderr;
    expect(await trace()).toContain('ListConnectedAccounts');
    expect(await trace('--no-preflight')).not.toContain('ListConnectedAccounts');
  });
});

describe('errors', () => {
  it("a tool's own error is 5, with its code, message and execution id", async () => {
    const result = await environment.run(exec('fail', '--json'));
    expect(result).toMatchObject({ exitCode: 5, stdout: '' });
    expect(result.error()).toMatchObject({
      code: 'tool_error',
      exitCode: 5,
      message: 'the tool failed: TOOL_EXECUTION_FAILED: the printer is on fire',
      details: {
        toolErrorCode: 'TOOL_EXECUTION_FAILED',
        toolErrorMessage: 'the printer is on fire',
        executionId: expect.stringMatching(/^exec_\d+$/),
      },
    });
    expect(mcp.calls).toHaveLength(1);
    const shown = await environment.run(exec('fail'));
    expect(shown.stderr).toMatch(/Quote execution id exec_\d+/);
  });
});
