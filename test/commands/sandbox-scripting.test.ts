import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folders, run } from './run.ts';
import { scriptedSandbox } from './support/scripted-sandbox.ts';

describe('sandbox accounts', () => {
  it('list: tab-separated, and by connection, identifier and status', async () => {
    const here = await scriptedSandbox();
    await here.run(['accounts', 'list', '-c', 'forms']);
    const [account] = here.sandbox.control.accounts();
    expect((await here.run(['accounts', 'list'])).stdout).toBe(
      `keys\tuser_1\tACTIVE\tBEARER_TOKEN\t${account?.connectedAccountId}\t\n`,
    );
    for (const words of [
      ['-c', 'forms'],
      ['-i', 'nobody'],
      ['--status', 'expired'],
    ]) {
      expect((await here.run(['accounts', 'list', ...words, '--json'])).json()).toEqual({ accounts: [] });
    }
    const env = { SCALEKIT_CONNECTION_NAME: 'forms' };
    expect((await here.run(['accounts', 'list', '--json'], { env })).json()).toEqual({ accounts: [] });
  });

  it.each([
    ['expire', 'EXPIRED'],
    ['revoke', 'ACTIVE'],
    ['disconnect', 'DISCONNECTED'],
  ])('%s: %s', async (action, status) => {
    const here = await scriptedSandbox();
    const result = await here.run(['accounts', action, '-c', 'keys', '-i', 'user_1', '--json']);
    expect(result.json()).toMatchObject({ connectionName: 'keys', status });
    expect(here.sandbox.control.accounts()).toMatchObject([{ status }]);
  });

  it('set-status, by its id and in small letters', async () => {
    const here = await scriptedSandbox();
    const [account] = here.sandbox.control.accounts();
    const words = ['accounts', 'set-status', 'pending-verification', account?.connectedAccountId ?? ''];
    expect((await here.run([...words, '--json'])).json()).toMatchObject({ status: 'PENDING_VERIFICATION' });
  });

  it.each([
    ['an account that is not there', ['expire', 'ca_9'], 4, { code: 'account_not_found' }],
    ['one of no connection', ['expire', '-c', 'forms'], 4, { code: 'account_not_found' }],
    [
      'a status that is none',
      ['set-status', 'ACTVE'],
      2,
      { code: 'bad_status', hint: 'Did you mean ACTIVE?' },
    ],
    ['no status', ['set-status'], 2, { code: 'usage' }],
  ])('%s', async (_what, words, exitCode, error) => {
    const here = await scriptedSandbox();
    const result = await here.run(['accounts', ...words, '--json']);
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(result.error()).toMatchObject(error);
  });

  it('one that is EXPIRED cannot expire: 4', async () => {
    const here = await scriptedSandbox();
    await here.run(['accounts', 'expire']);
    const again = await here.run(['accounts', 'expire', '--json']);
    expect(again).toMatchObject({ exitCode: 4 });
    expect(again.error()).toMatchObject({
      code: 'account_not_active',
      hint: expect.stringContaining('sk-connect authorize'),
    });
  });

  it.each([
    [
      ['-c', 'forms', '-i', 'nobody'],
      'there is no connected account of nobody on forms',
      '-c forms -i nobody',
    ],
    [['-c', 'forms'], 'there is no connected account on forms', '-c forms -i IDENTIFIER'],
  ])('nobody is named as who was asked for: %j', async (words, message, named) => {
    const here = await scriptedSandbox();
    const error = (await here.run(['accounts', 'revoke', ...words, '--json'])).error();
    expect(error).toMatchObject({ message, hint: expect.stringContaining(`authorize ${named} --sandbox`) });
  });

  it('revoke says what its row does not show', async () => {
    const here = await scriptedSandbox();
    const { stderr } = await here.run(['accounts', 'revoke', '-i', 'user_1']);
    expect(stderr).toBe('It is ACTIVE as before, but the provider takes its credentials no more.\n');
  });
});

describe('sandbox clock', () => {
  it.each([
    ['90s', 90],
    ['2h', 7200],
    ['3d', 259_200],
    ['1h30m', 5400],
    ['250ms', 0.25],
    ['60', 60],
  ])('advance %s', async (duration, seconds) => {
    const here = await scriptedSandbox();
    const result = await here.run(['clock', 'advance', duration, '--json']);
    const { offsetSeconds } = result.json() as { offsetSeconds: number };
    expect(Math.abs(offsetSeconds - seconds)).toBeLessThan(1);
    expect(here.sandbox.control.clock().offsetSeconds).toBeGreaterThan(seconds - 1);
  });

  it('freeze, now and resume', async () => {
    const here = await scriptedSandbox();
    await here.run(['clock', 'freeze', '2099-01-31T12:00:00Z']);
    const { stdout } = await here.run(['clock', 'now']);
    expect(stdout).toMatch(/^2099-01-31T12:00:00\.000Z\tfrozen\t\d+(\.\d+)?\n$/);
    const shown = await here.run(['clock', 'now'], { terminal: true });
    expect(shown.stdout).toMatch(/^2099-01-31T12:00:00\.000Z \(frozen, \d+ d( \d+ h)? ahead\)\n$/);
    expect((await here.run(['clock', 'resume', '--json'])).json()).toMatchObject({ frozen: false });
  });

  it.each([
    ['advance', ['advance', '5x'], 'bad_duration'],
    ['advance', ['advance', '--', '-5s'], 'bad_duration'],
    ['advance', ['advance', ''], 'bad_duration'],
    ['freeze', ['freeze', 'tomorrow'], 'bad_time'],
    ['freeze', ['freeze', '2099-99-99'], 'bad_time'],
    ['freeze, back', ['freeze', '2001-01-01'], 'clock_goes_forward'],
  ])('%s %j: a usage error', async (_what, words, code) => {
    const here = await scriptedSandbox();
    const result = await here.run(['clock', '--json', ...words]);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error()).toMatchObject({ code });
  });
});

describe('sandbox faults', () => {
  it.each([
    [
      ['-c', 'keys', '-i', 'user_1', '--path', '/a/*', '--method', 'post', '--status', '503', '--times', '3'],
      {
        match: { connectionName: 'keys', identifier: 'user_1', path: '/a/*', method: 'POST' },
        effect: { status: 503 },
        times: 3,
      },
    ],
    [
      ['--status', '400', '--body', '{"a":1}', '--header', 'x-one: 1', '--header', 'x-two:2:3'],
      { match: {}, effect: { status: 400, body: { a: 1 }, headers: { 'x-one': '1', 'x-two': '2:3' } } },
    ],
    [['--status', '400', '--body', 'no json'], { effect: { status: 400, body: 'no json' } }],
    [['--rate-limit', '--once'], { effect: { retryAfterSeconds: 1 }, times: 1 }],
    [['--rate-limit', '2m'], { effect: { retryAfterSeconds: 120 } }],
    [['--rate-limit', '30'], { effect: { retryAfterSeconds: 30 } }],
    [
      ['--tool', '*_search', '--latency', '1.5s', '--probability', '0.25', '--seed', '7'],
      { match: { toolName: '*_search' }, effect: { latencyMs: 1500 }, probability: 0.25, seed: 7 },
    ],
    [
      ['--rpc', 'ExecuteTool', '--grpc-code', 'UNAVAILABLE'],
      { match: { rpc: 'ExecuteTool' }, effect: { grpcCode: 'unavailable' } },
    ],
    [
      ['--kind', 'proxy', '--reset', '--bytes-per-second', '100'],
      { match: { kind: 'proxy' }, effect: { reset: true, bytesPerSecond: 100 } },
    ],
  ])('add %j', async (words, fault) => {
    const here = await scriptedSandbox();
    // A variable for other commands is no wish to break one connection only.
    const env = { SCALEKIT_CONNECTION_NAME: 'forms' };
    const result = await here.run(['faults', 'add', ...words, '--json'], { env });
    expect(result.json()).toMatchObject({ id: 'flt_1', hits: 0, ...fault });
    expect(here.sandbox.control.faults()).toMatchObject([fault]);
  });

  it('strikes, is listed with its hits, and is removed', async () => {
    const here = await scriptedSandbox();
    await here.run(['faults', 'add', '-c', 'keys', '--status', '418']);
    const request = ['request', '/x', '-c', 'keys', '-i', 'user_1'];
    expect((await run(request, { env: here.sandbox.env })).stderr).toContain('418');
    const { stdout } = await here.run(['faults', 'list']);
    expect(stdout).toBe('flt_1\tconnectionName keys\tstatus 418\talways\t1\t1\n');
    expect(await here.run(['faults', 'remove', 'flt_1'])).toMatchObject({ exitCode: 0, stdout: '' });
    expect((await here.run(['faults', 'list', '--json'])).json()).toEqual({ faults: [] });
  });

  it('clear removes all', async () => {
    const here = await scriptedSandbox();
    await here.run(['faults', 'add', '--status', '500']);
    await here.run(['faults', 'add', '--status', '501']);
    expect(await here.run(['faults', 'clear'])).toMatchObject({ exitCode: 0, stdout: '' });
    expect(here.sandbox.control.faults()).toEqual([]);
  });

  it.each([
    ['nothing that happens', ['add', '-c', 'keys'], 'no_effect'],
    ['a status that is none', ['add', '--status', '99'], 'usage'],
    ['a kind that is none', ['add', '--status', '500', '--kind', 'http'], 'usage'],
    ['more than always', ['add', '--status', '500', '--probability', '2'], 'usage'],
    ['a latency without a unit', ['add', '--latency', '5'], 'bad_duration'],
    ['a header that is none', ['add', '--status', '500', '--header', 'x'], 'usage'],
    ['once and twice', ['add', '--status', '500', '--once', '--times', '2'], 'usage'],
    ['a gRPC code that is none', ['add', '--grpc-code', 'broken'], 'invalid_request'],
    ['a fault that is not there', ['remove', 'flt_9'], 'fault_not_found'],
  ])('%s: a usage error', async (_what, words, code) => {
    const here = await scriptedSandbox();
    const result = await here.run(['faults', ...words, '--json']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error()).toMatchObject({ code });
    expect(here.sandbox.control.faults()).toEqual([]);
  });

  it.each([
    [['--header', 'x: 1'], '--header goes with --status'],
    [['--grpc-code', 'internal', '--body', '{}'], '--body goes with --status'],
    [['--status', '500', '--seed', '1'], '--seed goes with --probability'],
    [['--rpc', 'ListTools', '--status', '500'], expect.stringMatching(/^--status .*: give a --grpc-code$/)],
    [['--grpc-code', 'broken'], expect.stringMatching(/^--grpc-code must be one of cancelled, /)],
  ])('add %j: what is wrong is said of the flags', async (words, message) => {
    const here = await scriptedSandbox();
    const error = (await here.run(['faults', 'add', ...words, '--json'])).error();
    expect(error).toMatchObject({ message, hint: expect.stringContaining('faults add --help') });
  });

  it('for a connection that is not there: added, and told', async () => {
    const here = await scriptedSandbox();
    const there = await here.run(['faults', 'add', '-c', 'keys', '--status', '500']);
    expect(there.stderr).toBe('');
    const missing = await here.run(['faults', 'add', '-c', 'kyes', '--status', '500']);
    expect(missing).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('No connection is named kyes'),
    });
    expect(here.sandbox.control.faults()).toHaveLength(2);
  });
});

describe('sandbox log', () => {
  it.each([
    [['-i', 'user_1'], ['user_1']],
    [['-i', 'user_1', '-c', 'forms'], []],
    [
      ['-c', 'keys'],
      ['user_1', 'user_2'],
    ],
  ])('of %j alone', async (words, identifiers) => {
    const here = await scriptedSandbox();
    for (const identifier of ['user_1', 'user_2'])
      await run(['status', '-c', 'keys', '-i', identifier], { env: here.sandbox.env });
    const log = await here.run(['log', ...words, '--json']);
    const { exchanges } = log.json() as { exchanges: { identifier: string }[] };
    expect([...new Set(exchanges.map(({ identifier }) => identifier))]).toEqual(identifiers);
  });

  it('--follow -i: those of one user as they come', async () => {
    const here = await scriptedSandbox();
    const running = here.start(['log', '--follow', '-i', 'user_2', '--json']);
    for (const identifier of ['user_1', 'user_2'])
      await run(['status', '-c', 'keys', '-i', identifier], { env: here.sandbox.env });
    await running.says(/\n/, 'stdout');
    running.interrupt();
    const { exitCode, stdout } = await running.finished;
    expect(exitCode).toBe(0);
    const calls = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { identifier: string });
    expect(calls.filter(({ identifier }) => identifier !== 'user_2')).toEqual([]);
  });

  it("a proxied call goes by the provider's path on a terminal", async () => {
    const here = await scriptedSandbox();
    await here.run(['faults', 'add', '-c', 'keys', '--status', '418']);
    await run(['request', '/v1/x', '-c', 'keys', '-i', 'user_1'], { env: here.sandbox.env });
    const shown = await here.run(['log', '--no-color'], { terminal: true, columns: 160 });
    expect(shown.stdout).toMatch(/proxy +418 .* GET \/v1\/x /);
    expect((await here.run(['log'])).stdout).toContain('\t/proxy/v1/x\t');
  });
});

describe('sandbox connections', () => {
  it('list, add from a file and from stdin, remove', async () => {
    const here = await scriptedSandbox();
    await writeFile(join(folders.cwd, 'connection.yaml'), 'name: two\nconnector: keys\n');
    const added = await here.run(['connections', 'add', 'connection.yaml']);
    expect(added.stdout).toMatch(/^two\tkeys\tBEARER\t\t\tconn_\d+\n$/);
    await here.run(['connections', 'add', '-'], { stdin: '{"name": "three", "connector": "forms"}' });
    const { connections } = (await here.run(['connections', 'list', '--json'])).json() as {
      connections: unknown[];
    };
    expect(connections).toMatchObject([
      { name: 'keys' },
      { name: 'forms' },
      { name: 'two' },
      { name: 'three' },
    ]);
    expect(await here.run(['connections', 'remove', 'keys'])).toMatchObject({ exitCode: 0, stdout: '' });
    expect(here.sandbox.control.accounts()).toEqual([]);
  });

  it.each([
    ['a connector that is not there', 'name: two\nconnector: nobody\n', 'invalid_request'],
    ['a name that is taken', 'name: keys\nconnector: keys\n', 'connection_exists'],
    ['no YAML', 'name: [', 'bad_file'],
    ['nothing', '', 'invalid_request'],
  ])('add, %s: a usage error', async (_what, stdin, code) => {
    const here = await scriptedSandbox();
    const result = await here.run(['connections', 'add', '-', '--json'], { stdin });
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error()).toMatchObject({ code });
  });

  it('add, a connector that is not there: what is wrong with what', async () => {
    const here = await scriptedSandbox();
    const { stderr } = await here.run(['connections', 'add', '-'], {
      stdin: '{"name": "two", "connector": "no"}',
    });
    expect(stderr).toMatch(
      /^error: the connection cannot be added: connector names no, but there is no such connector\n  → /,
    );
  });
});

describe('a sandbox that is gone', () => {
  it('ended before it had answered: 6, in words', async () => {
    const server = createServer((socket) => socket.once('data', () => socket.end())).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const env = { SCALEKIT_ENV_URL: `http://127.0.0.1:${port}`, SK_CONNECT_SANDBOX_TOKEN: 'token' };
    const result = await run(['sandbox', 'accounts', 'list', '--json'], { env });
    expect(result).toMatchObject({ exitCode: 6, stdout: '' });
    expect(result.error()).toMatchObject({
      message: `the sandbox at http://127.0.0.1:${port} ended before it had answered`,
      hint: expect.stringContaining('sk-connect sandbox start'),
    });
  });
});
