import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { createTokenCache } from '../../src/scalekit/token-cache.ts';
import { refusedByScalekit } from './answers.ts';
import { answering, useCacheFolder } from './cached-run.ts';
import { bytesOf, executeTool, failureOf, get, reads } from './client.ts';
import { CLIENT_ID, CLIENT_SECRET, scriptedServer } from './scripted-server.ts';

const cache = useCacheFolder();
const { run, onlyFile } = cache;

describe('the cached token', () => {
  it('is used by the next run, gRPC or proxied', async () => {
    const server = await scriptedServer(answering);
    await reads.ListTools(run(server));
    await reads.ListTools(run(server));
    await bytesOf(await run(server).request(get('/me')));
    expect(server.kinds()).toEqual(['oauth/token', 'ListTools', 'ListTools', 'proxy']);
  });

  it('lies in a file of 0600 in a folder of 0700, and neither holds the secret', async () => {
    const server = await scriptedServer(answering);
    await reads.ListTools(run(server));
    const path = await onlyFile();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
    expect((await stat(join(cache.folder, 'tokens'))).mode & 0o777).toBe(0o700);
    expect(await readFile(path, 'utf8')).not.toContain(CLIENT_SECRET);
    expect(path).not.toContain(CLIENT_ID);
  });

  it('belongs to one environment', async () => {
    const [one, other] = await Promise.all([scriptedServer(answering), scriptedServer(answering)]);
    await reads.ListTools(run(one));
    await reads.ListTools(run(other));
    expect(other.count('oauth/token')).toBe(1);
    expect(await readdir(join(cache.folder, 'tokens'))).toHaveLength(2);
  });

  it.each([
    ['client id', { clientId: 'skc_other' }],
    ['client secret', { clientSecret: 'another-secret' }],
  ])('is not used with another %s, which Scalekit then gets to judge', async (_, other) => {
    const server = await scriptedServer(answering);
    await reads.ListTools(run(server));
    expect(await failureOf(reads.ListTools(run(server, other)))).toMatchObject({ kind: 'credentials' });
    expect(server.kinds()).toEqual(['oauth/token', 'ListTools', 'oauth/token']);
  });

  it('is not used when it has expired, nor shortly before', async () => {
    const start = Date.UTC(2030, 0, 1);
    vi.useFakeTimers({ toFake: ['Date'], now: start });
    const server = await scriptedServer({ ...answering, tokenLifetimeS: 600 });
    const signIns: number[] = [];
    for (const seconds of [0, 539, 541, 2000]) {
      vi.setSystemTime(start + seconds * 1000);
      await reads.ListTools(run(server));
      signIns.push(server.count('oauth/token'));
    }
    expect(signIns).toEqual([1, 1, 2, 3]);
  });

  it('is dropped and replaced when gRPC refuses it', async () => {
    const server = await scriptedServer(answering);
    await reads.ListTools(run(server));
    server.accepted.clear();
    await reads.ListTools(run(server));
    expect(server.count('oauth/token')).toBe(2);
    expect(await readFile(await onlyFile(), 'utf8')).toContain('issued-token-2');
  });

  it('is dropped when the proxy refuses it, the new one too', async () => {
    const server = await scriptedServer({ proxy: refusedByScalekit(401, 16, 'no') });
    await bytesOf(await run(server).request(get('/me')));
    expect(server.count('oauth/token')).toBe(2);
    expect(await readdir(join(cache.folder, 'tokens'))).toEqual([]);
  });

  it('is not dropped when another process has replaced it meanwhile', async () => {
    const server = await scriptedServer(answering);
    const environment = { envUrl: server.origin, clientId: CLIENT_ID, clientSecret: CLIENT_SECRET };
    const otherProcess = createTokenCache(cache.folder, environment);
    const newer = { accessToken: 'newer', renewAt: Date.now() + 60_000 };
    await otherProcess.write(newer);
    await otherProcess.drop('older');
    expect(await otherProcess.read()).toEqual(newer);
    await otherProcess.drop('newer');
    expect(await otherProcess.read()).toBeUndefined();
  });

  it('is not written where caching is off', async () => {
    const server = await scriptedServer(answering);
    await reads.ListTools(run(server, { tokenCache: undefined }));
    await reads.ListTools(run(server, { tokenCache: undefined }));
    expect(server.count('oauth/token')).toBe(2);
    expect(await readdir(cache.folder)).toEqual([]);
  });
});

describe('a tool, which is sent once', () => {
  it('is not sent with a cached token that nothing has proven', async () => {
    const server = await scriptedServer(answering);
    await reads.ListTools(run(server));
    server.accepted.clear();
    await executeTool(run(server));
    expect(server.kinds().slice(2)).toEqual(['oauth/token', 'ExecuteTool']);
  });

  it('is sent with a cached token that a call of this run has proven', async () => {
    const server = await scriptedServer(answering);
    await reads.ListTools(run(server));
    const client = run(server);
    await reads.ListTools(client);
    await executeTool(client);
    expect(server.count('oauth/token')).toBe(1);
  });

  it('waits for a proven token also when another call reads the cache at the same time', async () => {
    const server = await scriptedServer(answering);
    await reads.ListTools(run(server));
    const seen = server.attempts.length;
    server.accepted.clear();
    const client = run(server);
    await Promise.all([reads.ListTools(client), executeTool(client)]);
    expect(server.attempts.slice(seen).filter(({ kind }) => kind === 'ExecuteTool')).toHaveLength(1);
  });
});
