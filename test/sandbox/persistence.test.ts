import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SandboxConfig } from '../../src/sandbox/config/types.ts';
import { type Sandbox, StateFileError, startSandbox } from '../../src/sandbox/start.ts';
import { folder } from './support/folder.ts';
import { accessToken, connector, oneConnection, sdkOf } from './support/sandbox.ts';

const ONE = oneConnection({ proxy_url: 'http://127.0.0.1:1' });
const USER = { connectionName: 'demo', identifier: 'user_1' };

async function run(state: string, config: SandboxConfig = ONE): Promise<Sandbox> {
  const sandbox = await startSandbox({ config, state });
  onTestFinished(() => sandbox.close());
  return sandbox;
}

async function setToken(sandbox: Sandbox, token: string): Promise<void> {
  const sdk = sdkOf(sandbox);
  await sdk.actions.getOrCreateConnectedAccount(USER);
  await sdk.actions.updateConnectedAccount({
    ...USER,
    authorizationDetails: { details: { case: 'staticAuth', value: { details: { token } } } } as never,
  });
}

async function tokenOf(sandbox: Sandbox, identifier = 'user_1'): Promise<unknown> {
  const { connectedAccount } = await sdkOf(sandbox).actions.getConnectedAccount({
    connectionName: 'demo',
    identifier,
  });
  const { details } = connectedAccount?.authorizationDetails ?? {};
  return details?.case === 'staticAuth' ? details.value.details?.['token'] : undefined;
}

const lines = (file: string) => readFileSync(file, 'utf8').trimEnd().split('\n');

describe('a state file', () => {
  it('keeps accounts, their ids and credentials, links, the client, tokens and the address', async () => {
    const file = join(folder(), 'sandbox.state');
    const first = await run(file);
    await setToken(first, 'secret-1');
    const before = first.control.accounts();
    const bearer = await accessToken(first);
    const { link } = await sdkOf(first).actions.getAuthorizationLink({ ...USER, identifier: 'user_1' });
    await first.close();

    const second = await run(file);
    expect(second.env).toEqual(first.env);
    expect(second.control.accounts()).toEqual(before);
    expect(await tokenOf(second)).toBe('secret-1');
    expect(second.control.links().map((each) => each.link)).toEqual([link]);
    const answer = await fetch(`${second.url}/api/v1/connected_accounts`, {
      headers: { authorization: `Bearer ${bearer}` },
    });
    expect(answer.status).toBe(200);
  });

  it('has what was answered before anything else happens, and nothing of it after a removal', async () => {
    const file = join(folder(), 'sandbox.state');
    const sandbox = await run(file);
    await setToken(sandbox, 'secret-1');
    expect(lines(file).at(-1)).toContain('secret-1');
    await sdkOf(sandbox).actions.deleteConnectedAccount(USER);
    expect(lines(file).at(-1)).toContain('accountRemoved');
    sandbox.control.reset();
    expect(readFileSync(file, 'utf8')).not.toContain('secret-1');
  });

  it('is for its owner alone, in a folder that is made for it, with nothing beside it', async () => {
    const here = folder();
    const file = join(here, 'deep', 'er', 'sandbox.state');
    const sandbox = await run(file);
    await setToken(sandbox, 'secret-1');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(here, 'deep')).mode & 0o777).toBe(0o700);
    await sandbox.close();
    expect(readdirSync(join(here, 'deep', 'er'))).toEqual(['sandbox.state']);
  });

  it('stays short however much changes', async () => {
    const file = join(folder(), 'sandbox.state');
    const sandbox = await run(file);
    await setToken(sandbox, 'x'.repeat(2000));
    let largest = 0;
    for (let round = 0; round < 500; round++) {
      sandbox.control.setAccountStatus('demo', 'user_1', round % 2 === 0 ? 'EXPIRED' : 'ACTIVE');
      largest = Math.max(largest, statSync(file).size);
    }
    expect(largest).toBeLessThan(400_000);
    expect(largest).toBeGreaterThan(200_000);
  });

  it('keeps the clock, and says that it is not the real one', async () => {
    const file = join(folder(), 'sandbox.state');
    const first = await run(file);
    first.control.advanceClock(7200);
    await first.close();
    const second = await run(file);
    expect(second.control.clock().offsetSeconds).toBeCloseTo(7200, 0);
    expect(second.warnings).toEqual([expect.stringContaining('7200 s ahead')]);
  });

  it('keeps connections that were added, and connections of the config that were removed stay so', async () => {
    const file = join(folder(), 'sandbox.state');
    const config = { ...ONE, connections: [...ONE.connections, { name: 'other', connector: 'demo' }] };
    const first = await run(file, config);
    first.control.addConnection({ name: 'added', connector: 'demo' });
    first.control.removeConnection('other');
    await first.close();
    const second = await run(file, config);
    expect(second.control.connections().map(({ name }) => name)).toEqual(['demo', 'added']);
    second.control.reset();
    expect(second.control.connections().map(({ name }) => name)).toEqual(['demo', 'other']);
  });

  it('a symbolic link stays one', async () => {
    const here = folder();
    const file = join(here, 'real.state');
    writeFileSync(file, '');
    symlinkSync('real.state', join(here, 'link.state'));
    const sandbox = await run(join(here, 'link.state'));
    await setToken(sandbox, 'secret-1');
    expect(readFileSync(file, 'utf8')).toContain('secret-1');
    await expect(startSandbox({ config: ONE, state: file })).rejects.toMatchObject({ code: 'in_use' });
  });
});

describe('a config that has been changed', () => {
  const withAccount = (token: string): SandboxConfig => ({
    ...ONE,
    accounts: [{ connection: 'demo', identifier: 'user_1', credentials: { token } }],
  });

  it('is right about accounts that it gives credentials to; else the file is', async () => {
    const file = join(folder(), 'sandbox.state');
    const first = await run(file, withAccount('from-config-1'));
    const [before] = first.control.accounts();
    await setToken(first, 'from-api');
    await first.close();
    const second = await run(file, withAccount('from-config-1'));
    expect(await tokenOf(second)).toBe('from-api');
    await second.close();
    const third = await run(file, withAccount('from-config-2'));
    expect(await tokenOf(third)).toBe('from-config-2');
    expect(third.control.accounts()[0]?.connectedAccountId).toBe(before?.connectedAccountId);
  });

  it('an account of the config that was removed does not come back', async () => {
    const file = join(folder(), 'sandbox.state');
    const first = await run(file, withAccount('a'));
    await sdkOf(first).actions.deleteConnectedAccount(USER);
    await first.close();
    expect((await run(file, withAccount('a'))).control.accounts()).toEqual([]);
  });

  it('accounts of a connection that it has no more are kept, unused, until it has it again', async () => {
    const file = join(folder(), 'sandbox.state');
    const first = await run(file);
    await setToken(first, 'secret-1');
    await first.close();
    const without = { ...ONE, connections: [{ name: 'new', connector: 'demo' }] };
    const second = await run(file, without);
    expect(second.control.accounts()).toEqual([]);
    expect(second.warnings).toEqual([
      expect.stringMatching(/keeps 1 account of connections that the config does not have: demo\./),
    ]);
    await second.close();
    expect(await tokenOf(await run(file))).toBe('secret-1');
  });

  it('credentials that a connection does not take any more make an account to be authorized', async () => {
    const file = join(folder(), 'sandbox.state');
    const first = await run(file);
    await setToken(first, 'secret-1');
    await first.close();
    const oauth: SandboxConfig = {
      connectors: [
        connector({
          auth_patterns: [
            {
              type: 'OAUTH',
              oauth_config: { authorize_uri: 'https://a.example/a', token_uri: 'https://a.example/t' },
            },
          ],
        }),
      ],
      connections: [{ name: 'demo', connector: 'demo', oauth: { client_id: 'c' } }],
    };
    const second = await run(file, oauth);
    expect(second.control.accounts()).toMatchObject([{ identifier: 'user_1', status: 'PENDING_AUTH' }]);
  });
});

describe('a state file that cannot be used', () => {
  it.each([
    ['of something else', '{"name": "package"}', 'other_version', /format is not sk-connect-sandbox/],
    ['no JSON', 'hello', 'damaged', /is not what a sandbox keeps/],
    [
      'of a later version',
      '{"format":"sk-connect-sandbox","version":2,"takenAt":"2026-01-01T00:00:00.000Z"}\n',
      'other_version',
      /version is 2; this sk-connect reads version 1/,
    ],
    [
      'with a wrong value',
      '{"format":"sk-connect-sandbox","version":1,"takenAt":"2026-01-01T00:00:00.000Z","includesSecrets":true,"accounts":[{"status":"HAPPY"}]}\n',
      'damaged',
      /accounts\[0\]\.status must be one of ACTIVE/,
    ],
    [
      'broken in the middle',
      '{"format":"sk-connect-sandbox","version":1,"takenAt":"2026-01-01T00:00:00.000Z","includesSecrets":true}\n{"clo\n{"clock":{"offsetMs":0,"frozenAt":null}}\n',
      'damaged',
      /line 2 is not JSON/,
    ],
    [
      'with a change that is not known',
      '{"format":"sk-connect-sandbox","version":1,"takenAt":"2026-01-01T00:00:00.000Z","includesSecrets":true}\n{"weather":"sunny"}\n',
      'damaged',
      /line 2/,
    ],
  ])('%s is refused and left as it is', async (_what, text, code, message) => {
    const file = join(folder(), 'sandbox.state');
    writeFileSync(file, text);
    const error: unknown = await startSandbox({ config: ONE, state: file }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(StateFileError);
    expect(error).toMatchObject({ code, file, message: expect.stringMatching(message) });
    expect(readFileSync(file, 'utf8')).toBe(text);
    // The lock is not held by who was refused.
    await expect(startSandbox({ config: ONE, state: file })).rejects.toMatchObject({ code });
  });

  it('one that another sandbox uses, which is named', async () => {
    const file = join(folder(), 'sandbox.state');
    const first = await run(file);
    await expect(startSandbox({ config: ONE, state: file })).rejects.toMatchObject({
      code: 'in_use',
      message: expect.stringContaining(`is in use by the sandbox at ${first.url}`),
    });
    await first.close();
    await run(file);
  });

  it('a folder', async () => {
    await expect(startSandbox({ config: ONE, state: folder() })).rejects.toMatchObject({
      code: 'not_a_file',
    });
  });

  it('below a file', async () => {
    const file = join(folder(), 'file');
    writeFileSync(file, '');
    await expect(startSandbox({ config: ONE, state: join(file, 'sandbox.state') })).rejects.toMatchObject({
      code: 'unwritable',
    });
  });

  it.skipIf(process.getuid?.() === 0)('in a folder that may not be written', async () => {
    const here = folder();
    chmodSync(here, 0o500);
    await expect(startSandbox({ config: ONE, state: join(here, 'sandbox.state') })).rejects.toMatchObject({
      code: 'unwritable',
    });
  });

  it.skipIf(process.getuid?.() === 0)('that is read-only, and stays as it is', async () => {
    const file = join(folder(), 'sandbox.state');
    await (await startSandbox({ config: ONE, state: file })).close();
    chmodSync(file, 0o444);
    const before = readFileSync(file, 'utf8');
    await expect(startSandbox({ config: ONE, state: file })).rejects.toMatchObject({ code: 'unwritable' });
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it.runIf(existsSync('/proc/self'))('in a folder that takes no files', async () => {
    await expect(startSandbox({ config: ONE, state: '/proc/self/sandbox.state' })).rejects.toMatchObject({
      code: 'unwritable',
      message: expect.stringMatching(/cannot be written: E[A-Z]+: /),
    });
  });

  it('a wrong config does not hold its lock', async () => {
    const file = join(folder(), 'sandbox.state');
    await expect(startSandbox({ config: {} as never, state: file })).rejects.toThrow('connectors');
    await run(file);
  });
});

describe('what was written in part', () => {
  it.each([
    ['half a last line', '{"account":{"connectedAcc'],
    ['a last line without its end', '{"clock":{"offsetMs":5000,"frozenAt":null}}'],
  ])('%s does not matter', async (_what, rest) => {
    const file = join(folder(), 'sandbox.state');
    const first = await run(file);
    await setToken(first, 'secret-1');
    await first.close();
    writeFileSync(file, readFileSync(file, 'utf8') + rest);
    const second = await run(file);
    expect(await tokenOf(second)).toBe('secret-1');
    expect(lines(file)).toHaveLength(1);
  });

  it('a replacement that was not finished is cleaned up', async () => {
    const here = folder();
    writeFileSync(join(here, 'sandbox.state.0123456789ab.tmp'), '{"form');
    writeFileSync(join(here, 'sandbox.state.mine.tmp'), '');
    const sandbox = await run(join(here, 'sandbox.state'));
    await sandbox.close();
    expect(readdirSync(here).toSorted()).toEqual(['sandbox.state', 'sandbox.state.mine.tmp']);
  });
});

describe('a snapshot as a state file', () => {
  it.each([
    ['on one line', undefined],
    ['laid out', 2],
  ])('%s: a run begins with it', async (_how, indent) => {
    const here = folder();
    const first = await run(join(here, 'first.state'));
    await setToken(first, 'secret-1');
    const snapshot = first.control.snapshot({ includeSecrets: true });
    await first.close();
    const file = join(here, 'second.state');
    writeFileSync(file, JSON.stringify(snapshot, null, indent));
    const second = await run(file);
    expect(await tokenOf(second)).toBe('secret-1');
    expect(second.env).toEqual(first.env);
  });
});
