import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { expectNoSecrets } from '../commands/secrets.ts';
import { useEnvironment } from '../commands/support/environment.ts';
import { json, neverAnswered, SERVED_TOOLS } from '../commands/support/tools-server.ts';
import { childEnv, folders, launch, PROGRAM, shell } from './support/program.ts';

vi.setConfig({ testTimeout: 30_000 });
const environment = useEnvironment();
const file = join(folders.home, 'served.yaml');
beforeAll(() => writeFile(file, SERVED_TOOLS));
afterAll(() => rm(file));
const SERVE = ['tools', 'serve', '--contracts', file, '-i', 'user_1'];

async function clientAt(transport: Transport): Promise<Client> {
  const client = new Client({ name: 'test', version: '1.0.0' });
  await client.connect(transport);
  onTestFinished(() => client.close());
  return client;
}

/** The program, started by the official client. */
function overStdio(argv: readonly string[]) {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [PROGRAM, ...argv],
    env: childEnv(environment.sandbox.env),
    cwd: folders.cwd,
    stderr: 'pipe',
  });
  let stderr = '';
  transport.stderr?.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  return { transport, stderr: () => stderr };
}

/** What every client does: list, call, call wrongly. */
async function goThrough(client: Client): Promise<void> {
  environment.rest.at('/notes', json('{"items":[{"id":"n1"}]}'));
  expect(client.getServerVersion()?.name).toBe('sk-connect');
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toEqual(['find_notes', 'add_note', 'list_ids']);
  expect(await client.callTool({ name: 'find_notes', arguments: { query: 'x' } })).toEqual({
    content: [{ type: 'text', text: '{"notes":[{"id":"n1"}]}' }],
    structuredContent: { notes: [{ id: 'n1' }] },
  });
  expect(await client.callTool({ name: 'find_notes', arguments: {} })).toMatchObject({ isError: true });
  await expect(client.callTool({ name: 'nothing' })).rejects.toMatchObject({ code: -32602 });
}

describe('tools serve', () => {
  it('over stdio serves the official client, and is gone when that has closed', async () => {
    const { transport, stderr } = overStdio(SERVE);
    const client = await clientAt(transport);
    const { pid } = transport;
    await goThrough(client);
    await client.close();
    expect(() => process.kill(pid ?? 0, 0)).toThrow('ESRCH');
    expect(stderr()).toMatch(/^find_notes: ok, \d+ ms$/m);
    expectNoSecrets(SERVE, [stderr()]);
  });

  it('breaks off what the client cancels, and serves on', async () => {
    const { arrived, hungUp } = neverAnswered(environment, '/ids');
    const { transport } = overStdio(SERVE);
    const client = await clientAt(transport);
    // The first request's id is 0, which the SDK takes for none when it is cancelled.
    await client.ping();
    const end = new AbortController();
    const call = client.callTool({ name: 'list_ids' }, undefined, { signal: end.signal });
    await arrived;
    end.abort('enough');
    await expect(call).rejects.toThrow('enough');
    await hungUp;
    await goThrough(client);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'over HTTP serves the official client, and stops on %s',
    async (signal) => {
      const { child, ended, says } = launch([...SERVE, '--http'], { env: environment.sandbox.env });
      const [url] = await says(/http:\S+/, 'stdout');
      await goThrough(await clientAt(new StreamableHTTPClientTransport(new URL(url))));
      child.kill(signal);
      const { code, signal: killedBy, stdout } = await ended;
      expect({ code, killedBy, stdout }).toEqual({ code: 0, killedBy: null, stdout: `${url}\n` });
    },
  );

  it.each(['SIGINT', 'SIGTERM'] as const)('over stdio stops on %s', async (signal) => {
    const { child, ended, says } = launch(SERVE, { env: environment.sandbox.env });
    await says(/mcpServers/);
    child.kill(signal);
    expect(await ended).toMatchObject({ code: 0, signal: null, stdout: '' });
  });

  it('answers what a script pipes in; a reader that goes ends it', async () => {
    const request = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';
    const line = `echo '${request}' | sk-connect tools serve --contracts '${file}'`;
    const answered = await shell(`${line} | head -c 40`);
    expect(answered).toMatchObject({ code: 0, stdout: '{"result":{"tools":[{"name":"find_notes"' });
    const endless = await shell(
      `yes '${request}' | sk-connect tools serve --contracts '${file}' -q | head -n 3; exit 0`,
    );
    expect(endless.stdout.trim().split('\n')).toHaveLength(3);
    expect(endless.stderr).not.toContain('    at ');
  });
});
