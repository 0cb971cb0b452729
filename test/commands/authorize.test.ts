import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Finished, Running } from './run.ts';
import { rememberTokens, sdkOf } from './support/credentials.ts';
import { useEnvironment } from './support/environment.ts';

vi.setConfig({ testTimeout: 20_000 });
const environment = useEnvironment(() => ({
  accounts: [
    { connection: 'docs-demo', identifier: 'user_1' },
    {
      connection: 'notes-demo',
      identifier: 'again',
      credentials: { access_token: 'at_seeded_0123456789', refresh_token: 'rt_seeded_0123456789' },
    },
  ],
}));
afterEach(() => {
  environment.clock.offsetMs = 0;
});

let users = 0;
/** One that no other test has touched. */
const newUser = () => `fresh_${++users}`;
const notes = (identifier: string) => ['authorize', '-c', 'notes-demo', '-i', identifier];
const isWaiting = /Waiting for .+ to authorize: PENDING_AUTH/;

async function inWait(running: Running, act: () => Promise<unknown> | void): Promise<Finished> {
  await running.says(isWaiting);
  await act();
  return running.finished;
}

describe('an account that is ACTIVE', () => {
  const argv = ['authorize', '-c', 'rest', '-i', 'user_1'];
  const id = /^ca_\d+$/;

  it('is said to be, in a pipe, on a terminal and as JSON; no link is made', async () => {
    const piped = await environment.run(argv);
    expect(piped).toMatchObject({ exitCode: 0, stderr: '' });
    expect(piped.stdout.split('\t')).toEqual([
      'rest',
      'user_1',
      expect.stringMatching(id),
      'ACTIVE',
      '',
      '\n',
    ]);
    const shown = await environment.run([...argv, '--no-color'], { terminal: true });
    expect(shown).toMatchObject({ exitCode: 0, stderr: '' });
    expect(shown.stdout).toMatch(/^✓ user_1 is ACTIVE on rest \(ca_\d+\)\n$/);
    const json = await environment.run([...argv, '--json']);
    expect(json).toMatchObject({ exitCode: 0, stderr: '' });
    expect(json.json()).toEqual({
      connectionName: 'rest',
      identifier: 'user_1',
      connectedAccountId: expect.stringMatching(id),
      status: 'ACTIVE',
      link: null,
      expiresAt: null,
    });
    expect(environment.sandbox.control.pendingLinks()).toEqual([]);
  });

  it('--force makes a link all the same', async () => {
    const result = await environment.run([...notes('again'), '--force', '--json']);
    expect(result.exitCode).toBe(4);
    expect(result.json()).toMatchObject({ status: 'ACTIVE', link: expect.stringContaining('/magicLink/') });
  });

  it('--force --wait passes over a token that is only renewed', async () => {
    const running = environment.start([...notes('again'), '--force', '--wait', '--json']);
    const [link] = await running.says(/http:\/\/127\.0\.0\.1:\d+\/magicLink\/\S+/);
    let isOver = false;
    void running.finished.then(() => {
      isOver = true;
    });
    // As a renewal does: the account is changed and stays ACTIVE.
    environment.sandbox.control.setAccountStatus('notes-demo', 'again', 'ACTIVE');
    await sleep(1_500);
    expect(isOver).toBe(false);
    await environment.consent('notes-demo', 'again');
    expect(await running.finished).toMatchObject({ exitCode: 0 });
    expect(environment.sandbox.control.link(link)).toMatchObject({ state: 'used' });
    await rememberTokens(environment.sandbox, 'notes-demo', 'again');
  });

  it('--force --wait waits for the new consent, and not for the old state', async () => {
    const running = environment.start([...notes('again'), '--force', '--wait', '--json', '-v']);
    // It has looked twice, has found the account ACTIVE, and goes on.
    await running.says(
      /Waiting for again to authorize: ACTIVE(?:(?:.|\n)*← grpc .*ListConnectedAccounts: OK){2}/,
    );
    const before = await rememberTokens(environment.sandbox, 'notes-demo', 'again');
    await environment.consent('notes-demo', 'again');
    expect(await running.finished).toMatchObject({ exitCode: 0 });
    const after = await rememberTokens(environment.sandbox, 'notes-demo', 'again');
    expect(after.accessToken).not.toBe(before.accessToken);
  });
});

describe('without a wait', () => {
  it('creates what is missing, hands over the link and exits 4', async () => {
    const user = newUser();
    expect(environment.statusOf('notes-demo', user)).toBeUndefined();
    const result = await environment.run([...notes(user), '--json']);
    expect(result.exitCode).toBe(4);
    expect(environment.statusOf('notes-demo', user)).toBe('PENDING_AUTH');
    expect(result.json()).toEqual({
      connectionName: 'notes-demo',
      identifier: user,
      connectedAccountId: expect.stringMatching(/^ca_\d+$/),
      status: 'PENDING_AUTH',
      link: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/magicLink\//),
      expiresAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    expect(result.error()).toMatchObject({ code: 'authorization_pending', exitCode: 4 });
    expect(result.error().hint).toContain(`sk-connect status -c notes-demo -i ${user} --wait-for ACTIVE`);
  });

  it('is what happens in a pipe, and with --no-wait on a terminal', async () => {
    const user = newUser();
    const piped = await environment.run(notes(user));
    expect(piped.exitCode).toBe(4);
    expect(piped.stdout.split('\t').slice(0, 5)).toEqual([
      'notes-demo',
      user,
      expect.stringMatching(/^ca_/),
      'PENDING_AUTH',
      expect.stringContaining('/magicLink/'),
    ]);
    const shown = await environment.run([...notes(user), '--no-wait'], { terminal: true });
    expect(shown.exitCode).toBe(4);
    expect(shown.stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/magicLink\/\S+\n$/);
  });

  it('the link works', async () => {
    const user = newUser();
    const result = await environment.run([...notes(user), '--jq', '.link']);
    expect(result.exitCode).toBe(4);
    await environment.consent('notes-demo', user);
    expect(await environment.run(notes(user))).toMatchObject({ exitCode: 0 });
    await rememberTokens(environment.sandbox, 'notes-demo', user);
  });

  it('a connection that needs no credentials is ACTIVE at once', async () => {
    const user = newUser();
    const result = await environment.run(['authorize', '-c', 'docs-demo', '-i', user, '--json']);
    expect(result.exitCode).toBe(0);
    expect(result.json()).toMatchObject({ status: 'ACTIVE', link: null });
  });

  it.each([
    ['notes-dmo', 'Did you mean notes-demo'],
    ['zzzzzzzzzzzzzzz', 'sk-connect connections'],
  ])('an unknown connection, %s, with what was meant', async (name, hint) => {
    const result = await environment.run(['authorize', '-c', name, '-i', 'user_1', '--json']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'connection_not_found' });
    expect(result.error().hint).toContain(hint);
  });
});

describe('--wait', () => {
  it('ends when the user has consented; the link is shown even under --quiet', async () => {
    const user = newUser();
    const running = environment.start([...notes(user), '--wait', '--quiet', '--timeout', '15']);
    const [link] = await running.says(/http:\/\/127\.0\.0\.1:\d+\/magicLink\/\S+/);
    await environment.consent('notes-demo', user, { userName: user });
    const result = await running.finished;
    await rememberTokens(environment.sandbox, 'notes-demo', user);
    expect(result.exitCode).toBe(0);
    expect(result.stdout.split('\t').slice(0, 5)).toEqual([
      'notes-demo',
      user,
      expect.stringMatching(/^ca_/),
      'ACTIVE',
      link,
    ]);
    expect(result.stderr).not.toContain('Waiting');
  });

  it('a static connection: the user fills in a form', async () => {
    const user = newUser();
    const running = environment.start(['authorize', '-c', 'weather-demo', '-i', user, '--wait', '--json']);
    const fields = { api_key: environment.providers.weatherApiKey };
    const result = await inWait(running, () => environment.consent('weather-demo', user, { fields }));
    expect(result.exitCode).toBe(0);
    expect(result.json()).toMatchObject({ status: 'ACTIVE', link: expect.any(String) });
  });

  it('on a terminal it is the default, in CI it is not', async () => {
    const user = newUser();
    const argv = [...notes(user), '--no-open'];
    const ci = await environment.run(argv, { terminal: true, env: { CI: 'true' } });
    expect(ci.exitCode).toBe(4);
    const running = environment.start(argv, { terminal: true, isTyping: true });
    const result = await inWait(running, () => environment.consent('notes-demo', user));
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.stderr).toContain('The link works until');
  });

  it.each([
    ['told by the browser', []],
    ['told by the sandbox', ['--no-verify']],
  ])('a consent that is denied ends it at once, %s', async (_how, flags) => {
    const user = newUser();
    const running = environment.start([...notes(user), '--wait', '--json', ...flags]);
    const result = await inWait(running, () => environment.consent('notes-demo', user, { decision: 'deny' }));
    expect(result).toMatchObject({ exitCode: 4, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'authorization_denied', exitCode: 4 });
    expect(result.error().message).toContain('access_denied: The user denied access');
    expect(environment.statusOf('notes-demo', user)).toBe('PENDING_AUTH');
  });

  it('where nobody tells, a consent that is denied leaves it waiting until --timeout', async () => {
    const user = newUser();
    const argv = [...notes(user), '--wait', '--json', '--no-verify', '--timeout', '2'];
    const running = environment.start(argv, { env: { SK_CONNECT_SANDBOX_TOKEN: undefined } });
    const result = await inWait(running, () => environment.consent('notes-demo', user, { decision: 'deny' }));
    expect(result).toMatchObject({ exitCode: 6, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'timeout' });
    expect(result.error().hint).toContain('status -c notes-demo');
  });

  it('a token of another sandbox is no reason to fail', async () => {
    const user = newUser();
    const running = environment.start([...notes(user), '--wait', '--json'], {
      env: { SK_CONNECT_SANDBOX_TOKEN: 'sandbox_of_another_day' },
    });
    const result = await inWait(running, () => environment.consent('notes-demo', user));
    expect(result.exitCode).toBe(0);
  });

  it('a link that is denied by a script: with its words, and no browser that is waited for', async () => {
    const user = newUser();
    const running = environment.start([...notes(user), '--wait', '--json']);
    const [link] = await running.says(/http:\/\/127\.0\.0\.1:\d+\/magicLink\/\S+/);
    environment.sandbox.control.denyLink(link, { error: 'invalid_scope', errorDescription: 'not for you' });
    const result = await running.finished;
    expect(result).toMatchObject({ exitCode: 5, stdout: '' });
    expect(result.error().message).toContain('invalid_scope: not for you');
  });

  it("the link expires by the sandbox's clock", async () => {
    const user = newUser();
    const running = environment.start([...notes(user), '--wait', '--json']);
    const result = await inWait(running, () => {
      environment.clock.offsetMs = 601_000;
    });
    expect(result).toMatchObject({ exitCode: 4, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'link_expired' });
  });

  it('the link expires', async () => {
    environment.clock.offsetMs = -(600 - 1) * 1000;
    const user = newUser();
    const result = await environment.run([...notes(user), '--wait', '--json']);
    expect(result).toMatchObject({ exitCode: 4, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'link_expired' });
    expect(result.error().hint).toContain(`sk-connect authorize -c notes-demo -i ${user}`);
  });

  it.each([
    ['PENDING_VERIFICATION', 'who they are is still to be verified'],
    ['DISCONNECTED', 'it was disconnected'],
  ] as const)('%s ends it where nobody listens: no user can change that', async (status, why) => {
    const user = newUser();
    const running = environment.start([...notes(user), '--wait', '--json', '--no-verify']);
    const result = await inWait(running, () => {
      environment.sandbox.control.setAccountStatus('notes-demo', user, status);
    });
    expect(result.exitCode).toBe(4);
    expect(result.error()).toMatchObject({ code: 'account_not_active', details: { status } });
    expect(result.error().message).toContain(why);
  });

  it('an account that is deleted meanwhile', async () => {
    const user = newUser();
    const running = environment.start([...notes(user), '--wait', '--json']);
    const result = await inWait(running, () =>
      sdkOf(environment.sandbox).actions.deleteConnectedAccount({
        connectionName: 'notes-demo',
        identifier: user,
      }),
    );
    expect(result.exitCode).toBe(4);
    expect(result.error()).toMatchObject({ code: 'account_not_found' });
  });

  it('a DISCONNECTED account is waited for: its user can connect it again', async () => {
    const user = newUser();
    await environment.run(notes(user));
    environment.sandbox.control.setAccountStatus('notes-demo', user, 'DISCONNECTED');
    const running = environment.start([...notes(user), '--wait', '--json']);
    await running.says(/to authorize: DISCONNECTED/);
    await environment.consent('notes-demo', user);
    expect((await running.finished).exitCode).toBe(0);
  });

  it('Ctrl-C', async () => {
    const running = environment.start([...notes(newUser()), '--wait']);
    const result = await inWait(running, () => running.interrupt());
    expect(result).toMatchObject({ exitCode: 130, stdout: '' });
    expect(result.stderr).toContain('error: interrupted');
  });

  it('Enter checks at once', async () => {
    const user = newUser();
    const argv = [...notes(user), '--no-open', '-v', '--timeout', '15'];
    const running = environment.start(argv, { terminal: true, isTyping: true });
    await running.says(isWaiting);
    const startedAt = performance.now();
    // Left to itself, the seventh check would come after more than ten seconds.
    for (let check = 1; check <= 6; check++) {
      await running.says(new RegExp(`Waiting.*(?:(?:.|\n)*← grpc .*ListConnectedAccounts: OK){${check}}`));
      running.stdin.write('\n');
    }
    await running.says(/Waiting(?:(?:.|\n)*← grpc .*ListConnectedAccounts: OK){7}/);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    await environment.consent('notes-demo', user);
    running.stdin.write('\n');
    expect((await running.finished).exitCode).toBe(0);
  });
});
