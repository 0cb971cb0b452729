import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { useEnvironment } from '../commands/support/environment.ts';
import { type McpApi, mcpApi } from '../commands/support/mcp.ts';
import { callTestTool, testTools, toolsConnector } from '../commands/support/tools.ts';
import { folders, onTerminal } from './support/program.ts';

vi.setConfig({ testTimeout: 30_000 });
let mcp: McpApi;
beforeAll(async () => {
  mcp = await mcpApi(
    [
      ...testTools,
      {
        name: 'asks',
        inputSchema: {
          type: 'object',
          properties: {
            id: { type: 'string', description: 'A text' },
            count: { type: 'integer' },
            sure: { type: 'boolean', description: 'Are you sure' },
            kind: { enum: ['plain', 'fancy'] },
          },
          required: ['id', 'count', 'sure', 'kind'],
        },
      },
    ],
    callTestTool,
  );
});
afterAll(() => mcp.close());
const environment = useEnvironment(() => ({
  connectors: [toolsConnector(mcp.url)],
  connections: [{ name: 'tools', connector: 'test-tools' }],
  accounts: [{ connection: 'tools', identifier: 'user_1' }],
}));
const open = (argv: string[], env: Record<string, string> = {}) =>
  onTerminal(argv, { env: { ...environment.sandbox.env, SSH_TTY: '/dev/pts/0', ...env } });

const DOWN = '\u001b[B';
const ENTER = '\r';
const CTRL_C = '\u0003';

describe('authorize', () => {
  it('waits with a spinner that says the state and the time left; Enter checks at once', async () => {
    const terminal = open(['authorize', '-c', 'notes-demo', '-i', 'pty_1', '-v']);
    await terminal.says(/http:\/\/127\.0\.0\.1:\d+\/magicLink\/\S+/);
    await terminal.says(
      /Waiting for pty_1 to authorize: PENDING_AUTH \(\d+ min \d+ s left, Enter checks now\)/,
    );
    // Left to itself, the sixth check would come after more than six seconds.
    const startedAt = performance.now();
    for (let check = 0; check < 6; check++) {
      terminal.pty.write(ENTER);
      await terminal.says(/← grpc \S+ListConnectedAccounts: OK/);
    }
    expect(performance.now() - startedAt).toBeLessThan(4_000);
    await environment.consent('notes-demo', 'pty_1');
    terminal.pty.write(ENTER);
    await terminal.says(/✓ pty_1 is ACTIVE on notes-demo/);
    expect(await terminal.exited).toBe(0);
    expect(terminal.raw()).toContain('\u001b[?25h');
  });

  it('Ctrl-C ends it with 130 and gives the cursor back', async () => {
    const terminal = open(['authorize', '-c', 'notes-demo', '-i', 'pty_2']);
    await terminal.says(/Waiting for pty_2/);
    terminal.pty.write(CTRL_C);
    await terminal.says(/error: interrupted/);
    expect(await terminal.exited).toBe(130);
    expect(terminal.raw().lastIndexOf('\u001b[?25h')).toBeGreaterThan(
      terminal.raw().lastIndexOf('\u001b[?25l'),
    );
  });

  it('opens the browser, but not with --no-open, over SSH or in CI', async () => {
    const bin = join(folders.home, 'bin');
    const opened = join(folders.home, 'opened');
    await mkdir(bin);
    await writeFile(join(bin, 'xdg-open'), `#!/bin/sh\necho "$1" >> '${opened}'\n`);
    await chmod(join(bin, 'xdg-open'), 0o755);
    const env = { PATH: `${bin}:${process.env['PATH']}`, SSH_TTY: '' };
    const links = async () => (await readFile(opened, 'utf8').catch(() => '')).split('\n').filter(Boolean);
    const argv = ['authorize', '-c', 'notes-demo', '-i', 'pty_3'];
    for (const [flags, more] of [
      [['--no-open'], {}],
      [[], { SSH_CONNECTION: '10.0.0.1 1 10.0.0.2 22' }],
      [['--wait'], { CI: 'true' }],
    ] as const) {
      const terminal = open([...argv, ...flags], { ...env, ...more });
      await terminal.says(/Waiting for pty_3/);
      terminal.pty.write(CTRL_C);
      expect(await terminal.exited).toBe(130);
    }
    const terminal = open(argv, env);
    const [link] = await terminal.says(/http:\/\/127\.0\.0\.1:\d+\/magicLink\/\S+/);
    await vi.waitFor(async () => expect(await links()).toEqual([link]), { timeout: 5_000, interval: 20 });
    terminal.pty.write(CTRL_C);
    expect(await terminal.exited).toBe(130);
  });
});

describe('what is missing is picked', () => {
  it('a connection by typing, an identifier from those there are', async () => {
    const terminal = open(['status', '--json']);
    expect(await terminal.exited).toBe(4);
    const picking = open(['request', '/nowhere']);
    await picking.says(/\? Connection/);
    picking.pty.write('res');
    await picking.says(/❯ rest/);
    picking.pty.write(ENTER);
    await picking.says(/\? Identifier of the user/);
    await picking.says(/expired/);
    picking.pty.write('user_');
    await picking.says(/❯ user_1\s+user_ \(new\)/);
    picking.pty.write(ENTER);
    await picking.says(/error: the provider answered 404/);
    expect(await picking.exited).toBe(5);
  });

  it('an identifier that is new is taken as typed', async () => {
    const terminal = open(['authorize', '-c', 'tools']);
    await terminal.says(/\? Identifier of the user/);
    terminal.pty.write('brand_new');
    await terminal.says(/brand_new \(new\)/);
    terminal.pty.write(ENTER);
    await terminal.says(/✓ brand_new is ACTIVE on tools/);
    expect(await terminal.exited).toBe(0);
  });

  it('Ctrl-C at the list ends it with 130', async () => {
    const terminal = open(['request', '/nowhere']);
    await terminal.says(/\? Connection/);
    terminal.pty.write(CTRL_C);
    expect(await terminal.exited).toBe(130);
    expect(terminal.text()).not.toContain('    at ');
  });

  it('--timeout ends a prompt with 6', async () => {
    const terminal = open(['request', '/nowhere', '--timeout', '1']);
    await terminal.says(/\? Connection/);
    await terminal.says(/not done after 1 s/);
    expect(await terminal.exited).toBe(6);
  });

  it.each([['--no-input'], ['--json']])('nothing is asked with %s', async (flag) => {
    const terminal = open(['request', '/nowhere', flag]);
    await terminal.says(/SCALEKIT_CONNECTION_NAME/);
    expect(await terminal.exited).toBe(2);
  });
});

describe('tools exec', () => {
  it('asks for what the schema requires, each in its way', async () => {
    mcp.calls.length = 0;
    const terminal = open(['tools', 'exec', 'c-tools_asks', '-c', 'tools', '-i', 'user_1', '--yes']);
    await terminal.says(/id \(A text\) \[string\]/);
    terminal.pty.write(`007${ENTER}`);
    await terminal.says(/count \[integer\]/);
    terminal.pty.write(`12${ENTER}`);
    await terminal.says(/sure \(Are you sure\)/);
    terminal.pty.write(`y${ENTER}`);
    await terminal.says(/kind/);
    await terminal.says(/fancy/);
    terminal.pty.write(`${DOWN}${ENTER}`);
    await terminal.says(/execution exec_\d+/);
    expect(await terminal.exited).toBe(0);
    expect(mcp.calls).toEqual([
      { name: 'asks', arguments: { id: '007', count: 12, sure: true, kind: 'fancy' } },
    ]);
  });

  it('asks only for what is missing; Ctrl-C executes nothing', async () => {
    mcp.calls.length = 0;
    const argv = [
      'tools',
      'exec',
      'c-tools_asks',
      '-c',
      'tools',
      '-i',
      'user_1',
      '-p',
      'id=a',
      '-p',
      'kind=plain',
    ];
    const terminal = open(argv);
    await terminal.says(/count \[integer\]/);
    expect(terminal.text()).not.toContain('[string]');
    terminal.pty.write(CTRL_C);
    expect(await terminal.exited).toBe(130);
    expect(mcp.calls).toEqual([]);
  });
});

describe('status', () => {
  it('--watch redraws until Ctrl-C', async () => {
    const { control } = environment.sandbox;
    control.setAccountStatus('rest', 'expired', 'EXPIRED');
    const terminal = open(['status', '-c', 'rest', '--watch']);
    await terminal.says(/expired +EXPIRED/);
    control.setAccountStatus('rest', 'expired', 'DISCONNECTED');
    await terminal.says(/expired +DISCONNECTED/);
    terminal.pty.write(CTRL_C);
    expect(await terminal.exited).toBe(130);
    // Drawn over, not below: lines were erased.
    expect(terminal.raw()).toContain('\u001b[2K');
  });

  it('--wait-for turns a spinner, and leaves only the result', async () => {
    const { control } = environment.sandbox;
    control.setAccountStatus('rest', 'expired', 'EXPIRED');
    const terminal = open(['status', '-c', 'rest', '-i', 'expired', '--wait-for', 'ACTIVE']);
    await terminal.says(/Waiting for ACTIVE: 0 of 1 account/);
    control.setAccountStatus('rest', 'expired', 'ACTIVE');
    await terminal.says(/expired +ACTIVE/);
    expect(await terminal.exited).toBe(0);
    control.setAccountStatus('rest', 'expired', 'EXPIRED');
  });

  it('a table in colour, as wide as the terminal', async () => {
    const terminal = open(['status', '-c', 'rest', '-i', 'user_1']);
    expect(await terminal.exited).toBe(0);
    expect(terminal.raw()).toContain('\u001b[32mACTIVE');
    const plain = open(['status', '-c', 'rest', '-i', 'user_1', '--no-color']);
    expect(await plain.exited).toBe(0);
    expect(plain.raw()).not.toContain('\u001b[3');
  });
});
