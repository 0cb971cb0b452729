import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { useEnvironment } from '../commands/support/environment.ts';
import { folders, launch, shell } from './support/program.ts';

vi.setConfig({ testTimeout: 30_000 });
const MANY = 2_500;
const environment = useEnvironment(({ rest, token }) => ({
  connectors: [
    {
      display_name: 'Test Many',
      proxy_url: rest.origin,
      proxy_enabled: true,
      auth_patterns: [{ type: 'BEARER' }],
    },
  ],
  connections: [{ name: 'many', connector: 'test-many' }],
  accounts: Array.from({ length: MANY }, (_, index) => ({
    connection: 'many',
    identifier: `user_${String(index).padStart(5, '0')}`,
    credentials: { token },
  })),
}));
const inShell = (line: string) => shell(line, { env: environment.sandbox.env });
const REQUEST = 'sk-connect request -c rest -i user_1';

describe('a reader that goes', () => {
  it.each([
    ['a long list', 'sk-connect status -c many | head -1', /^many\tuser_00000\t[^\n]+\n$/],
    ['a long document', 'sk-connect status -c many --json | head -c 12', /^\{"accounts":$/],
    ['a trace', 'sk-connect status -c many -v --no-token-cache 2>&1 | head -1', /^→ http POST [^\n]+\n$/],
    ['nobody at all', 'sk-connect status -c many | true', /^$/],
    ['help', 'sk-connect --help | head -1', /^Usage: [^\n]+\n$/],
    ['help for nobody', 'sk-connect --help | true', /^$/],
    ['version for nobody', 'sk-connect --version | true', /^$/],
    ['the demo', 'sk-connect demo 2>/dev/null | head -1', /^notes-demo\t/],
    ['the demo, all of it', 'sk-connect demo 2>&1 | head -1', /^A sandbox runs at [^\n]+\n$/],
  ])('%s: exit 0, and no stack', async (_what, line, stdout) => {
    const result = await inShell(line);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout).toMatch(stdout);
  });

  it('a body without an end', async () => {
    environment.rest.at('/endless', (_request, response) => {
      const more = () => {
        while (response.write(Buffer.alloc(65_536, 'x')));
      };
      response.on('drain', more);
      more();
    });
    expect(await inShell(`${REQUEST} /endless | head -c 10`)).toMatchObject({
      code: 0,
      stdout: 'xxxxxxxxxx',
      stderr: '',
    });
  });

  it('pages without an end: no more of them are asked for', async () => {
    environment.rest.at('/pages', ({ url }, response) => {
      const page = Number(/page=(\d+)/.exec(url)?.[1] ?? '1');
      response.writeHead(200, { link: `<?page=${page + 1}>; rel="next"` }).end(`[${page}]`);
    });
    const result = await inShell(`${REQUEST} /pages --paginate --stream | head -2`);
    expect(result).toMatchObject({ code: 0, stdout: '1\n2\n', stderr: '' });
  });

  it('a full disk is told', async () => {
    const result = await inShell('sk-connect status -c many > /dev/full');
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('error: stdout cannot be written');
    expect((await inShell('sk-connect --help > /dev/full')).code).toBe(2);
  });
});

describe('what goes through', () => {
  it('every byte, through a pipe and into a file', async () => {
    const body = randomBytes(5_000_000);
    environment.rest.at('/big', (_request, response) => response.end(body));
    const result = await inShell(`${REQUEST} /big | tee copy.bin | wc -c; ${REQUEST} /big > direct.bin`);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(result.stdout.trim()).toBe('5000000');
    for (const name of ['copy.bin', 'direct.bin'])
      expect((await readFile(join(folders.cwd, name))).equals(body)).toBe(true);
  });

  it('every row to a slow reader', async () => {
    const result = await inShell('sk-connect status -c many | (read -r first; sleep 0.3; wc -l)');
    expect(result.stdout.trim()).toBe(String(MANY - 1));
    expect(result.code).toBe(0);
  });

  it('a body from another program', async () => {
    environment.rest.at('/echo', ({ body }, response) => response.end(body));
    const result = await inShell(`seq 1 50000 | ${REQUEST} /echo -d - | tail -1`);
    expect(result).toMatchObject({ code: 0, stdout: '50000\n', stderr: '' });
  });

  it('no process reads a stdin that was not asked for', async () => {
    const { child, ended } = launch(['status', '-c', 'rest', '-i', 'user_1'], {
      env: environment.sandbox.env,
    });
    expect(await ended).toMatchObject({ code: 0 });
    child.stdin?.end();
  });
});

describe('exit codes through a shell', () => {
  it.each([
    [0, 'sk-connect status -c rest -i user_1'],
    [2, 'sk-connect statsu'],
    [3, 'SCALEKIT_CLIENT_SECRET=wrong sk-connect status'],
    [4, 'sk-connect status -c rest -i nobody'],
    [5, `${REQUEST} /nowhere`],
    [6, 'SCALEKIT_ENV_URL=http://127.0.0.1:1 sk-connect status'],
  ])('%i: %s', async (code, line) => {
    expect((await inShell(line)).code).toBe(code);
  });
});

describe('processes that share a token cache', () => {
  it('eight at once, from none: all succeed, and the file is whole', async () => {
    const all = await Promise.all(
      Array.from({ length: 8 }, () =>
        inShell('SK_CONNECT_CACHE_DIR=$HOME/shared sk-connect status -c rest -i user_1'),
      ),
    );
    for (const result of all) expect(result).toMatchObject({ code: 0, stderr: '' });
    const tokens = join(folders.home, 'shared', 'tokens');
    const names = await readdir(tokens);
    expect(names).toEqual([expect.stringMatching(/^[0-9a-f]{32}\.json$/)]);
    expect(JSON.parse(await readFile(join(tokens, names[0] ?? ''), 'utf8'))).toMatchObject({
      accessToken: expect.any(String),
      renewAt: expect.any(Number),
    });
    const next = await inShell('SK_CONNECT_CACHE_DIR=$HOME/shared sk-connect status -c rest -i user_1 -v');
    expect(next.stderr).not.toContain('/oauth/token');
  });
});
