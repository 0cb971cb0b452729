import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { folders, type Running, type RunOptions } from './run.ts';
import { useEnvironment } from './support/environment.ts';
import { json, neverAnswered, SERVED_TOOLS } from './support/tools-server.ts';

vi.setConfig({ testTimeout: 20_000 });
const environment = useEnvironment();
const FILES = ['--contracts', 'tools.yaml'];
const USER = ['-i', 'user_1'];
beforeAll(() => writeFile(join(folders.cwd, 'tools.yaml'), SERVED_TOOLS));

/** What the server writes on stdout for these messages; each line has to be one of the protocol. */
async function overStdio(argv: readonly string[], messages: readonly object[], options: RunOptions = {}) {
  const stdin = messages.map((message) => `${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`).join('');
  const result = await environment.run(['tools', 'serve', ...argv], { stdin, ...options });
  const answers = result.stdout
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Answered);
  return { ...result, answers };
}

interface Answered {
  id: number;
  result?: { tools?: { name: string }[]; content?: unknown; isError?: boolean };
  error?: { code: number; message: string };
}

const INITIALIZE = {
  id: 1,
  method: 'initialize',
  params: { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 't', version: '1' } },
};
const callOf = (id: number, name: string, input: object = {}) => ({
  id,
  method: 'tools/call',
  params: { name, arguments: input },
});

describe('over stdio', () => {
  it('answers all there is to answer, then ends with its input; stdout has the protocol only', async () => {
    environment.rest.at(
      '/ids',
      (request, response) => void setTimeout(() => json('[1]')(request, response), 50),
    );
    const { exitCode, answers, stderr } = await overStdio(
      [...FILES, ...USER],
      [
        INITIALIZE,
        { method: 'notifications/initialized' },
        { id: 2, method: 'tools/list' },
        callOf(3, 'list_ids'),
        callOf(4, 'nothing'),
        { id: 5, method: 'resources/list' },
      ],
    );
    expect(exitCode).toBe(0);
    const byId = new Map(answers.map((answer) => [answer.id, answer]));
    expect([...byId.keys()].toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
    expect(byId.get(2)?.result?.tools?.map(({ name }) => name)).toEqual([
      'find_notes',
      'add_note',
      'list_ids',
    ]);
    expect(byId.get(3)?.result?.content).toEqual([{ type: 'text', text: '[1]' }]);
    expect(byId.get(4)?.error?.code).toBe(-32602);
    expect(byId.get(5)?.error?.code).toBe(-32601);
    expect(stderr).toMatch(/^list_ids: ok, \d+ ms$/m);
  });

  it('goes on after what is no message', async () => {
    const stdin = `no JSON\n{"a":1}\n${JSON.stringify({ jsonrpc: '2.0', ...INITIALIZE })}\n`;
    const { answers, stderr } = await overStdio(FILES, [], { stdin });
    expect(answers.map(({ id }) => id)).toEqual([1]);
    expect(stderr).toMatch(/JSON/);
  });

  it('a call that is cancelled is broken off and not answered', async () => {
    const { arrived, hungUp } = neverAnswered(environment, '/ids');
    const running = serving([...FILES, ...USER]);
    running.write(INITIALIZE, { method: 'notifications/initialized' }, callOf(7, 'list_ids'));
    await arrived;
    running.write({ method: 'notifications/cancelled', params: { requestId: 7, reason: 'enough' } });
    await hungUp;
    running.stdin.end();
    const { exitCode, stdout, stderr } = await running.finished;
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^list_ids: cancelled, \d+ ms$/m);
    expect(stdout.trim().split('\n')).toHaveLength(1);
  });

  it('ends with Ctrl-C, what is under way with it', async () => {
    const { arrived, hungUp } = neverAnswered(environment, '/ids');
    const running = serving([...FILES, ...USER]);
    running.write(INITIALIZE, callOf(7, 'list_ids'));
    await arrived;
    running.interrupt();
    await hungUp;
    expect(await running.finished).toMatchObject({ exitCode: 0 });
  });

  it('ends with --timeout as every command does', async () => {
    const running = serving([...FILES, '--timeout', '0.3']);
    expect(await running.finished).toMatchObject({ exitCode: 6 });
  });

  it('says how to add it to a client: whole paths, the account, no secret', async () => {
    await writeFile(join(folders.cwd, 'other.env'), 'SCALEKIT_IDENTIFIER=user_1\n');
    const { stderr } = await overStdio([...FILES, '--env-file', 'other.env', '-c', 'tools'], []);
    const [config = ''] = /^\{[^]*?^\}$/m.exec(stderr) ?? [];
    const { SCALEKIT_ENV_URL, SCALEKIT_CLIENT_ID } = environment.sandbox.env;
    expect(JSON.parse(config)).toEqual({
      mcpServers: {
        'sk-connect': {
          command: 'sk-connect',
          args: [
            'tools',
            'serve',
            '--contracts',
            join(folders.cwd, 'tools.yaml'),
            '-c',
            'tools',
            '-i',
            'user_1',
            '--env-file',
            join(folders.cwd, 'other.env'),
          ],
          env: { SCALEKIT_ENV_URL, SCALEKIT_CLIENT_ID, SCALEKIT_CLIENT_SECRET: '<the client secret>' },
        },
      },
    });
    const quiet = await overStdio([...FILES, '--quiet'], []);
    expect(quiet.stderr).toBe('');
  });

  it('without credentials lists, and calls nothing', async () => {
    const none = {
      SCALEKIT_ENV_URL: undefined,
      SCALEKIT_CLIENT_ID: undefined,
      SCALEKIT_CLIENT_SECRET: undefined,
    };
    const { answers, stderr } = await overStdio(
      [...FILES, ...USER],
      [INITIALIZE, { id: 2, method: 'tools/list' }, callOf(3, 'list_ids')],
      { env: none },
    );
    expect(stderr).toContain('The tools can be listed, and not called: not set: SCALEKIT_ENV_URL');
    expect(answers.find(({ id }) => id === 2)?.result?.tools).toHaveLength(3);
    expect(answers.find(({ id }) => id === 3)?.result).toMatchObject({ isError: true });
  });

  it.each([
    ['no account and no file', [], 'missing_value'],
    ['a file that is not there', ['--contracts', 'none.yaml'], 'bad_contract'],
    ['a connection without a user', [...FILES, '-c', 'tools'], 'missing_value'],
  ])('%s: 2, before anything is served', async (_what, argv, code) => {
    const result = await environment.run(['tools', 'serve', ...argv, '--json'], { isTyping: true });
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error().code).toBe(code);
  });
});

function serving(argv: readonly string[]): Running & { write(...messages: object[]): void } {
  const running = environment.start(['tools', 'serve', ...argv], { isTyping: true });
  const write = (...messages: object[]) => {
    for (const message of messages)
      running.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  };
  return { ...running, write };
}
