import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callHash, claimPart, dropPart, findPart, keepPart } from '../../../src/request/answer/part-file.ts';

let folder = '';
let path = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sk-connect-part-'));
  path = join(folder, 'file');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const call = callHash({ connectionName: 'c', identifier: 'i', method: 'GET', path: '/a?api_key=sesame' });
const part = { bytes: 3, call, etag: '"v1"' };
const kept = async (text: string) => {
  await writeFile(join(folder, 'own'), text);
  return keepPart(path, part, join(folder, 'own'));
};

describe('a part', () => {
  it('is found as it was kept, and says nothing of the path', async () => {
    expect(await kept('abc')).toBe(true);
    expect((await readdir(folder)).toSorted()).toEqual(['file.part', 'file.part.json']);
    expect(await findPart(path)).toEqual(part);
    expect(await readFile(`${path}.part.json`, 'utf8')).not.toContain('sesame');
  });

  it('is claimed by one', async () => {
    await kept('abc');
    const claims = await Promise.all(['1', '2', '3'].map((own) => claimPart(path, part, join(folder, own))));
    expect(claims.filter(Boolean)).toHaveLength(1);
    expect(await readdir(folder)).toEqual([String(claims.indexOf(true) + 1)]);
  });

  it('that is not what it was is left to whoever kept it', async () => {
    await kept('abc');
    expect(await claimPart(path, { ...part, etag: '"v0"' }, join(folder, 'own'))).toBe(false);
    expect(await findPart(path)).toEqual(part);
  });

  it('replaces the one before', async () => {
    await kept('old');
    expect(await kept('new')).toBe(true);
    expect(await readFile(`${path}.part`, 'utf8')).toBe('new');
  });

  it('replaces no file that somebody else called so', async () => {
    await writeFile(`${path}.part`, 'mine');
    expect(await kept('abc')).toBe(false);
    await dropPart(path);
    expect(await readFile(`${path}.part`, 'utf8')).toBe('mine');
    expect(await findPart(path)).toBeUndefined();
  });

  it.each([
    ['no note', 'abc', undefined],
    ['a note that is no JSON', 'abc', '{'],
    ['a note of something else', 'abc', '[]'],
    ['a note with an ETag that is none', 'abc', JSON.stringify({ ...part, etag: 7 })],
    ['a part of another size', 'abcd', JSON.stringify(part)],
  ])('is none with %s', async (_what, text, note) => {
    await writeFile(`${path}.part`, text);
    if (note !== undefined) await writeFile(`${path}.part.json`, note);
    expect(await findPart(path)).toBeUndefined();
  });

  it('is gone when it is dropped', async () => {
    await kept('abc');
    await dropPart(path);
    expect(await readdir(folder)).toEqual([]);
  });
});

it('callHash tells connections, users and paths apart', () => {
  const one = { connectionName: 'c', identifier: 'i', method: 'GET', path: '/a' };
  const hashes = [
    one,
    { ...one, connectionName: 'd' },
    { ...one, identifier: 'j' },
    { ...one, path: '/b' },
  ].map(callHash);
  expect(new Set(hashes).size).toBe(4);
  expect(callHash({ ...one })).toBe(hashes[0]);
});
