import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { request } from 'undici';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { folders } from './run.ts';
import { useEnvironment } from './support/environment.ts';
import { connectTo, neverAnswered, SERVED_TOOLS } from './support/tools-server.ts';

vi.setConfig({ testTimeout: 20_000 });
const environment = useEnvironment();
const FILES = ['--contracts', 'tools.yaml'];
const USER = ['-i', 'user_1'];
beforeAll(() => writeFile(join(folders.cwd, 'tools.yaml'), SERVED_TOOLS));
const connected = (argv: readonly string[]) => connectTo(environment, argv);

describe('over HTTP', () => {
  it('prints its address, on stderr how to add it, and ends with Ctrl-C', async () => {
    const { url, finished, interrupt } = await connected([...FILES, ...USER]);
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/mcp$/);
    interrupt();
    const { exitCode, stdout, stderr } = await finished;
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: `${url}\n` });
    const [config = ''] = /^\{[^]*?^\}$/m.exec(stderr) ?? [];
    expect(JSON.parse(config)).toEqual({ mcpServers: { 'sk-connect': { type: 'http', url } } });
    await expect(fetch(url)).rejects.toThrow();
  });

  it('prints it as JSON', async () => {
    const running = environment.start(['tools', 'serve', ...FILES, '--http', '--json']);
    await running.says(/\n/, 'stdout');
    running.interrupt();
    const document = (await running.finished).json();
    expect(document).toEqual({ url: expect.stringMatching(/^http:\/\/127/), pid: process.pid });
  });

  const ping = (headers: Record<string, string> = {}) => ({
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
  });

  it('answers no page of the web that a browser was led here from', async () => {
    const { url } = await connected(FILES);
    const { port } = new URL(url);
    const answers = await Promise.all(
      [
        ping(),
        ping({ origin: `http://localhost:${port}` }),
        ping({ origin: 'https://evil.example' }),
        ping({ origin: 'null' }),
      ].map(async (init) => (await fetch(url, init)).status),
    );
    expect(answers).toEqual([200, 200, 403, 403]);
    expect(await statusFor(url, { host: 'evil.example' })).toBe(403);
    expect(await statusFor(url, { host: `localhost:${port}` })).toBe(200);
  });

  it('has one address, for POST', async () => {
    const { url } = await connected(FILES);
    expect((await fetch(url)).status).toBe(405);
    expect((await fetch(url, { method: 'DELETE' })).status).toBe(405);
    expect((await fetch(new URL('/', url), ping())).status).toBe(404);
    expect((await fetch(url, { ...ping(), body: '{' })).status).toBe(400);
  });

  it('a client that hangs up ends the call', async () => {
    const { url, says } = await connected([...FILES, ...USER]);
    const { arrived, hungUp } = neverAnswered(environment, '/ids');
    const end = new AbortController();
    const params = { name: 'list_ids', arguments: {} };
    const body = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params });
    const asking = fetch(url, { ...ping(), body, signal: end.signal });
    await arrived;
    end.abort();
    await expect(asking).rejects.toThrow();
    await hungUp;
    await says(/list_ids: cancelled/);
  });

  it.each([
    ['65536', 'It takes a port'],
    ['x', 'It takes a port'],
  ])('a port that is none: %s', async (port, message) => {
    const result = await environment.run(['tools', 'serve', ...FILES, '--http', port]);
    expect(result).toMatchObject({ exitCode: 2, stdout: '', stderr: expect.stringContaining(message) });
  });

  it('a port that is taken', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    onTestFinished(() => void server.close());
    const port = String((server.address() as AddressInfo).port);
    const result = await environment.run(['tools', 'serve', ...FILES, '--http', port, '--json']);
    expect(result.exitCode).toBe(2);
    expect(result.error().code).toBe('port_in_use');
  });
});

/** fetch sets the Host header itself. */
async function statusFor(url: string, headers: Record<string, string>): Promise<number> {
  const { statusCode, body } = await request(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...headers,
    },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
  });
  await body.dump();
  return statusCode;
}
