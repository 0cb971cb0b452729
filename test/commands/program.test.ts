import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import packageJson from '../../package.json' with { type: 'json' };
import { exitCodes } from '../../src/errors.ts';
import { folders, run, start } from './run.ts';
import { addSecret, findSecret } from './secrets.ts';
import { rememberTokens } from './support/credentials.ts';
import { useEnvironment } from './support/environment.ts';
import { serve } from './support/http.ts';

vi.setConfig({ testTimeout: 20_000 });
const environment = useEnvironment();
const USER = ['-c', 'rest', '-i', 'user_1'];
beforeEach(() => {
  environment.rest.at('/ok', (_request, response) => response.end('ok'));
});

describe('help and version', () => {
  it.each([['--version'], ['-V']])('%s', async (flag) => {
    expect(await run([flag])).toMatchObject({ exitCode: 0, stdout: `${packageJson.version}\n`, stderr: '' });
  });

  it('--help needs no settings and tells of every exit code', async () => {
    const result = await run(['--help']);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    const [, table = ''] = /\nExit codes:\n((?: .*\n)+)/.exec(result.stdout) ?? [];
    for (const code of Object.values(exitCodes)) expect(table).toMatch(new RegExp(` ${code} \\w`));
  });

  it('help takes a command of two words', async () => {
    const result = await run(['help', 'tools', 'exec']);
    expect(result.stdout).toMatch(/^Usage: sk-connect tools exec /);
    expect(result.exitCode).toBe(0);
  });

  it('nothing at all prints the help too', async () => {
    expect(await run([])).toEqual({
      ...(await run(['--help'])),
      json: expect.any(Function),
      error: expect.any(Function),
    });
  });

  it.each([[['tools']], [['sandbox']]])(
    '%j alone prints its help to stderr and is a usage error',
    async (argv) => {
      const result = await run(argv);
      expect(result).toMatchObject({ exitCode: 2, stdout: '' });
      expect(result.stderr).toMatch(/^Usage: sk-connect/);
      expect(result.stderr).toContain('Commands:');
      expect(result.stderr).not.toContain('(outputHelp)');
    },
  );
});

describe('usage errors', () => {
  it.each([
    [['statsu'], "unknown command 'statsu'", 'Did you mean status?'],
    [['tools', 'lst'], "unknown command 'lst'", 'Did you mean list?'],
    [['status', '--jsn'], "unknown option '--jsn'", 'Did you mean --json?'],
    [['status', 'extra'], 'too many arguments', '--help'],
    [['status', '--timeout', '0'], '--timeout', '--help'],
    [['status', '--timeout', 'soon'], '--timeout', '--help'],
    [['status', '--timeout', '1e9'], '--timeout', '--help'],
    [['status', '--wait-for'], '--wait-for', ''],
    [['status', '--client-secret', 'x'], 'never taken from the command line', 'SCALEKIT_CLIENT_SECRET'],
    [['status', '--client-secret=x'], 'never taken from the command line', 'SCALEKIT_CLIENT_SECRET'],
    [['status', '--env-file', 'nowhere'], '--env-file nowhere cannot be read', 'Name a file that exists'],
    [['status', '--env-url', 'acme.scalekit.dev'], '--env-url has no scheme', 'https://acme.scalekit.dev'],
    [['status', '--env-url', 'http://acme.scalekit.dev'], 'in the clear', '--insecure-http'],
    [['status', '--jq', '.['], 'is no jq expression', 'jq manual'],
  ])('%j: %s', async (argv, message, hint) => {
    const shown = await environment.run(argv);
    expect(shown).toMatchObject({ exitCode: 2, stdout: '' });
    expect(shown.stderr).toMatch(/^(error: |\{)/);
    // Behind an option that misses its value, `--json` is that value, and is meant all the same.
    const json = await environment.run([...argv, '--json']);
    expect(json).toMatchObject({ exitCode: 2, stdout: '' });
    expect(json.stderr.trimEnd().split('\n')).toHaveLength(1);
    const error = json.error();
    expect(error).toMatchObject({ exitCode: 2, code: expect.stringMatching(/^[a-z_]+$/) });
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
  });

  it('variables that are not set are all named', async () => {
    const result = await run(['status'], { env: { SCALEKIT_CLIENT_SECRET: '' } });
    expect(result.exitCode).toBe(2);
    for (const name of [
      'SCALEKIT_ENV_URL',
      'SCALEKIT_CLIENT_ID',
      'SCALEKIT_CLIENT_SECRET',
      'sk-connect demo',
    ])
      expect(result.stderr).toContain(name);
  });

  it.each([
    ['authorize', []],
    ['request', ['/x']],
    ['tools', ['list']],
    ['tools', ['exec', 'x']],
  ])('%s %j: a missing connection or identifier names flag and variable', async (command, rest) => {
    const noConnection = await environment.run([command, ...rest, '-i', 'u', '--json']);
    expect(noConnection).toMatchObject({ exitCode: 2, stdout: '' });
    expect(noConnection.error().message).toMatch(/-c\/--connection NAME.*SCALEKIT_CONNECTION_NAME/);
    const noIdentifier = await environment.run([command, ...rest, '-c', 'rest', '--json']);
    expect(noIdentifier.error().message).toMatch(/-i\/--identifier ID.*SCALEKIT_IDENTIFIER/);
  });

  it.each([
    ['--no-input', ['--no-input'], {}],
    ['--json', ['--json'], {}],
    ['CI', [], { CI: '1' }],
  ])('nothing is asked under %s, even on a terminal', async (_what, flags, env) => {
    const result = await environment.run(['authorize', ...flags], { terminal: true, env });
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toContain('SCALEKIT_CONNECTION_NAME');
  });
});

describe('where values come from', () => {
  it('flag, environment, --env-file, .env; global flags before or after the command', async () => {
    const cwd = join(folders.home, 'layers');
    await mkdir(cwd, { recursive: true });
    const { SCALEKIT_ENV_URL, SCALEKIT_CLIENT_ID, SCALEKIT_CLIENT_SECRET } = environment.sandbox.env;
    await writeFile(
      join(cwd, '.env'),
      `SCALEKIT_ENVIRONMENT_URL=${SCALEKIT_ENV_URL}\nSCALEKIT_IDENTIFIER=dot\n`,
    );
    await writeFile(
      join(cwd, 'more.env'),
      `SCALEKIT_CLIENT_ID=${SCALEKIT_CLIENT_ID}\nSCALEKIT_CLIENT_SECRET="${SCALEKIT_CLIENT_SECRET}"\nSCALEKIT_CONNECTION_NAME=rest\n`,
    );
    const whose = async (argv: string[], env = {}) => {
      const result = await run(argv, { cwd, env });
      expect(result.exitCode).toBe(4);
      return result.error().details;
    };
    const base = ['status', '--env-file', 'more.env', '--json'];
    expect(await whose(base)).toEqual({ connectionName: 'rest', identifier: 'dot' });
    expect(await whose(base, { SCALEKIT_IDENTIFIER: 'env' })).toMatchObject({ identifier: 'env' });
    expect(await whose([...base, '-i', 'flag'], { SCALEKIT_IDENTIFIER: 'env' })).toMatchObject({
      identifier: 'flag',
    });
    expect(await whose(['--json', '--env-file', 'more.env', '-i', 'flag', 'status'])).toMatchObject({
      identifier: 'flag',
    });
  });

  it('the token is kept between runs, privately, unless that is turned off', async () => {
    const env = { SK_CONNECT_CACHE_DIR: join(folders.home, 'own-cache') };
    const signsIn = async (flags: string[] = [], more = {}) => {
      const result = await environment.run(['status', ...USER, '-v', ...flags], { env: { ...env, ...more } });
      expect(result.exitCode).toBe(0);
      return result.stderr.includes('/oauth/token');
    };
    expect(await signsIn(['--no-token-cache'])).toBe(true);
    expect(await signsIn([], { SK_CONNECT_NO_TOKEN_CACHE: '1' })).toBe(true);
    await expect(readdir(env.SK_CONNECT_CACHE_DIR)).rejects.toThrow('ENOENT');
    expect(await signsIn()).toBe(true);
    expect(await signsIn()).toBe(false);
    expect(await signsIn(['--no-token-cache'])).toBe(true);
    const [name = ''] = await readdir(join(env.SK_CONNECT_CACHE_DIR, 'tokens'));
    const file = join(env.SK_CONNECT_CACHE_DIR, 'tokens', name);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readFile(file, 'utf8')).not.toContain(environment.sandbox.env.SCALEKIT_CLIENT_SECRET);
  });
});

describe('exit codes that no command has to itself', () => {
  it('3: wrong credentials', async () => {
    addSecret('a wrong client secret', 'wrong-secret-0123');
    const result = await environment.run(['status', '--json'], {
      env: { SCALEKIT_CLIENT_SECRET: 'wrong-secret-0123' },
    });
    expect(result).toMatchObject({ exitCode: 3, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'credentials_refused', exitCode: 3, httpStatus: 401 });
  });

  it.each([
    ['status', ['status']],
    ['request', ['request', '/ok', ...USER]],
    ['tools list', ['tools', 'list', ...USER]],
    ['connections', ['connections']],
  ])('6: nobody listens, told within a second: %s', async (_what, argv) => {
    const gone = await serve(() => {});
    await gone.close();
    const startedAt = performance.now();
    const result = await environment.run([...argv, '--json'], { env: { SCALEKIT_ENV_URL: gone.origin } });
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    expect(result).toMatchObject({ exitCode: 6, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'unreachable' });
  });

  it('6: --timeout, while the provider is silent and while it trickles', async () => {
    environment.rest.at('/silent', () => {});
    environment.rest.at('/trickle', (_request, response) => {
      const timer = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(timer));
    });
    for (const path of ['/silent', '/trickle']) {
      const startedAt = performance.now();
      const result = await environment.run(['request', path, ...USER, '--timeout', '0.5']);
      expect(result.exitCode).toBe(6);
      expect(result.stderr).toContain('not done after 0.5 s (--timeout)');
      expect(performance.now() - startedAt).toBeLessThan(3_000);
    }
  });

  it('70: a bug says so, and how to report it', async () => {
    const bug = { io: { homeDir: undefined as unknown as string } };
    const env = { SK_CONNECT_CACHE_DIR: undefined };
    const result = await environment.run(['status'], { ...bug, env });
    expect(result).toMatchObject({ exitCode: 70, stdout: '' });
    expect(result.stderr).toMatch(/^sk-connect has a bug: /);
    expect(result.stderr).toContain('    at ');
    expect(result.stderr).toContain('Please report it');
    const json = await environment.run(['status', '--json'], { ...bug, env });
    expect(json.error()).toMatchObject({
      code: 'bug',
      exitCode: 70,
      hint: expect.stringContaining('report'),
    });
  });

  it('130: Ctrl-C while the provider is silent, and while stdin is', async () => {
    environment.rest.at('/silent', () => {});
    const running = environment.start(['request', '/silent', ...USER, '-v']);
    await running.says(/→ http GET \S+\/proxy\/silent/);
    running.interrupt();
    expect(await running.finished).toMatchObject({ exitCode: 130, stdout: '' });

    for (const argv of [
      ['request', '/ok', ...USER, '-d', '-'],
      ['authorize', '-c', 'keyed', '-i', 'u', '--credentials', '-'],
    ]) {
      const reading = environment.start(argv, { isTyping: true });
      reading.interrupt();
      expect(await reading.finished).toMatchObject({ exitCode: 130, stdout: '' });
      const late = await environment.run([...argv, '--timeout', '0.2'], { isTyping: true });
      expect(late.exitCode).toBe(6);
    }
    expect(await environment.run(['status'], { io: { interrupt: AbortSignal.abort() } })).toMatchObject({
      exitCode: 130,
    });
  });
});

describe('secrets', () => {
  it('the scan finds them, plain and encoded', () => {
    addSecret('a test secret', 'a/secret+of=the test');
    expect(findSecret('see a/secret+of=the test here')).toBe('a test secret');
    expect(findSecret(`q=${encodeURIComponent('a/secret+of=the test')}`)).toBe('a test secret');
    expect(findSecret(Buffer.from('a/secret+of=the test').toString('base64'))).toBe('a test secret');
    expect(findSecret('nothing')).toBeUndefined();
  });

  it('-v masks what is sent and what comes back', async () => {
    addSecret('a header', 'hdr_secret_0123456789');
    addSecret('a cookie', 'cookie_secret_0123456789');
    addSecret('a query value', 'query_secret_0123456789');
    environment.rest.at('/ok', (_request, response) => {
      response.setHeader('set-cookie', 'sid=cookie_secret_0123456789');
      response.setHeader('x-refresh-token', 'hdr_secret_0123456789');
      response.end('ok');
    });
    const argv = [
      'request',
      '/ok',
      ...USER,
      '-v',
      '--no-token-cache',
      '-H',
      'X-Api-Key: hdr_secret_0123456789',
    ];
    const result = await environment.run([...argv, '-q', 'api_key=query_secret_0123456789']);
    expect(result).toMatchObject({ exitCode: 0, stdout: 'ok' });
    expect(result.stderr).toContain('→ http POST ');
    expect(result.stderr).toMatch(/x-api-key: \*\*\*/i);
    expect(result.stderr).toMatch(/set-cookie: \*\*\*/i);
    expect(result.stderr).toContain('api_key=***');
  });

  it('tokens of an account do not come out of any command', async () => {
    const running = environment.start(['authorize', '-c', 'notes-demo', '-i', 'u9', '--wait', '-v']);
    await running.says(/Waiting for u9/);
    await environment.consent('notes-demo', 'u9');
    expect((await running.finished).exitCode).toBe(0);
    await rememberTokens(environment.sandbox, 'notes-demo', 'u9');
    for (const flags of [['-v'], ['--json'], ['--json', '-v']]) {
      await environment.run(['status', '-i', 'u9', ...flags]);
      await environment.run(['request', '/v1/notes', '-c', 'notes-demo', '-i', 'u9', '--include', ...flags]);
      await environment.run(['request', '/v1/nowhere', '-c', 'notes-demo', '-i', 'u9', ...flags]);
    }
  });
});

describe('colour', () => {
  it.each([
    ['a terminal', [], {}, true, true],
    ['a pipe', [], {}, false, false],
    ['--no-color', ['--no-color'], { FORCE_COLOR: '1' }, true, false],
    ['NO_COLOR', [], { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    ['FORCE_COLOR', [], { FORCE_COLOR: '1' }, false, true],
  ])('%s', async (_what, flags, env, isTerminal, isColoured) => {
    const argv = ['status', '-c', 'rest', '-i', 'nobody', ...flags];
    const result = await environment.run(argv, { env, ...(isTerminal ? { terminal: true } : {}) });
    expect(result.stderr.includes('\u001b[31m')).toBe(isColoured);
  });

  it('an error of a provider cannot write to the terminal', async () => {
    environment.rest.at('/evil', (_request, response) => {
      response.writeHead(500, 'Bad', { 'x-request-id': 'a\u009b31mb' }).end();
    });
    const result = await environment.run(['request', '/evil', ...USER], { terminal: true });
    expect(result.stderr).toContain('a\\u009b31mb');
  });
});

describe('streams', () => {
  it('a command that is never awaited on stdin does not read it', async () => {
    const running = start(['status'], { env: environment.sandbox.env, isTyping: true });
    await running.finished;
    expect(running.stdin.readableFlowing).toBeNull();
  });
});
