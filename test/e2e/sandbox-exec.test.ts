import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { folders, launch, onTerminal, PROGRAM, type Process, shell } from './support/program.ts';

vi.setConfig({ testTimeout: 40_000 });

const secretly = { printsSecrets: true };
const exec = (...words: string[]) => launch(['sandbox', 'exec', ...words], secretly);
const node = (script: string) => [process.execPath, '-e', script];

async function ended({ child, ended: end }: Process) {
  child.stdin?.end();
  return end;
}

function isOpen(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    socket.once('connect', () => resolve(true) ?? socket.destroy());
    socket.once('error', () => resolve(false));
  });
}

/** Whether it runs; a zombie does not. */
function runs(pid: number): boolean {
  try {
    return !/^\d+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return false;
  }
}

describe('sandbox exec', () => {
  it('gives the command the variables, also over those of a real environment, and stdout to it alone', async () => {
    const { child, ended: end } = launch(
      ['sandbox', 'exec', '--', ...node('console.log(JSON.stringify(process.env))')],
      {
        ...secretly,
        env: {
          SCALEKIT_ENV_URL: 'https://real.scalekit.dev',
          SCALEKIT_ENVIRONMENT_URL: 'https://real.scalekit.dev',
          SCALEKIT_CLIENT_ID: 'skc_real',
          SCALEKIT_CLIENT_SECRET: 'real-secret',
          SK_CONNECT_SANDBOX_TOKEN: 'of another one',
          OTHER: 'kept',
        },
      },
    );
    child.stdin?.end();
    const { code, stdout, stderr } = await end;
    const env = JSON.parse(stdout) as Record<string, string>;
    expect(code).toBe(0);
    expect(env['SCALEKIT_ENV_URL']).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(env['SCALEKIT_ENVIRONMENT_URL']).toBe(env['SCALEKIT_ENV_URL']);
    expect(env['SCALEKIT_CLIENT_ID']).toMatch(/^skc_sandbox\d+$/);
    expect(JSON.stringify(env)).not.toMatch(/real-secret|of another one|real\.scalekit/);
    expect(env['OTHER']).toBe('kept');
    expect(stderr).toContain(
      `The sandbox runs at ${env['SCALEKIT_ENV_URL']} with the connections notes-demo`,
    );
    expect(await isOpen(env['SCALEKIT_ENV_URL'] ?? '')).toBe(false);
  });

  it('--quiet says nothing of its own', async () => {
    const result = await ended(exec('-q', '--', ...node('console.error("mine")')));
    expect(result).toMatchObject({ code: 0, stdout: '', stderr: 'mine\n' });
  });

  it.each([0, 1, 42, 255])('exit code %i', async (code) => {
    expect(await ended(exec('-q', '--', 'sh', '-c', `exit ${code}`))).toMatchObject({
      code,
      signal: null,
      stderr: '',
    });
  });

  it.each([
    ['SIGKILL', 137],
    ['SIGTERM', 143],
    ['SIGSEGV', 139],
  ])('a command that %s ended: 128 + n', async (signal, code) => {
    const result = await ended(exec('-q', '--', 'sh', '-c', `kill -${signal.slice(3)} $$`));
    expect(result).toMatchObject({ code, signal: null, stderr: '' });
  });

  it('hands stdin to the command', async () => {
    const { child, ended: end } = exec('-q', '--', 'cat');
    child.stdin?.end('from outside');
    expect(await end).toMatchObject({ code: 0, stdout: 'from outside' });
  });

  it("the command's flags are its own, with -- and without", async () => {
    const show = node('console.log(process.argv.slice(1).join(" "))');
    for (const separator of [['--'], []]) {
      const result = await ended(
        exec('-q', ...separator, ...show, '--', '--json', '--client-secret', 'x', '-c', 'y'),
      );
      expect(result).toMatchObject({ code: 0, stdout: '--json --client-secret x -c y\n' });
    }
  });

  it('sk-connect in it needs nothing, with --sandbox too', async () => {
    const line = [
      'sk-connect authorize -c docs-demo -i u1 --json',
      'sk-connect status --sandbox --jq ".accounts[].status"',
      'sk-connect sandbox accounts list | cut -f1-3',
    ].join(' && ');
    const inner = `sk-connect() { "${process.execPath}" "${PROGRAM}" "$@"; }; ${line}`;
    // Another sandbox runs, and is not the one that is meant.
    const other = launch(['sandbox', 'start'], secretly);
    await other.says(/Ctrl-C stops it/);
    const { code, stdout } = await ended(exec('-q', '--', 'bash', '-c', inner));
    expect(code).toBe(0);
    expect(stdout).toContain('"ACTIVE"\n');
    expect(stdout).toMatch(/docs-demo\tu1\tACTIVE\n$/);
    other.child.kill('SIGINT');
    await other.ended;
  });

  it('is not what --sandbox finds from outside', async () => {
    const { says, child, ended: end } = exec('--', 'cat');
    await says(/The sandbox runs/);
    expect((await shell('sk-connect status --sandbox')).code).toBe(2);
    child.stdin?.end();
    await end;
  });

  it('--config and --state: what was authorized in one run is in the next', async () => {
    const config = join(folders.cwd, 'exec.yaml');
    writeFileSync(
      config,
      `connectors: [{ display_name: Acme, proxy_url: "http://127.0.0.1:1", proxy_enabled: true, auth_patterns: [{ type: API_KEY }] }]
connections: [{ name: acme, connector: acme }]
`,
    );
    const flags = ['-q', '--config', config, '--state', 'exec.state'];
    writeFileSync(join(folders.cwd, 'key.json'), '{"api_key": "key-of-acme"}');
    const authorize = [
      process.execPath,
      PROGRAM,
      'authorize',
      '-c',
      'acme',
      '-i',
      'u1',
      '--credentials',
      'key.json',
    ];
    expect(await ended(exec(...flags, '--', ...authorize))).toMatchObject({ code: 0 });
    const status = [process.execPath, PROGRAM, 'status', '--jq', '.accounts[].status'];
    expect(await ended(exec(...flags, '--', ...status))).toMatchObject({ code: 0, stdout: '"ACTIVE"\n' });
    expect(statSync(join(folders.cwd, 'exec.state')).mode & 0o777).toBe(0o600);
  });

  it.each([
    ['a command that is not there', ['no-such-command-anywhere'], 'command_not_found'],
    ['a file that is no program', ['./plain.txt'], 'command_not_executable'],
  ])('%s: 2', async (_what, words, code) => {
    writeFileSync(join(folders.cwd, 'plain.txt'), 'text', { mode: 0o600 });
    const result = await ended(exec('-q', '--json', '--', ...words));
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(JSON.parse(result.stderr)).toMatchObject({ error: { code, exitCode: 2 } });
  });

  it('--timeout ends the command: 6', async () => {
    const result = await ended(exec('-q', '--timeout', '2', '--', 'sleep', '60'));
    expect(result).toMatchObject({ code: 6, signal: null });
    expect(result.stderr).toContain('not done after 2 s (--timeout)');
  });
});

describe('signals to sandbox exec', () => {
  const SAYS_SIGNALS = `
    for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, () => {
      console.log('got ' + name);
      if (name !== 'SIGINT') process.exit(9);
    });
    console.log('ready');
    setInterval(() => {}, 1000);`;

  it.each(['SIGTERM', 'SIGHUP'] as const)('%s is handed on, and its exit code comes back', async (signal) => {
    const running = exec('-q', '--', ...node(SAYS_SIGNALS));
    await running.says(/ready/, 'stdout');
    running.child.kill(signal);
    expect(await running.ended).toMatchObject({ code: 9, signal: null, stdout: `ready\ngot ${signal}\n` });
  });

  it('SIGINT is handed on as often as it comes, and ends nothing that does not want to end', async () => {
    const running = exec('-q', '--', ...node(SAYS_SIGNALS));
    await running.says(/ready/, 'stdout');
    for (const times of [1, 2, 3]) {
      running.child.kill('SIGINT');
      await running.says(new RegExp(`(got SIGINT\\n){${times}}`), 'stdout');
    }
    running.child.kill('SIGTERM');
    expect(await running.ended).toMatchObject({ code: 9 });
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const)('%s to a command that does not care: %i', async (signal, code) => {
    const running = exec('-q', '--', 'sh', '-c', 'echo ready; exec sleep 60');
    await running.says(/ready/, 'stdout');
    running.child.kill(signal);
    expect(await running.ended).toMatchObject({ code, signal: null });
  });

  it('Ctrl-C at a terminal reaches the command once, which may go on', async () => {
    const terminal = onTerminal(['sandbox', 'exec', '-q', '--', ...node(SAYS_SIGNALS)], secretly);
    await terminal.says(/ready/);
    terminal.pty.write('\u0003');
    await terminal.says(/got SIGINT/);
    terminal.pty.write('\u0003');
    await terminal.says(/got SIGINT/);
    expect(terminal.text().match(/got SIGINT/g)).toHaveLength(2);
    terminal.pty.kill('SIGTERM');
    expect(await terminal.exited).toBe(9);
  });

  it('a shell at a terminal is asked as always', async () => {
    const terminal = onTerminal(['sandbox', 'exec', '-q', '--', 'bash', '--norc', '-i'], secretly);
    terminal.pty.write('echo $((6*7)); test -t 0 && echo "is a terminal"; exit 5\r');
    await terminal.says(/^42/m);
    await terminal.says(/is a terminal/);
    expect(await terminal.exited).toBe(5);
  });
});

describe('what sandbox exec leaves behind', () => {
  /** A command that starts another one in the background, tells both pids, and waits for it. */
  const FAMILY = 'sleep 300 & echo $$ $!; wait';

  async function family(running: Process): Promise<[command: number, other: number]> {
    const [, command, other] = await running.says(/^(\d+) (\d+)$/m, 'stdout');
    onTestFinished(() => {
      for (const pid of [command, other])
        if (Number(pid) > 0 && runs(Number(pid))) process.kill(Number(pid), 'SIGKILL');
    });
    return [Number(command), Number(other)];
  }

  it('nothing after a kill -9 of the command', async () => {
    const running = exec('--', 'sh', '-c', FAMILY);
    const [command, other] = await family(running);
    const [, url = ''] = await running.says(/runs at (\S+)/);
    process.kill(command, 'SIGKILL');
    expect(await running.ended).toMatchObject({ code: 137 });
    expect(runs(other)).toBe(false);
    expect(await isOpen(url)).toBe(false);
    expect(
      existsSync(join(folders.state, 'sandboxes')) ? readdirSync(join(folders.state, 'sandboxes')) : [],
    ).toEqual([]);
  });

  it('nothing after it has ended, though something it started holds on', async () => {
    const running = exec(
      '-q',
      '--',
      'sh',
      '-c',
      "trap '' TERM; sh -c 'trap \"\" TERM; echo stubborn; sleep 300' & echo $$ $!; exit 3",
    );
    const [, other] = await family(running);
    expect(await running.ended).toMatchObject({ code: 3 });
    expect(runs(other)).toBe(false);
  });

  it.each(['SIGTERM', 'SIGHUP'] as const)('nothing after a %s to itself', async (signal) => {
    const running = exec('-q', '--', 'sh', '-c', FAMILY);
    const [command, other] = await family(running);
    running.child.kill(signal);
    await running.ended;
    expect([runs(command), runs(other)]).toEqual([false, false]);
  });

  it.runIf(process.platform === 'linux')(
    'nothing at a terminal, where it has no group of its own',
    async () => {
      const terminal = onTerminal(['sandbox', 'exec', '-q', '--', 'sh', '-c', FAMILY], secretly);
      const [, command, other] = await terminal.says(/^(\d+) (\d+)/m);
      process.kill(Number(command), 'SIGKILL');
      expect(await terminal.exited).toBe(137);
      expect(runs(Number(other))).toBe(false);
    },
  );

  it('its neighbours in a pipe stay', async () => {
    const result = await shell(`sk-connect sandbox exec -q -- sh -c 'echo one' | (cat; sleep 0.5; echo two)`);
    expect(result).toMatchObject({ code: 0, stdout: 'one\ntwo\n' });
  });

  it('what made itself a session of its own stays', async () => {
    const file = join(folders.cwd, 'daemon.pid');
    const script = `setsid sh -c 'echo $$ > ${file}; exec sleep 300' >/dev/null 2>&1 & while [ ! -s ${file} ]; do sleep 0.05; done`;
    const result = await ended(exec('-q', '--', 'sh', '-c', script));
    const pid = Number(readFileSync(file, 'utf8'));
    onTestFinished(() => void (runs(pid) && process.kill(pid, 'SIGKILL')));
    expect(result).toMatchObject({ code: 0 });
    expect(runs(pid)).toBe(true);
  });

  it('a reader that has gone ends it as it would the command', async () => {
    const result = await shell(`sk-connect sandbox exec -q -- seq 1 1000000 | head -1`);
    expect(result.stdout).toBe('1\n');
  });

  it('where it is killed itself, a state file can be used again at once', async () => {
    const flags = ['-q', '--state', 'killed.state', '--'];
    const first = exec(...flags, 'sh', '-c', 'echo $$ 0; exec sleep 300 >/dev/null 2>&1');
    // Nobody is left who could end it.
    await family(first);
    first.child.kill('SIGKILL');
    expect(await first.ended).toMatchObject({ signal: 'SIGKILL' });
    expect(await ended(exec(...flags, 'true'))).toMatchObject({ code: 0, stderr: '' });
  });
});
