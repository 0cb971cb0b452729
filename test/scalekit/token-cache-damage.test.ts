import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type TokenCache } from '../../src/scalekit/token-cache.ts';
import { answering, useCacheFolder } from './cached-run.ts';
import { bytesOf, get, reads } from './client.ts';
import { scriptedServer } from './scripted-server.ts';

const cache = useCacheFolder();
const { run, onlyFile } = cache;

describe('a cache file that is not as it was written', () => {
  const good = {
    accessToken: 'planted-token',
    renewAt: Date.UTC(2100, 0, 1),
    secretSalt: '00',
    secretDigest: '0'.repeat(64),
  };
  it.each([
    ['empty', ''],
    ['half', JSON.stringify(good).slice(0, 40)],
    ['null', 'null'],
    ['a list', '[]'],
    ['a string', '"token"'],
    ['bytes', '\0\uFFFD\u0001'],
    ['somebody else’s JSON', '{"token":"x","expiry":1}'],
    ['of another secret', JSON.stringify(good)],
  ])('(%s) is ignored and replaced', async (_, content) => {
    const server = await scriptedServer(answering);
    await reads.ListTools(run(server));
    await writeFile(await onlyFile(), content);
    await reads.ListTools(run(server));
    expect(server.count('oauth/token')).toBe(2);
    await reads.ListTools(run(server));
    expect(server.count('oauth/token')).toBe(2);
    expect(server.attempts.some(({ headers }) => headers.authorization === 'Bearer planted-token')).toBe(
      false,
    );
  });

  it.each<[what: string, damage: object]>([
    ['a line break in its token', { accessToken: 'to\nken' }],
    ['an empty token', { accessToken: '' }],
    ['a token that no header carries', { accessToken: 'tok\u00e9n' }],
    ['a number for a token', { accessToken: 1 }],
    ['a time in words', { renewAt: '2100-01-01' }],
    ['a time in digits, but as text', { renewAt: String(Date.UTC(2100, 0, 1)) }],
    ['no time', { renewAt: null }],
    ['no digest', { secretDigest: undefined }],
    ['a short digest', { secretDigest: 'abc' }],
    ['a digest of other characters', { secretDigest: '\u00e9'.repeat(64) }],
    ['another salt', { secretSalt: '00' }],
    ['no salt', { secretSalt: undefined }],
  ])('(whole but for %s) is ignored and replaced', async (_, damage) => {
    const server = await scriptedServer(answering);
    await reads.ListTools(run(server));
    const path = await onlyFile();
    await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...damage }));
    await reads.ListTools(run(server));
    await reads.ListTools(run(server));
    expect(server.count('oauth/token')).toBe(2);
  });
});

describe('a cache that cannot be kept', () => {
  it('in a folder that cannot be made is no error', async () => {
    await writeFile(join(cache.folder, 'file'), '');
    cache.folder = join(cache.folder, 'file');
    const server = await scriptedServer(answering);
    await reads.ListTools(run(server));
    await reads.ListTools(run(server));
    expect(server.count('oauth/token')).toBe(2);
    cache.folder = join(cache.folder, '..');
  });

  it('gives a refused token no second chance, though it cannot be removed', async () => {
    const readOnly: TokenCache = {
      read: async () => ({ accessToken: 'revoked', renewAt: Date.now() + 600_000 }),
      write: async () => {},
      drop: async () => {},
    };
    const server = await scriptedServer(answering);
    const client = run(server, { tokenCache: readOnly });
    await reads.ListTools(client);
    await bytesOf(await client.request(get('/me')));
    const tokens = server.attempts.map(({ headers }) => headers.authorization);
    expect(tokens.filter((token) => token === 'Bearer revoked')).toHaveLength(1);
    expect(server.count('oauth/token')).toBe(1);
  });
});
