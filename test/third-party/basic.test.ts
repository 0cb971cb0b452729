import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AddressInfo, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { folders } from '../commands/run.ts';
import { connect, type Provider } from './support/provider.ts';

vi.setConfig({ testTimeout: 20_000, hookTimeout: 20_000 });

/** https://github.com/http-party/http-server 14: what of it is used here; it has no types. */
interface HttpServer {
  createServer(options: { root: string; username: string; password: string; cache: number; gzip: boolean }): {
    server: Server;
    listen(port: number, host: string, done: () => void): void;
    close(): void;
  };
}

const require = createRequire(import.meta.url);
const PASSWORD = 'pass:wörd of http-server';
let root: string;
let server: ReturnType<HttpServer['createServer']>;
let provider: Provider;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sk-connect-http-server-'));
  await writeFile(join(root, 'réport 1.txt'), '0123456789\r\n');
  await writeFile(join(root, 'data.json'), '{"id":9007199254740993}');
  const httpServer = require('http-server') as HttpServer;
  server = httpServer.createServer({ root, username: 'ann', password: PASSWORD, cache: 10, gzip: false });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  provider = await connect(
    `http://127.0.0.1:${port}`,
    { type: 'BASIC' },
    { username: 'ann', password: PASSWORD },
    { username: 'ann', password: 'another password' },
  );
});
afterAll(async () => {
  await provider.sandbox.close();
  server.close();
  await rm(root, { recursive: true });
});

describe('http-server behind Basic', () => {
  it('the right password, in UTF-8', async () => {
    const result = await provider.request(['/data.json', '--jq', '.id']);
    expect(result).toMatchObject({ exitCode: 0, stdout: '9007199254740993\n', stderr: '' });
  });

  it('the wrong one: its 401 is the provider’s', async () => {
    const result = await provider.requestAsStranger(['/data.json', '--json']);
    expect(result.exitCode).toBe(5);
    expect(result.json()).toMatchObject({
      status: 401,
      headers: { 'www-authenticate': expect.stringMatching(/^Basic /) },
    });
    expect(result.error()).toMatchObject({ code: 'provider_error', httpStatus: 401 });
    expect(result.error().message).toMatch(/^the provider /);
    expect(result.error().hint).toContain('sk-connect authorize -c provider -i stranger --force');
  });

  it('a name that is percent-encoded, into a file', async () => {
    const result = await provider.request(['/{name}', '--path', 'name=réport 1.txt', '--output', 'got.txt']);
    expect(result).toMatchObject({ exitCode: 0, stdout: '' });
    expect(await readFile(join(folders.cwd, 'got.txt'), 'utf8')).toBe('0123456789\r\n');
  });

  it('part of it, by a Range of the caller’s', async () => {
    const result = await provider.request([
      '/r%C3%A9port%201.txt',
      '-H',
      'Range: bytes=3-5',
      '--expect-status',
      '206',
      '--expect-header',
      'Content-Range: bytes 3-5/12',
    ]);
    expect(result).toMatchObject({ exitCode: 0, stdout: '345', stderr: '' });
  });

  it('HEAD, and a 304 for what has not changed', async () => {
    const head = await provider.request(['--head', '/data.json']);
    expect(head.exitCode).toBe(0);
    expect(head.stdout).toMatch(/^HTTP\/1\.1 200 OK\n[^]*\n\n$/);
    const etag = /^etag: (.+)$/im.exec(head.stdout)?.[1] ?? '';
    expect(etag).not.toBe('');
    const again = await provider.request(['/data.json', '-H', `If-None-Match: ${etag}`, '--include']);
    expect(again).toMatchObject({ exitCode: 0, stderr: '' });
    expect(again.stdout).toMatch(/^HTTP\/1\.1 304 Not Modified\n[^]*\n\n$/);
  });

  it('a page of HTML for what is missing', async () => {
    const result = await provider.request(['/nothing']);
    expect(result.exitCode).toBe(5);
    expect(result.stderr).toMatch(/^error: the provider answered 404 Not Found\n/);
  });
});
