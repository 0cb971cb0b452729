import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { parse } from 'yaml';
import { folders, type Running, run, start } from './run.ts';

vi.setConfig({ testTimeout: 20_000 });
const ARGV = ['sandbox', 'start'];
const secretly = { printsSecrets: true };

/** Starts one and waits until it is announced; the test stops it. */
async function started(argv: string[] = []): Promise<{ running: Running; env: Record<string, string> }> {
  const running = start([...ARGV, ...argv], secretly);
  onTestFinished(async () => {
    running.interrupt();
    await running.finished;
  });
  await running.says(/Ctrl-C stops it/);
  const [text] = await running.says(/(?:export \w+=\S+\n)+/, 'stdout');
  const env = Object.fromEntries(
    [...text.matchAll(/^export (\w+)=(\S+)$/gm)].map(([, name, value]) => [name, value]),
  );
  return { running, env: env as Record<string, string> };
}

const registrations = () => readdir(join(folders.state, 'sandboxes')).catch(() => []);

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => socket.destroy() && resolve(true));
    socket.once('error', () => resolve(false));
  });
}

describe('sandbox start', () => {
  it('prints what to export, which works, and is found by --sandbox until Ctrl-C', async () => {
    const { running, env } = await started();
    expect(Object.keys(env)).toEqual([
      'SCALEKIT_ENV_URL',
      'SCALEKIT_CLIENT_ID',
      'SCALEKIT_CLIENT_SECRET',
      'SK_CONNECT_SANDBOX_TOKEN',
    ]);
    const exported = await run(['connections', '--jq', '.connections[].connectionName'], { env });
    const registered = await run(['connections', '--sandbox', '--jq', '.connections[].connectionName']);
    expect(exported.stdout).toBe('"notes-demo"\n"weather-demo"\n"docs-demo"\n');
    expect(registered.stdout).toBe(exported.stdout);
    const missing = await run(['status', '--sandbox', '-c', 'notes-demo', '-i', 'u']);
    expect(missing.stderr).toContain('sk-connect authorize -c notes-demo -i u --sandbox');

    const { port } = new URL(env['SCALEKIT_ENV_URL'] ?? '');
    const registration = join(folders.state, 'sandboxes', `${port}.json`);
    expect((await stat(registration)).mode & 0o777).toBe(0o600);
    running.interrupt();
    expect((await running.finished).exitCode).toBe(0);
    expect(await registrations()).toEqual([]);
    expect(await listens(Number(port))).toBe(false);
    const none = await run(['connections', '--sandbox', '--json']);
    expect(none).toMatchObject({ exitCode: 2, stdout: '' });
    expect(none.error()).toMatchObject({
      code: 'no_sandbox',
      hint: expect.stringContaining('sk-connect sandbox start'),
    });
  });

  it('--user-verification custom: a user of the demo is verified by authorize', async () => {
    const { env } = await started(['--user-verification', 'custom']);
    const account = ['-c', 'notes-demo', '-i', 'user_1'];
    const authorized = await run(['authorize', ...account, '--wait', '--approve', '--json'], { env });
    expect(JSON.parse(authorized.stdout)).toMatchObject({ status: 'ACTIVE' });
    const log = await run(['sandbox', 'log', '--jq', '.exchanges[].path'], { env });
    expect(log.stdout).toContain('VerifyConnectedAccountUser');
  });

  it('in a state folder that cannot be written it runs, and says that --sandbox will not find it', async () => {
    await writeFile(join(folders.cwd, 'taken'), '');
    const env = { SK_CONNECT_STATE_DIR: join(folders.cwd, 'taken', 'state') };
    const running = start(ARGV, { ...secretly, env });
    await running.says(/Ctrl-C stops it/);
    running.interrupt();
    const { exitCode, stdout, stderr } = await running.finished;
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^export SCALEKIT_ENV_URL=/);
    expect(stderr).toMatch(/--sandbox will not find it: .*taken.state cannot be written \(ENOTDIR\)/);
    expect(stderr).toContain('  sk-connect authorize -c notes-demo -i user_123\n');
  });

  it('--write-env: a private file that is gone with it', async () => {
    const path = join(folders.cwd, '.env.sandbox');
    const { running } = await started(['--write-env', '.env.sandbox']);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    const result = await run(['connections', '--env-file', '.env.sandbox']);
    expect(result).toMatchObject({ exitCode: 0 });
    running.interrupt();
    await running.finished;
    await expect(stat(path)).rejects.toThrow('ENOENT');
  });

  it('--write-env never takes the place of a file of somebody else', async () => {
    const path = join(folders.cwd, '.env.mine');
    await writeFile(path, 'MINE=1\n');
    const result = await run([...ARGV, '--write-env', '.env.mine', '--json'], secretly);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await readFile(path, 'utf8')).toBe('MINE=1\n');
    expect(await registrations()).toEqual([]);
  });

  it('a second one on the same port is refused, and the first goes on', async () => {
    const { env } = await started();
    const { port } = new URL(env['SCALEKIT_ENV_URL'] ?? '');
    const second = await run([...ARGV, '--port', port, '--json'], secretly);
    expect(second).toMatchObject({ exitCode: 2, stdout: '' });
    expect(second.error()).toMatchObject({ code: 'port_in_use', message: expect.stringContaining(port) });
    expect(await run(['connections', '--sandbox'])).toMatchObject({ exitCode: 0 });
  });

  it('--port is the port that is taken', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => probe.once('listening', resolve));
    const { port } = probe.address() as AddressInfo;
    await new Promise((resolve) => probe.close(resolve));
    const { env } = await started(['--port', String(port)]);
    expect(env['SCALEKIT_ENV_URL']).toBe(`http://127.0.0.1:${port}`);
  });

  it('--json: one document, and nothing after it', async () => {
    const running = start([...ARGV, '--json'], secretly);
    await running.says(/\n/, 'stdout');
    running.interrupt();
    const result = await running.finished;
    expect(result.exitCode).toBe(0);
    expect(result.json()).toEqual({
      envUrl: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      env: {
        SCALEKIT_ENV_URL: expect.any(String),
        SCALEKIT_CLIENT_ID: expect.any(String),
        SCALEKIT_CLIENT_SECRET: expect.any(String),
        SK_CONNECT_SANDBOX_TOKEN: expect.any(String),
      },
      pid: process.pid,
      connections: ['notes-demo', 'weather-demo', 'docs-demo'],
    });
  });

  it('--timeout ends it with 6, everything closed', async () => {
    const result = await run([...ARGV, '--timeout', '0.5'], secretly);
    expect(result.exitCode).toBe(6);
    expect(await registrations()).toEqual([]);
  });

  it.each(['70000', '-1', '1.5', 'http'])('--port %s is a usage error', async (port) => {
    const result = await run([...ARGV, `--port=${port}`, '--json']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error().message).toContain('--port');
  });
});

describe('sandbox start --config', () => {
  const good = `
environment: { client_id: skc_mine, client_secret: "\${MY_SECRET}" }
connectors:
  - display_name: Acme
    proxy_url: http://127.0.0.1:1
    proxy_enabled: true
    auth_patterns: [{ type: API_KEY }]
connections: [{ name: acme, connector: acme }]
accounts: [{ connection: acme, identifier: u1, credentials: { api_key: k } }]
`;

  it('its connections, with variables from the environment', async () => {
    await writeFile(join(folders.cwd, 'good.yaml'), good);
    const running = start([...ARGV, '--config', 'good.yaml'], {
      ...secretly,
      env: { MY_SECRET: 'secret-of-mine' },
    });
    await running.says(/with the connections acme\./);
    await running.says(/export SCALEKIT_CLIENT_SECRET=secret-of-mine\n/, 'stdout');
    expect(await run(['status', '--sandbox', '-c', 'acme'])).toMatchObject({ exitCode: 0 });
    running.interrupt();
    expect((await running.finished).exitCode).toBe(0);
  });

  it.each([
    ['a missing file', undefined, /wrong\.yaml/],
    ['no YAML', 'connectors: [', /wrong\.yaml:\d+:\d+ /],
    ['a misspelt key', good.replace('connections:', 'conections:'), /wrong\.yaml:\d+:\d+ .*conections/],
    [
      'a wrong auth type',
      good.replace('API_KEY', 'APIKEY'),
      /wrong\.yaml:7:\d+ connectors\[0\]\.auth_patterns\[0\]\.type: /,
    ],
    [
      'an unknown connector',
      good.replace('connector: acme', 'connector: acm'),
      /wrong\.yaml:8:\d+ connections\[0\]\.connector: .*acm/,
    ],
    [
      'a variable that is not set',
      good,
      /wrong\.yaml:2:\d+ environment\.client_secret: the variable MY_SECRET is not set/,
    ],
  ])('%s is refused with file, place and reason', async (_what, content, message) => {
    if (content !== undefined) await writeFile(join(folders.cwd, 'wrong.yaml'), content);
    const result = await run([...ARGV, '--config', 'wrong.yaml'], secretly);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toMatch(/^error: the sandbox configuration is wrong:\n/);
    expect(result.stderr).toMatch(message);
    const json = await run([...ARGV, '--config', 'wrong.yaml', '--json'], secretly);
    expect(json.error()).toMatchObject({
      code: 'bad_sandbox_config',
      exitCode: 2,
      hint: 'Check it without a start: sk-connect sandbox validate wrong.yaml',
    });
  });

  it("a problem in a connector's own file is told with that file", async () => {
    const config = parse(good.replace(/environment.*\n/, '')) as { connectors: unknown[] };
    const connector = { ...(config.connectors[0] as object), proxy_url: 'ftp://127.0.0.1' };
    await writeFile(join(folders.cwd, 'acme.json'), JSON.stringify(connector, null, 2));
    await writeFile(join(folders.cwd, 'two.json'), JSON.stringify({ ...config, connectors: ['acme.json'] }));
    const result = await run([...ARGV, '--config', 'two.json'], secretly);
    expect(result.exitCode).toBe(2);
    expect(result.stderr).toContain(`${join(folders.cwd, 'acme.json')}:3:`);
  });
});

describe('sandbox start --state', () => {
  const state = join(folders.cwd, 'start.state');
  const config = `
connectors: [{ display_name: Acme, proxy_url: "http://127.0.0.1:1", proxy_enabled: true, auth_patterns: [{ type: API_KEY }] }]
connections: [{ name: acme, connector: acme }]
`;

  it('the next run has the same address, client, token and accounts', async () => {
    await writeFile(join(folders.cwd, 'kept.yaml'), config);
    const flags = ['--config', 'kept.yaml', '--state', 'start.state'];
    const first = await started(flags);
    await writeFile(join(folders.cwd, 'key.json'), '{"api_key": "key-of-acme"}');
    const authorize = ['authorize', '-c', 'acme', '-i', 'u1', '--credentials', 'key.json'];
    expect(await run(authorize, { env: first.env })).toMatchObject({ exitCode: 0 });
    first.running.interrupt();
    await first.running.finished;
    const second = await started(flags);
    expect(second.env).toEqual(first.env);
    expect(await run(['status'], { env: second.env })).toMatchObject({ exitCode: 0 });
    expect((await stat(state)).mode & 0o777).toBe(0o600);
    const third = await run([...ARGV, ...flags, '--json'], secretly);
    expect(third).toMatchObject({ exitCode: 2, stdout: '' });
    expect(third.error()).toMatchObject({
      code: 'state_file_in_use',
      message: expect.stringContaining(`is in use by the sandbox at ${first.env['SCALEKIT_ENV_URL']}`),
    });
  });

  it('the demo has forgotten whom it knew, and says so', async () => {
    const flags = ['--state', 'demo.state'];
    const first = await started(flags);
    await writeFile(join(folders.cwd, 'demo-key.json'), '{"api_key": "key-of-the-demo"}');
    const authorize = ['authorize', '-c', 'weather-demo', '-i', 'u1', '--credentials', 'demo-key.json'];
    expect(await run(authorize, { env: first.env })).toMatchObject({ exitCode: 0 });
    expect(await run(['authorize', '-c', 'docs-demo', '-i', 'u1'], { env: first.env })).toMatchObject({
      exitCode: 0,
    });
    first.running.interrupt();
    await first.running.finished;
    const second = await started(flags);
    await second.running.says(/new at every start, and ask anew for: u1 on weather-demo\./);
    const { stdout } = await run(['status', '--jq', '.accounts[].status'], { env: second.env });
    expect(stdout).toBe('"ACTIVE"\n"EXPIRED"\n');
  });

  it('a file of something else is refused and left', async () => {
    await writeFile(join(folders.cwd, 'other.json'), '{"name": "package"}');
    const result = await run([...ARGV, '--state', 'other.json', '--json'], secretly);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'state_file_other_version' });
    expect(await readFile(join(folders.cwd, 'other.json'), 'utf8')).toBe('{"name": "package"}');
    expect(await registrations()).toEqual([]);
  });
});
