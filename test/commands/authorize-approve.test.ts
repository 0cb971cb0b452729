import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { folders } from './run.ts';
import { addSecret } from './secrets.ts';
import { rememberTokens, sdkOf } from './support/credentials.ts';
import { useEnvironment } from './support/environment.ts';
import { serve } from './support/http.ts';

vi.setConfig({ testTimeout: 30_000 });

const oauth = (name: string, authorizeUri: string, tokenUri: string) => ({
  connector: {
    display_name: name,
    proxy_url: tokenUri.replace(/\/token$/, ''),
    proxy_enabled: true,
    auth_patterns: [
      {
        type: 'OAUTH' as const,
        oauth_config: { authorize_uri: authorizeUri, token_uri: tokenUri, pkce_enabled: true },
      },
    ],
  },
  connection: { name, connector: name, oauth: { client_id: 'client', client_secret: 'secret_0123456789' } },
});

const providers = ({ rest }: { rest: { origin: string } }) => {
  const all = [
    oauth('foreign', `${rest.origin}/login`, `${rest.origin}/token`),
    oauth('faraway', 'https://provider.example/authorize', `${rest.origin}/token`),
    oauth('refuser', `${rest.origin}/refuse`, `${rest.origin}/token`),
    oauth('gone', 'http://127.0.0.1:9/authorize', `${rest.origin}/token`),
  ];
  return {
    connectors: [
      ...all.map(({ connector }) => connector),
      {
        display_name: 'Sited',
        proxy_url: `${rest.origin}/{{site}}`,
        proxy_enabled: true,
        auth_patterns: [
          {
            type: 'BASIC' as const,
            fields: [{ field_name: 'site', label: 'Site', required: true, is_path_param: true }],
          },
        ],
      },
    ],
    connections: [...all.map(({ connection }) => connection), { name: 'sited', connector: 'sited' }],
  };
};

const plain = useEnvironment(providers);
const verifying = useEnvironment(() => ({ environment: { user_verification: 'custom' } }));

let users = 0;
const newUser = () => `approved_${++users}`;
const approve = (connection: string, identifier: string, ...more: string[]) => [
  'authorize',
  '-c',
  connection,
  '-i',
  identifier,
  '--approve',
  '--json',
  ...more,
];

describe('--approve', () => {
  it.each([
    ['users are not verified', plain],
    ['users are verified', verifying],
  ])(
    'consents at the demo provider, without a terminal and a browser, where %s',
    async (_where, environment) => {
      const user = newUser();
      const result = await environment.run(approve('notes-demo', user));
      expect(result).toMatchObject({ exitCode: 0 });
      expect(result.json()).toEqual({
        connectionName: 'notes-demo',
        identifier: user,
        connectedAccountId: expect.stringMatching(/^ca_/),
        status: 'ACTIVE',
        link: expect.stringContaining('/magicLink/'),
        expiresAt: expect.any(String),
      });
      await rememberTokens(environment.sandbox, 'notes-demo', user);
      const notes = await environment.run(['request', '/v1/notes', '-c', 'notes-demo', '-i', user]);
      expect(notes).toMatchObject({ exitCode: 0 });
    },
  );

  it('an account that is ACTIVE already is left alone; with --force it is authorized anew', async () => {
    const user = newUser();
    await plain.run(approve('notes-demo', user));
    const before = await rememberTokens(plain.sandbox, 'notes-demo', user);
    const again = await plain.run(approve('notes-demo', user));
    expect(again.json()).toMatchObject({ status: 'ACTIVE', link: null });
    const forced = await plain.run(approve('notes-demo', user, '--force'));
    expect(forced).toMatchObject({ exitCode: 0 });
    const after = await rememberTokens(plain.sandbox, 'notes-demo', user);
    expect(after.accessToken).not.toBe(before.accessToken);
  });

  it('an identifier that is no name for a demo user', async () => {
    const user = `${'x'.repeat(80)}_${newUser()}`;
    expect(await plain.run(approve('notes-demo', user))).toMatchObject({ exitCode: 0 });
    await rememberTokens(plain.sandbox, 'notes-demo', user);
  });

  it('fills in the form of a static connection with --credentials', async () => {
    const user = newUser();
    const { weatherApiKey } = plain.providers;
    const result = await plain.run(approve('weather-demo', user, '--credentials', '-'), {
      stdin: JSON.stringify({ api_key: weatherApiKey }),
    });
    expect(result).toMatchObject({ exitCode: 0 });
    const forecast = await plain.run(['request', '/v1/forecast?city=Oslo', '-c', 'weather-demo', '-i', user]);
    expect(forecast).toMatchObject({ exitCode: 0 });
  });

  it('user name, password and a path variable, from a file', async () => {
    const user = newUser();
    addSecret('the password', 'pass_9876543210');
    const fields = { username: 'ada', password: 'pass_9876543210', path_variables: { site: 'north' } };
    await writeFile(join(folders.cwd, 'fields.json'), JSON.stringify(fields));
    expect(await plain.run(approve('sited', user, '--credentials', 'fields.json'))).toMatchObject({
      exitCode: 0,
    });
    plain.rest.received.length = 0;
    await plain.run(['request', '/who', '-c', 'sited', '-i', user]);
    expect(plain.rest.received[0]).toMatchObject({
      url: '/north/who',
      headers: { authorization: `Basic ${Buffer.from('ada:pass_9876543210').toString('base64')}` },
    });
  });

  it('says on a terminal what it does, and shows no link to open', async () => {
    const user = newUser();
    const argv = ['authorize', '-c', 'notes-demo', '-i', user, '--approve', '--no-color'];
    const result = await plain.run(argv, { terminal: ['stdout'] });
    await rememberTokens(plain.sandbox, 'notes-demo', user);
    expect(result.exitCode).toBe(0);
    expect(result.stdout).toMatch(new RegExp(`^✓ ${user} is ACTIVE on notes-demo`));
    expect(result.stderr).toContain(`Completing the consent of ${user} on notes-demo`);
    expect(result.stderr).not.toContain('/magicLink/');
  });

  it('--verify-url: the walk ends at the app, which has still to verify', async () => {
    const user = newUser();
    const app = await serve((request, response) => {
      const { searchParams } = new URL(request.url ?? '', 'http://localhost');
      const authRequestId = searchParams.get('auth_request_id') ?? '';
      void sdkOf(verifying.sandbox)
        .actions.verifyConnectedAccountUser({ authRequestId, identifier: user })
        .then(() => response.end('welcome'));
    });
    onTestFinished(() => app.close());
    const result = await verifying.run(approve('notes-demo', user, '--verify-url', `${app.origin}/verify`));
    expect(result).toMatchObject({ exitCode: 0 });
    await rememberTokens(verifying.sandbox, 'notes-demo', user);
  });
});

describe('--approve is refused', () => {
  it.each([
    [
      'fields that are missing',
      'weather-demo',
      [],
      undefined,
      'fields lack api_key, which weather-demo requires',
    ],
    ['fields that it has not', 'weather-demo', ['--credentials', '-'], '{"api_kee": "k"}', 'it has api_key'],
    [
      'fields where there is no form',
      'notes-demo',
      ['--credentials', '-'],
      '{"api_key": "k"}',
      'it has none',
    ],
    ['an empty field', 'weather-demo', ['--credentials', '-'], '{"api_key": " "}', 'lack api_key'],
  ])('%s', async (_what, connection, flags, stdin, message) => {
    const user = newUser();
    const result = await plain.run(approve(connection, user, ...flags), stdin === undefined ? {} : { stdin });
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'invalid_request' });
    expect(result.error().message).toContain(message);
    expect(result.error().hint).toContain('--credentials');
    expect(plain.statusOf(connection, user)).toBe('PENDING_AUTH');
  });

  it("a provider's own pages, even where they look like the demo's", async () => {
    const posted: string[] = [];
    plain.rest.at('/login', ({ method }, response) => {
      posted.push(method);
      response.writeHead(200, { 'content-type': 'text/html' });
      response.end('<title>Sign in · Demo Notes</title><form method="post"><input name="username"></form>');
    });
    const user = newUser();
    const result = await plain.run(approve('foreign', user));
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'consent_needs_browser' });
    expect(result.error().message).toContain(`${plain.rest.origin} is not the demo provider's`);
    expect(posted).toEqual(['GET']);
    const [link] = plain.sandbox.control.links().filter(({ identifier }) => identifier === user);
    expect(link).toMatchObject({ state: 'open' });
  });

  it('a provider that is not on this machine', async () => {
    const result = await plain.run(approve('faraway', newUser()));
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'consent_needs_browser' });
    expect(result.error().message).toContain('provider.example');
  });

  it.each([
    ['told by the browser', []],
    ['told by the sandbox', ['--no-verify']],
  ])('a provider that says no: in its words, %s', async (_how, flags) => {
    plain.rest.at('/refuse', ({ url }, response) => {
      const asked = new URL(url, 'http://localhost').searchParams;
      const back = new URL(asked.get('redirect_uri') ?? '');
      back.searchParams.set('state', asked.get('state') ?? '');
      back.searchParams.set('error', 'invalid_scope');
      back.searchParams.set('error_description', 'unknown scope');
      response.writeHead(302, { location: back.href }).end();
    });
    const result = await plain.run(approve('refuser', newUser(), ...flags));
    expect(result).toMatchObject({ exitCode: 5, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'authorization_failed' });
    expect(result.error().message).toContain('invalid_scope: unknown scope');
  });

  it('a provider that is not there', async () => {
    const result = await plain.run(approve('gone', newUser()));
    expect(result).toMatchObject({ exitCode: 5, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'consent_failed' });
    expect(result.error().message).toContain('127.0.0.1:9 could not be reached');
  });

  it.each([
    ['an environment elsewhere', { SCALEKIT_ENV_URL: 'https://acme.scalekit.dev' }, 2, 'not_a_sandbox'],
    ['a server on this machine that is no sandbox', { SCALEKIT_ENV_URL: 'REST' }, 2, 'not_a_sandbox'],
    ['a sandbox without its token', { SK_CONNECT_SANDBOX_TOKEN: undefined }, 2, 'not_a_sandbox'],
    [
      'a sandbox with the token of another',
      { SK_CONNECT_SANDBOX_TOKEN: 'sandbox_of_another_day' },
      3,
      'control_token_refused',
    ],
  ])('%s, before anything is created', async (_what, env, exitCode, code) => {
    const user = newUser();
    const url =
      'SCALEKIT_ENV_URL' in env && env.SCALEKIT_ENV_URL === 'REST'
        ? { SCALEKIT_ENV_URL: plain.rest.origin }
        : {};
    const result = await plain.run(approve('notes-demo', user), { env: { ...env, ...url } });
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(result.error()).toMatchObject({ code });
    expect(result.error().hint).toMatch(/SK_CONNECT_SANDBOX_TOKEN|sandbox start/);
    expect(plain.statusOf('notes-demo', user)).toBeUndefined();
  });

  it('credentials that cannot be read, before anything is created', async () => {
    const user = newUser();
    const result = await plain.run(approve('weather-demo', user, '--credentials', 'nowhere.json'));
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(plain.statusOf('weather-demo', user)).toBeUndefined();
  });

  it('Ctrl-C while a provider takes its time', async () => {
    plain.rest.at('/login', () => {});
    const running = plain.start(approve('foreign', newUser()));
    await running.says(/Waiting for/);
    running.interrupt();
    expect(await running.finished).toMatchObject({ exitCode: 130, stdout: '' });
  });
});
