import { readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { folders, run } from './run.ts';
import { scriptedSandbox } from './support/scripted-sandbox.ts';

const file = (name: string) => join(folders.cwd, name);

describe('sandbox snapshot and restore', () => {
  it('without secrets on stdout', async () => {
    const here = await scriptedSandbox();
    const result = await here.run(['snapshot']);
    expect(result.json()).toMatchObject({ format: 'sk-connect-sandbox', version: 1, includesSecrets: false });
  });

  it('with them in a file of 0600, to be restored', async () => {
    const here = await scriptedSandbox();
    const written = await here.run(['snapshot', '--include-secrets', '--output', 'with.secret.json']);
    expect(written).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: 'with.secret.json is written. It holds credentials.\n',
    });
    expect((await stat(file('with.secret.json'))).mode & 0o777).toBe(0o600);
    expect(await readFile(file('with.secret.json'), 'utf8')).toContain(here.token);
    const before = here.sandbox.control.accounts();
    await here.run(['accounts', 'disconnect']);
    expect(await here.run(['restore', 'with.secret.json'])).toMatchObject({ exitCode: 0, stdout: '' });
    expect(here.sandbox.control.accounts()).toEqual(before);
    await here.run(['accounts', 'disconnect']);
    const stdin = await readFile(file('with.secret.json'), 'utf8');
    const restored = await here.run(['restore', '-', '--json'], { stdin });
    expect(restored.json()).toMatchObject({ url: here.sandbox.url, accounts: 1, connections: 2 });
    expect(here.sandbox.control.accounts()).toEqual(before);
  });

  it('secrets are not shown on a terminal', async () => {
    const here = await scriptedSandbox();
    const result = await here.run(['snapshot', '--include-secrets'], { terminal: ['stdout'] });
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toContain('--output');
  });

  it('--output where nothing can be written', async () => {
    const here = await scriptedSandbox();
    await writeFile(file('a-file'), '');
    const result = await here.run(['snapshot', '--output', 'a-file/below', '--json']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'output_failed' });
  });

  it.each([
    ['no file', 'not-there.json', undefined, {}],
    ['no JSON', '-', 'hello', { code: 'bad_json' }],
    [
      'something else',
      '-',
      '{"name": "package"}',
      {
        code: 'invalid_snapshot',
        message: expect.stringMatching(/^stdin was not restored: format /),
        hint: expect.stringContaining('sk-connect sandbox snapshot'),
      },
    ],
    [
      'a connection that is not there',
      '-',
      JSON.stringify({
        format: 'sk-connect-sandbox',
        version: 1,
        takenAt: '2026-01-01T00:00:00Z',
        includesSecrets: false,
        accounts: [
          {
            connectedAccountId: 'ca_1',
            connectionName: 'gone',
            identifier: 'u',
            status: 'ACTIVE',
            updatedAt: '2026-01-01T00:00:00Z',
          },
        ],
      }),
      {
        code: 'invalid_snapshot',
        details: { problems: [{ path: 'accounts[0].connectionName', message: expect.any(String) }] },
      },
    ],
  ])('restore, %s: a usage error, and nothing changes', async (_what, name, stdin, error) => {
    const here = await scriptedSandbox();
    const before = here.sandbox.control.accounts();
    const result = await here.run(['restore', name, '--json'], stdin === undefined ? {} : { stdin });
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error()).toMatchObject(error);
    expect(here.sandbox.control.accounts()).toEqual(before);
  });

  it('reset goes back to the config', async () => {
    const here = await scriptedSandbox();
    await here.run(['accounts', 'disconnect']);
    const result = await here.run(['reset', '--json']);
    expect(result.json()).toMatchObject({ accounts: 1, faults: 0 });
    expect(here.sandbox.control.accounts()).toMatchObject([{ status: 'ACTIVE' }]);
    expect((await here.run(['reset'])).stderr).toContain('2 connections, 1 account.');
  });
});

describe('sandbox log', () => {
  const status = ['status', '-c', 'keys', '-i', 'user_1'];

  it('the last calls', async () => {
    const here = await scriptedSandbox();
    await run(status, { env: here.sandbox.env });
    const { exchanges } = (await here.run(['log', '--json'])).json() as {
      exchanges: { kind: string; id: number }[];
    };
    expect(exchanges.map(({ kind }) => kind)).toEqual(['token', 'grpc']);
    const last = await here.run(['log', '--limit', '1']);
    expect(last.stdout.split('\t').slice(2, 10)).toEqual([
      'grpc',
      'POST',
      expect.stringContaining('ListConnectedAccounts'),
      'keys',
      'user_1',
      '',
      '200',
      'ok',
    ]);
    const table = await here.run(['log', '--no-color'], { terminal: true, columns: 100 });
    expect(table.stdout).toMatch(/^TIME +KIND +STATUS +MS +CALL[^]* ListConnectedAccounts +keys user_1/);
    expect((await here.run(['log', '-c', 'forms'])).stderr).toContain('No calls yet.');
  });

  it('--follow has those that come, and ends with Ctrl-C: 0', async () => {
    const here = await scriptedSandbox();
    const following = here.start(['log', '--follow', '--json']);
    await run(status, { env: here.sandbox.env });
    await following.says(/"kind":"grpc".*\n/, 'stdout');
    await run(status, { env: here.sandbox.env });
    await following.says(/("kind":"grpc"[^\n]*\n[^]*){2}/, 'stdout');
    following.interrupt();
    const { exitCode, stdout, stderr } = await following.finished;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const ids = stdout
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { id: number }).id);
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
  });

  it('--follow when the sandbox stops: 6', async () => {
    const here = await scriptedSandbox();
    const following = here.start(['log', '--follow']);
    await run(status, { env: here.sandbox.env });
    await following.says(/grpc/, 'stdout');
    await here.sandbox.close();
    const result = await following.finished;
    expect(result.exitCode).toBe(6);
    // Which of the two depends on whether it was asked again meanwhile.
    expect(result.stderr).toMatch(/the sandbox at \S+ (ended before it had answered|does not answer)/);
  });

  it.each(['0', '1001', 'x'])('--limit %s is a usage error', async (limit) => {
    const here = await scriptedSandbox();
    expect(await here.run(['log', '--limit', limit])).toMatchObject({ exitCode: 2, stdout: '' });
  });
});
