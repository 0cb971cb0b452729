import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Code, ConnectError } from '@connectrpc/connect';
import { ConnectedAccountService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import { ToolService } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/tools/tools_pb.js';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { folders, type RunOptions, run } from './run.ts';
import { useEnvironment } from './support/environment.ts';
import type { TestServer } from './support/http.ts';
import { scriptedEnv, scriptedScalekit } from './support/scripted.ts';

vi.setConfig({ testTimeout: 20_000 });

describe('what Scalekit lists', () => {
  let scalekit: TestServer;
  let metadata: () => object;
  let asked: object[];
  const tool = (name: string, scopes?: string[]) => {
    const definition = {
      name,
      description: name,
      input_schema: { type: 'object' },
      ...(scopes && { scopes }),
    };
    return { tool: { id: name, provider: 'p', definition }, connectedAccountId: 'ca_1' };
  };
  let tools: ReturnType<typeof tool>[];
  beforeAll(async () => {
    scalekit = await scriptedScalekit((router) => {
      router.service(ToolService, {
        listScopedTools: ({ filter }) => {
          const names = filter?.toolNames ?? [];
          const named = tools.filter(({ tool: { id } }) => names.length === 0 || names.includes(id));
          return { tools: named, nextPageToken: '', totalSize: named.length };
        },
      });
      router.service(ConnectedAccountService, {
        getConnectedAccountDetails: ({ id }) => {
          asked.push({ id });
          return metadata();
        },
      });
    });
  });
  afterAll(() => scalekit.close());
  const granting = (...scopes: string[]) => ({
    connectedAccount: {
      id: 'ca_1',
      authorizationDetails: { details: { case: 'oauthToken', value: { scopes } } },
    },
  });
  const list = (flags: string[], options: RunOptions = {}) =>
    run(['tools', 'list', '-c', 'c', '-i', 'u', '--no-color', ...flags], {
      env: scriptedEnv(scalekit),
      ...options,
    });
  const set = (given: { tools: typeof tools; metadata?: () => object }) => {
    asked = [];
    tools = given.tools;
    metadata = given.metadata ?? (() => granting('mail.read', 'profile'));
  };

  it('--json: what is missing, for tools that declare scopes', async () => {
    set({ tools: [tool('read', ['mail.read']), tool('send', ['mail.read', 'mail.send']), tool('other')] });
    const result = await list(['--json']);
    const { tools: listed } = result.json() as { tools: object[] };
    expect(listed).toMatchObject([
      { name: 'read', scopes: ['mail.read'], missingScopes: [] },
      { name: 'send', scopes: ['mail.read', 'mail.send'], missingScopes: ['mail.send'] },
      { name: 'other', scopes: null },
    ]);
    expect(listed[2]).not.toHaveProperty('missingScopes');
    expect(asked).toEqual([{ id: 'ca_1' }]);
    expect(result.stderr).toBe(
      '1 tool needs scopes that the account was not granted: send. Request them in the connection and authorize again.\n',
    );
  });

  it('a mark in the table, none in the rows of a pipe', async () => {
    set({ tools: [tool('read', ['mail.read']), tool('send', ['mail.send'])] });
    const table = await list([], { terminal: true, columns: 100 });
    expect(table.stdout).toMatch(/^read +builtin +read$/m);
    expect(table.stdout).toMatch(/^send +builtin +! not granted: mail\.send · send$/m);
    const rows = await list([]);
    expect(rows.stdout).toBe('read\tbuiltin\t\tread\nsend\tbuiltin\t\tsend\n');
    expect(rows.stderr).toContain('1 tool needs scopes');
  });

  it('tools show: declared, granted, missing', async () => {
    set({ tools: [tool('send', ['mail.read', 'mail.send'])] });
    const argv = ['tools', 'show', 'send', '-c', 'c', '-i', 'u'];
    const { stdout } = await run(argv, { env: scriptedEnv(scalekit) });
    expect(stdout).toContain(
      'scopes\tmail.read mail.send\ngranted\tmail.read profile\nnot granted\tmail.send\n',
    );
    const json = await run([...argv, '--json'], { env: scriptedEnv(scalekit) });
    expect(json.json()).toMatchObject({ missingScopes: ['mail.send'] });
  });

  it.each<[what: string, metadata: () => object]>([
    ['not told', () => ({ connectedAccount: { id: 'ca_1' } })],
    ['told as none', () => granting()],
    [
      'refused',
      () => {
        throw new ConnectError('no', Code.PermissionDenied);
      },
    ],
    [
      'not known to the server',
      () => {
        throw new ConnectError('what?', Code.Unimplemented);
      },
    ],
  ])('what was granted is %s: nothing is said', async (_what, metadata) => {
    set({ tools: [tool('send', ['mail.send'])], metadata });
    const result = await list(['--json']);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect((result.json() as { tools: object[] }).tools[0]).not.toHaveProperty('missingScopes');
  });

  it('no tool declares scopes: nothing is asked', async () => {
    set({ tools: [tool('a'), tool('b', [])] });
    await list(['--json']);
    expect(asked).toEqual([]);
  });
});

describe('custom tools, in the sandbox', () => {
  const environment = useEnvironment(({ token }) => ({
    accounts: [{ connection: 'rest', identifier: 'bearer', credentials: { token } }],
  }));
  beforeAll(async () => {
    const tool = (name: string, connection: string, scopes: string[]) => ({
      name,
      input_schema: { type: 'object', properties: {} },
      request: { connection, path: '/' },
      scopes,
    });
    writeFileSync(
      join(folders.cwd, 'scopes.json'),
      JSON.stringify({
        tools: [
          tool('notes_read', 'notes-demo', ['notes:read']),
          tool('notes_admin', 'notes-demo', ['notes:read', 'notes:admin']),
          tool('static', 'rest', ['any']),
        ],
      }),
    );
    await environment.run(['authorize', '-c', 'notes-demo', '-i', 'user_1', '--no-wait', '--json']);
    await environment.consent('notes-demo', 'user_1');
  });

  it('scopes granted in an authorization', async () => {
    const argv = ['tools', 'list', '--contracts', 'scopes.json', '-i', 'user_1', '--json'];
    const result = await environment.run(argv);
    expect((result.json() as { tools: object[] }).tools).toMatchObject([
      { name: 'notes_read', missingScopes: [] },
      { name: 'notes_admin', missingScopes: ['notes:admin'] },
      { name: 'static' },
    ]);
    expect(result.stderr).toContain('not granted: notes_admin.');
  });

  it('nobody in particular: nothing is known', async () => {
    const result = await environment.run(['tools', 'list', '--contracts', 'scopes.json', '--json']);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.stdout).not.toContain('missingScopes');
  });
});
