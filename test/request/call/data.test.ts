import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, open, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { dataContent } from '../../../src/request/call/data.ts';
import { bytesOf, folder, readingOf, usageErrorOf } from './reading.ts';

const ONCE = { hasType: false, mustRepeat: false };
const MEBIBYTE = 1024 * 1024;

async function bodyOf(value: string, stdin?: string | Uint8Array | PassThrough, options = ONCE) {
  const { body } = await dataContent(readingOf(stdin), value, options);
  if (body === undefined) throw new Error('there is no body');
  return body;
}

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  await writeFile(join(folder, name), content);
  return `@${name}`;
}

describe('-d TEXT', () => {
  it.each([
    ['{"a": 1.0}', 'application/json'],
    ['plain é', 'text/plain; charset=utf-8'],
    ['', 'text/plain; charset=utf-8'],
    [' - ', 'text/plain; charset=utf-8'],
  ])('%j as it is, as %s', async (text, type) => {
    const body = await bodyOf(text);
    expect((await bytesOf(body.data)).toString()).toBe(text);
    expect(body).toMatchObject({ contentType: type, source: { kind: 'bytes', bytes: Buffer.from(text) } });
  });
});

describe('-d @file', () => {
  it('a small one is held whole', async () => {
    const body = await bodyOf(await fileOf('small.json', '{"a": 1}\r\n'));
    expect(body).toEqual({
      data: Buffer.from('{"a": 1}\r\n'),
      contentType: 'application/json',
      source: { kind: 'file', name: 'small.json', path: join(folder, 'small.json'), length: 10 },
    });
  });

  it.each([
    ['JSON', Buffer.from(`[${'"é",'.repeat(MEBIBYTE)}1]`), 'application/json'],
    ['JSON that is cut off', Buffer.from(`[${'"é",'.repeat(MEBIBYTE)}1`), 'text/plain; charset=utf-8'],
    ['bytes', Buffer.alloc(3 * MEBIBYTE, 0xff), 'application/octet-stream'],
  ])('a large one is streamed, its length known: %s', async (_what, content, type) => {
    const { data, contentType } = await bodyOf(await fileOf('large', content));
    expect(data).toMatchObject({ length: content.length, isRepeatable: true });
    expect(contentType).toBe(type);
    expect((await bytesOf(data)).equals(content)).toBe(true);
    expect((await bytesOf(data)).equals(content)).toBe(true);
  });

  it('a large one whose type is given is not looked at', async () => {
    const name = await fileOf('typed', Buffer.alloc(2 * MEBIBYTE, 'a'));
    expect(await bodyOf(name, '', { ...ONCE, hasType: true })).not.toHaveProperty('contentType');
  });

  it.each([
    ['longer', (path: string) => appendFile(path, 'more')],
    ['shorter', (path: string) => truncate(path, 2 * MEBIBYTE)],
  ])('one that has become %s is not sent as another length', async (_how, change) => {
    const path = join(folder, 'changing');
    const { data } = await bodyOf(await fileOf('changing', Buffer.alloc(3 * MEBIBYTE, 'a')));
    await change(path);
    const error = await usageErrorOf(() => bytesOf(data));
    expect(error).toMatchObject({ code: 'file_changed' });
    expect(error.message).toContain('changing changed its length while it was sent');
  });

  it('one that grows under the reader never gives more bytes than were announced', async () => {
    const { data } = await bodyOf(await fileOf('growing', Buffer.alloc(2 * MEBIBYTE, 'a')));
    if (data instanceof Uint8Array) throw new Error('it is not streamed');
    const file = await open(join(folder, 'growing'), 'a');
    let count = 0;
    const error = await usageErrorOf(async () => {
      for await (const chunk of data.open()) {
        count += (chunk as Buffer).length;
        await file.write(Buffer.alloc(300_000, 'b'));
      }
    });
    await file.close();
    expect(error.code).toBe('file_changed');
    expect(count).toBeLessThanOrEqual(2 * MEBIBYTE);
  });

  it('one that is gone when it is sent', async () => {
    const { data } = await bodyOf(await fileOf('gone', Buffer.alloc(2 * MEBIBYTE, 'a')));
    execFileSync('rm', [join(folder, 'gone')]);
    expect((await usageErrorOf(() => bytesOf(data))).message).toContain('-d/--data: gone cannot be read');
  });

  it('a named pipe is read once, its length unknown where it is long', async () => {
    const path = join(folder, 'pipe');
    execFileSync('mkfifo', [path]);
    const content = Buffer.alloc(3 * MEBIBYTE, 'a');
    const written = writeFile(path, content);
    const { data, source } = await bodyOf('@pipe');
    expect(source).toMatchObject({ kind: 'file', length: undefined });
    expect(data).toMatchObject({ isRepeatable: false });
    expect(data).not.toHaveProperty('length');
    expect((await bytesOf(data)).equals(content)).toBe(true);
    await written;
  });

  it.each([
    ['missing', '@missing.json', 'missing.json cannot be read: ENOENT', 'Name a file that exists'],
    ['a folder', '@folder', 'folder cannot be read: it is a folder', 'Name a file'],
    ['nameless', '@', 'no file is named behind @', '@file'],
    ['one that the shell left alone', '@~/x', '~/x cannot be read', '$HOME'],
  ])('%s', async (_what, value, message, hint) => {
    await mkdir(join(folder, 'folder'), { recursive: true });
    const error = await usageErrorOf(() => bodyOf(value));
    expect(error.message).toContain(`-d/--data: ${message}`);
    expect(error.hint).toContain(hint);
  });
});

describe('-d -', () => {
  it.each(['-', '@-'])('%s: what is short is held, its length known', async (value) => {
    const body = await bodyOf(value, '{"a":1}');
    expect(body).toEqual({
      data: Buffer.from('{"a":1}'),
      contentType: 'application/json',
      source: { kind: 'stdin' },
    });
  });

  it.each([
    ['JSON', '"', 'application/json'],
    ['text', 'a', 'text/plain; charset=utf-8'],
    ['bytes', Buffer.from([0xff]), 'application/octet-stream'],
  ])('what is long is streamed, its type told from its beginning: %s', async (_what, begin, type) => {
    const content = Buffer.concat([Buffer.from(begin), Buffer.alloc(3 * MEBIBYTE, 'a')]);
    const stdin = new PassThrough();
    stdin.write(content.subarray(0, 2 * MEBIBYTE));
    const { data, contentType } = await bodyOf('-', stdin);
    expect(contentType).toBe(type);
    expect(data).toMatchObject({ isRepeatable: false });
    stdin.end(content.subarray(2 * MEBIBYTE));
    expect((await bytesOf(data)).equals(content)).toBe(true);
  });

  it('with a type given nothing is waited for', async () => {
    const stdin = new PassThrough();
    const { data } = await bodyOf('-', stdin, { ...ONCE, hasType: true });
    stdin.end('later');
    expect((await bytesOf(data)).toString()).toBe('later');
  });

  it('what may have to be sent again is held whole', async () => {
    const content = Buffer.alloc(3 * MEBIBYTE, 'a');
    const { data } = await bodyOf('-', content, { hasType: true, mustRepeat: true });
    expect(Buffer.from(data as Uint8Array).equals(content)).toBe(true);
  });

  it.each([false, true])('one that breaks off names the option, its type given: %s', async (hasType) => {
    const stdin = new PassThrough();
    setImmediate(() => stdin.destroy(new Error('EIO: i/o error')));
    const error = await usageErrorOf(async () => {
      const { data } = await bodyOf('-', stdin, { ...ONCE, hasType });
      await bytesOf(data);
    });
    expect(error.message).toBe('-d/--data: stdin cannot be read: EIO: i/o error');
  });

  it('Ctrl-C ends the wait, with its own reason', async () => {
    const ctrlC = new AbortController();
    const reading = readingOf(new PassThrough(), 'linux', ctrlC.signal);
    const waiting = dataContent(reading, '-', ONCE);
    const reason = new Error('interrupted');
    ctrlC.abort(reason);
    await expect(waiting).rejects.toBe(reason);
  });
});
