import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { writePrivateFile } from '../../src/config/private-file.ts';

let folder = '';

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sk-connect-test-'));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

it('makes the folders 0700 and the file 0600, whatever the umask', async () => {
  const before = process.umask(0);
  try {
    await writePrivateFile(join(folder, 'a', 'b', 'file.json'), 'x');
  } finally {
    process.umask(before);
  }
  expect(await modeOf(join(folder, 'a'))).toBe(0o700);
  expect(await modeOf(join(folder, 'a', 'b'))).toBe(0o700);
  expect(await modeOf(join(folder, 'a', 'b', 'file.json'))).toBe(0o600);
});

it('replaces a file that others could read with one that they cannot', async () => {
  const path = join(folder, 'file');
  await writeFile(path, 'a much longer content than the new one', { mode: 0o644 });
  await chmod(path, 0o644);
  await writePrivateFile(path, 'new');
  expect(await readFile(path, 'utf8')).toBe('new');
  expect(await modeOf(path)).toBe(0o600);
});

it('replaces a link, and leaves what it led to as it was', async () => {
  await writeFile(join(folder, 'target'), 'theirs');
  await symlink(join(folder, 'target'), join(folder, 'link'));
  await writePrivateFile(join(folder, 'link'), 'ours');
  expect(await readFile(join(folder, 'target'), 'utf8')).toBe('theirs');
  expect(await readFile(join(folder, 'link'), 'utf8')).toBe('ours');
});

it.each([
  ['a folder of its name', async (path: string) => mkdir(path)],
  [
    'a folder of its name that is not empty',
    async (path: string) => {
      await mkdir(path);
      await writeFile(join(path, 'x'), '');
    },
  ],
])('rejects where there is %s, and leaves nothing behind', async (_, occupy) => {
  const path = join(folder, 'file');
  await occupy(path);
  await expect(writePrivateFile(path, 'x')).rejects.toMatchObject({
    code: expect.stringMatching(/^(EISDIR|ENOTEMPTY|EEXIST|EPERM)$/) as unknown,
  });
  expect(await readdir(folder)).toEqual(['file']);
});

it('rejects where the folder cannot be made', async () => {
  await writeFile(join(folder, 'file'), '');
  await expect(writePrivateFile(join(folder, 'file', 'x'), '')).rejects.toMatchObject({
    code: expect.stringMatching(/^(ENOTDIR|EEXIST)$/) as unknown,
  });
  expect(await readdir(folder)).toEqual(['file']);
});

it('shows a reader one whole content or another, while many write at once', async () => {
  const path = join(folder, 'file');
  const contents = Array.from({ length: 60 }, (_, index) => String(index % 10).repeat(1 + index * 997));
  await writePrivateFile(path, '0');
  const writers = { areDone: false };
  const writing = Promise.all(contents.map((content) => writePrivateFile(path, content))).finally(() => {
    writers.areDone = true;
  });
  const whole = new Set([...contents, '0']);
  let reads = 0;
  while (!writers.areDone) {
    expect(whole.has(await readFile(path, 'utf8'))).toBe(true);
    reads++;
  }
  await writing;
  expect(reads).toBeGreaterThan(0);
  expect(whole.has(await readFile(path, 'utf8'))).toBe(true);
  expect(await readdir(folder)).toEqual(['file']);
});
