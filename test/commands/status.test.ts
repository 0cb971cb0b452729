import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import {
  ConnectedAccountService,
  type ConnectorStatus,
  type ConnectorType,
} from '../../src/sandbox/descriptors.ts';
import { run } from './run.ts';
import { useEnvironment } from './support/environment.ts';
import { scriptedEnv, scriptedScalekit } from './support/scripted.ts';

vi.setConfig({ testTimeout: 20_000 });
const MANY = 230;
const environment = useEnvironment(({ rest, token }) => ({
  connectors: [
    {
      display_name: 'Test Many',
      proxy_url: rest.origin,
      proxy_enabled: true,
      auth_patterns: [{ type: 'BEARER' }],
    },
  ],
  connections: [
    { name: 'many', connector: 'test-many' },
    { name: 'empty', connector: 'test-many' },
  ],
  accounts: [
    ...Array.from({ length: MANY }, (_, index) => ({
      connection: 'many',
      identifier: `user_${String(index).padStart(3, '0')}`,
      credentials: { token },
    })),
    { connection: 'notes-demo', identifier: 'pair' },
    { connection: 'rest', identifier: 'pair', credentials: { token } },
    {
      connection: 'notes-demo',
      identifier: 'oauth',
      credentials: {
        access_token: 'at_seeded_0123456789',
        refresh_token: 'rt_seeded_0123456789',
        expires_in: 3600,
      },
    },
  ],
}));

const rows = (stdout: string) =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));

interface Accounts {
  accounts: Record<string, unknown>[];
}

describe('what is selected', () => {
  it('one account', async () => {
    const result = await environment.run(['status', '-c', 'rest', '-i', 'user_1']);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(rows(result.stdout)).toEqual([
      ['rest', 'user_1', 'ACTIVE', 'BEARER_TOKEN', expect.stringMatching(/^ca_\d+$/), ''],
    ]);
  });

  it('all of a connection, every page', async () => {
    const result = await environment.run(['status', '-c', 'many']);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    const identifiers = rows(result.stdout).map(([, identifier]) => identifier);
    expect(identifiers).toHaveLength(MANY);
    expect(identifiers).toEqual(identifiers.toSorted((a = '', b = '') => (a < b ? -1 : 1)));
    expect(new Set(identifiers).size).toBe(MANY);
  });

  it('all of an identifier', async () => {
    const result = await environment.run(['status', '-i', 'pair']);
    expect(rows(result.stdout).map((row) => row.slice(0, 3))).toEqual([
      ['notes-demo', 'pair', 'PENDING_AUTH'],
      ['rest', 'pair', 'ACTIVE'],
    ]);
    expect(result.exitCode).toBe(4);
    expect(result.stderr).toContain('error: 1 of 2 accounts is not ACTIVE');
    expect(result.stderr).toContain('sk-connect authorize -c notes-demo -i pair');
  });

  it('everything; from the variables what the flags leave open', async () => {
    const all = environment.sandbox.control.accounts().length;
    const everything = await environment.run(['status']);
    expect(rows(everything.stdout)).toHaveLength(all);
    const env = { SCALEKIT_CONNECTION_NAME: 'rest', SCALEKIT_IDENTIFIER: 'pair' };
    expect(rows((await environment.run(['status'], { env })).stdout)).toHaveLength(1);
    const other = await environment.run(['status', '-c', 'notes-demo'], { env });
    expect(rows(other.stdout).map((row) => row.slice(0, 2))).toEqual([['notes-demo', 'pair']]);
    expect(rows((await environment.run(['status', '--all'], { env })).stdout)).toHaveLength(all);
    const contradiction = await environment.run(['status', '--all', '-c', 'rest']);
    expect(contradiction).toMatchObject({ exitCode: 2, stdout: '' });
  });

  it('looking changes nothing', async () => {
    const before = environment.sandbox.control.accounts();
    await environment.run(['status', '-c', 'rest', '-i', 'nobody']);
    await environment.run(['status', '-c', 'notes-demo', '-i', 'pair', '--json']);
    expect(environment.sandbox.control.accounts()).toEqual(before);
    expect(environment.sandbox.control.pendingLinks()).toEqual([]);
  });
});

describe('exit codes', () => {
  it.each([
    ['EXPIRED', 'its token could not be refreshed'],
    ['PENDING_AUTH', 'has not finished authorizing'],
    ['PENDING_VERIFICATION', 'still to be verified'],
    ['DISCONNECTED', 'was disconnected'],
  ] as const)('%s is 4, and says what to run', async (status, why) => {
    environment.sandbox.control.setAccountStatus('rest', 'expired', status);
    const result = await environment.run(['status', '-c', 'rest', '-i', 'expired', '--json']);
    expect(result.exitCode).toBe(4);
    expect(result.json()).toMatchObject({ accounts: [{ status }] });
    expect(result.error()).toMatchObject({
      code: 'account_not_active',
      exitCode: 4,
      hint: 'Authorize the user: sk-connect authorize -c rest -i expired',
      details: { connectionName: 'rest', identifier: 'expired', status },
    });
    expect(result.error().message).toContain(why);
  });

  it.each([
    [['-c', 'rest', '-i', 'nobody'], 4, 'account_not_found', 'sk-connect authorize -c rest -i nobody'],
    [['-i', 'nobody'], 4, 'account_not_found', 'sk-connect authorize -c CONNECTION -i nobody'],
    [['-c', 'empty'], 4, 'account_not_found', 'sk-connect authorize -c empty -i IDENTIFIER'],
    [['-c', 'emty'], 2, 'connection_not_found', 'Did you mean empty?'],
    [['-c', 'emty', '-i', 'user_1'], 2, 'connection_not_found', 'Did you mean empty?'],
    [['-c', 'emty', '--wait-for', 'ACTIVE'], 2, 'connection_not_found', 'Did you mean empty?'],
    [['-c', 'Rest', '-i', 'user_1'], 2, 'connection_not_found', 'Did you mean rest'],
  ])('%j is %i', async (argv, exitCode, code, hint) => {
    const result = await environment.run(['status', ...argv, '--json']);
    expect(result.exitCode).toBe(exitCode);
    expect(result.error()).toMatchObject({ code, exitCode });
    expect(result.error().hint).toContain(hint);
  });

  it('an environment without accounts is no error', async () => {
    const server = await scriptedScalekit((router) =>
      router.service(ConnectedAccountService, { listConnectedAccounts: () => ({}) }),
    );
    onTestFinished(() => server.close());
    const result = await run(['status'], { env: scriptedEnv(server) });
    expect(result).toMatchObject({ exitCode: 0, stdout: '' });
    expect(result.stderr).toContain('No connected accounts yet');
    const json = await run(['status', '--json', '-q'], { env: scriptedEnv(server) });
    expect(json).toMatchObject({ exitCode: 0, stdout: '{"accounts":[]}\n', stderr: '' });
  });

  it('states and types that this version does not know are shown as they are', async () => {
    const server = await scriptedScalekit((router) =>
      router.service(ConnectedAccountService, {
        listConnectedAccounts: () => ({
          connectedAccounts: [
            {
              connector: 'x',
              identifier: 'u',
              id: 'ca_1',
              // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- one that is not in it is the point
              status: 77 as ConnectorStatus,
              // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- as above
              authorizationType: 88 as ConnectorType,
            },
          ],
        }),
      }),
    );
    onTestFinished(() => server.close());
    const result = await run(['status', '--json'], { env: scriptedEnv(server) });
    expect(result.exitCode).toBe(4);
    expect(result.json()).toMatchObject({ accounts: [{ status: '77', authorizationType: '88' }] });
    const shown = await run(['status', '--no-color'], { env: scriptedEnv(server), terminal: true });
    expect(shown.stdout).toMatch(/x +u +77 +88/);
  });

  it.each([
    [Code.PermissionDenied, 3, 'credentials_refused'],
    [Code.Internal, 5, 'scalekit_error'],
    [Code.Unavailable, 6, 'unavailable'],
  ])('Scalekit answers %i: exit %i', async (code, exitCode, errorCode) => {
    const server = await scriptedScalekit((router) =>
      router.service(ConnectedAccountService, {
        listConnectedAccounts: () => {
          throw new ConnectError('so it is', code);
        },
      }),
    );
    onTestFinished(() => server.close());
    const result = await run(['status', '--json'], { env: scriptedEnv(server) });
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(result.error()).toMatchObject({ code: errorCode, exitCode });
  });
});

describe('output', () => {
  it('--json: the shape', async () => {
    const result = await environment.run(['status', '-c', 'notes-demo', '-i', 'oauth', '--json']);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    const { accounts, ...rest } = result.json() as Accounts;
    expect(rest).toEqual({});
    expect(accounts).toEqual([
      {
        connectionName: 'notes-demo',
        identifier: 'oauth',
        connectedAccountId: expect.stringMatching(/^ca_\d+$/),
        status: 'ACTIVE',
        provider: 'demo-notes',
        authorizationType: 'OAUTH',
        tokenExpiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        updatedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        lastUsedAt: null,
      },
    ]);
  });

  it('a table with colours on a terminal, fitted to it', async () => {
    const argv = ['status', '-i', 'pair'];
    const wide = await environment.run([...argv, '--no-color'], { terminal: true, columns: 120 });
    const [head, first, second] = wide.stdout.split('\n');
    expect(head).toMatch(/^CONNECTION +IDENTIFIER +STATUS +AUTH +ACCOUNT +TOKEN EXPIRES$/);
    expect(first).toMatch(/^notes-demo +pair +PENDING_AUTH +OAUTH +ca_\d+$/);
    expect(second).toMatch(/^rest +pair +ACTIVE +BEARER_TOKEN +ca_\d+$/);
    const narrow = await environment.run([...argv, '--no-color'], { terminal: true, columns: 70 });
    for (const line of narrow.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(70);
    const painted = await environment.run(argv, { terminal: true, columns: 120 });
    expect(painted.stdout).toContain('\u001b[32mACTIVE\u001b[39m');
    expect(painted.stdout).toContain('\u001b[33mPENDING_AUTH\u001b[39m');
  });

  it('--quiet keeps errors', async () => {
    const result = await environment.run(['status', '-c', 'rest', '-i', 'nobody', '-q']);
    expect(result.stderr).toContain('error: nobody has no connected account on rest');
  });

  it('--watch wants a terminal', async () => {
    const result = await environment.run(['status', '--watch']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toContain('--wait-for');
  });
});

describe('--wait-for', () => {
  it('polls until every account selected is there', async () => {
    const { control } = environment.sandbox;
    control.setAccountStatus('notes-demo', 'pair', 'PENDING_AUTH');
    const running = environment.start(['status', '-i', 'pair', '--wait-for', 'active', '--json']);
    await running.says(/Waiting for ACTIVE: 1 of 2 accounts/);
    control.setAccountStatus('notes-demo', 'pair', 'ACTIVE');
    const result = await running.finished;
    expect(result.exitCode).toBe(0);
    expect(result.json()).toMatchObject({ accounts: [{ status: 'ACTIVE' }, { status: 'ACTIVE' }] });
    control.setAccountStatus('notes-demo', 'pair', 'PENDING_AUTH');
  });

  it('a state that is not known is waited for, and said to be none', async () => {
    const argv = ['status', '-c', 'rest', '-i', 'user_1', '--wait-for', 'ACTVE', '--timeout', '0.3'];
    const result = await environment.run(argv);
    expect(result.exitCode).toBe(6);
    expect(result.stderr).toContain('ACTVE is a state that sk-connect does not know');
    expect(result.stderr).toContain('Did you mean ACTIVE?');
  });

  it('another state than ACTIVE, met already', async () => {
    environment.sandbox.control.setAccountStatus('rest', 'expired', 'EXPIRED');
    const argv = ['status', '-c', 'rest', '-i', 'expired', '--wait-for', 'EXPIRED'];
    expect((await environment.run(argv)).exitCode).toBe(0);
  });

  it('--timeout ends it with 6, Ctrl-C with 130', async () => {
    const argv = ['status', '-c', 'rest', '-i', 'nobody', '--wait-for', 'ACTIVE'];
    const late = await environment.run([...argv, '--timeout', '0.3', '--json']);
    expect(late).toMatchObject({ exitCode: 6, stdout: '' });
    expect(late.error()).toMatchObject({ code: 'timeout' });
    const running = environment.start(argv);
    await running.says(/Waiting for ACTIVE: 0 of 0 accounts/);
    running.interrupt();
    expect(await running.finished).toMatchObject({ exitCode: 130, stdout: '' });
  });
});
