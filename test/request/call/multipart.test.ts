import { execFileSync } from 'node:child_process';
import { appendFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { multipartContent } from '../../../src/request/call/multipart.ts';
import { bytesOf, folder, readingOf, usageErrorOf } from './reading.ts';

interface Given {
  stdin?: string | PassThrough;
  givenType?: string;
  mustRepeat?: boolean;
  platform?: NodeJS.Platform;
}

async function bodyOf(
  parts: readonly string[],
  { stdin, givenType, mustRepeat = false, platform }: Given = {},
) {
  const { body } = await multipartContent(readingOf(stdin, platform), parts, { givenType, mustRepeat });
  if (body === undefined || body.data instanceof Uint8Array) throw new Error('it is no stream');
  return { ...body, data: body.data };
}

/** What Node's own parser makes of it. */
async function parsed(parts: readonly string[], given?: Given) {
  const { data, contentType = '' } = await bodyOf(parts, given);
  const bytes = await bytesOf(data);
  if (data.length !== undefined) expect(bytes.length).toBe(data.length);
  const form = await new Response(bytes, { headers: { 'content-type': contentType } }).formData();
  const read = async ([name, value]: [string, FormDataEntryValue]) =>
    typeof value === 'string'
      ? { name, value }
      : { name, filename: value.name, type: value.type, bytes: Buffer.from(await value.arrayBuffer()) };
  return Promise.all(Array.from(form as unknown as Iterable<[string, FormDataEntryValue]>, read));
}

type FormDataEntryValue = string | { name: string; type: string; arrayBuffer(): Promise<ArrayBuffer> };

describe('--form', () => {
  it('fields in their order, repeated ones repeated', async () => {
    expect(await parsed(['b=2', 'a=', 'b=é "x"', 'at=@@home'])).toEqual([
      { name: 'b', value: '2' },
      { name: 'a', value: '' },
      { name: 'b', value: 'é "x"' },
      { name: 'at', value: '@home' },
    ]);
  });

  it('files byte for byte, their type told from their name', async () => {
    const everyByte = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
    await writeFile(join(folder, 'dot.png'), everyByte);
    await writeFile(join(folder, 'none'), '');
    expect(
      await parsed(['a=@dot.png', 'b=@none', 'c=@dot.png;type=text/csv;filename=日本 "1";x.csv']),
    ).toEqual([
      { name: 'a', filename: 'dot.png', type: 'image/png', bytes: everyByte },
      { name: 'b', filename: 'none', type: 'application/octet-stream', bytes: Buffer.alloc(0) },
      { name: 'c', filename: '日本 "1";x.csv', type: 'text/csv', bytes: everyByte },
    ]);
  });

  it('the bytes themselves', async () => {
    await writeFile(join(folder, 'a b.txt'), 'inside\n');
    const { data, contentType = '' } = await bodyOf(['t"\r\n=x\ny', 'f=@a b.txt']);
    const boundary = /^multipart\/form-data; boundary=(----sk-connect-[0-9a-f]{32})$/.exec(contentType)?.[1];
    expect((await bytesOf(data)).toString()).toBe(
      [
        `--${boundary}`,
        'Content-Disposition: form-data; name="t%22%0D%0A"',
        '',
        'x',
        'y',
        `--${boundary}`,
        'Content-Disposition: form-data; name="f"; filename="a b.txt"',
        'Content-Type: text/plain',
        '',
        'inside\n',
        `--${boundary}--`,
        '',
        '',
      ].join('\r\n'),
    );
  });

  it('a large file is streamed, the length of the whole known before', async () => {
    const content = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => index % 251));
    await writeFile(join(folder, 'large.bin'), content);
    const { data, source } = await bodyOf(['a=@large.bin']);
    expect(data).toMatchObject({ length: expect.any(Number), isRepeatable: true });
    expect(source).toEqual({
      kind: 'multipart',
      parts: [
        {
          name: 'a',
          value: {
            name: 'large.bin',
            path: join(folder, 'large.bin'),
            length: 3_000_000,
            filename: 'large.bin',
            type: 'application/octet-stream',
          },
        },
      ],
    });
    const [part] = await parsed(['a=@large.bin']);
    expect(part?.bytes?.equals(content)).toBe(true);
    await appendFile(join(folder, 'large.bin'), 'x');
    expect((await usageErrorOf(() => bytesOf(data))).code).toBe('file_changed');
  });

  it('large chunks from stdin arrive as they are', async () => {
    const whole = Buffer.from(Array.from({ length: 400_000 }, (_, index) => index % 251));
    const stdin = new PassThrough();
    stdin.end(whole.subarray(1000));
    const [part] = await parsed(['a=@-;filename=x'], { stdin });
    expect(part?.bytes?.equals(whole.subarray(1000))).toBe(true);
  });

  it('stdin has no length, unless it may have to be sent again', async () => {
    const once = await bodyOf(['a=@-'], { stdin: 'piped' });
    expect(once.data).toMatchObject({ isRepeatable: false });
    expect(once.data).not.toHaveProperty('length');
    expect(once.source).toMatchObject({ parts: [{ name: 'a', value: { name: '-', filename: '-' } }] });
    const again = await bodyOf(['a=@-'], { stdin: 'piped', mustRepeat: true });
    expect(again.data).toMatchObject({ isRepeatable: true, length: expect.any(Number) });
    const first = await bytesOf(again.data);
    expect(first.toString()).toContain('\r\n\r\npiped\r\n');
    expect((await bytesOf(again.data)).equals(first)).toBe(true);
  });

  it('a named pipe has no length either', async () => {
    execFileSync('mkfifo', [join(folder, 'pipe.csv')]);
    const written = writeFile(join(folder, 'pipe.csv'), 'a,b');
    expect(await parsed(['a=@pipe.csv'])).toMatchObject([
      { filename: 'pipe.csv', type: 'text/csv', bytes: Buffer.from('a,b') },
    ]);
    await written;
  });

  it('a Windows path has its last part for a name', async () => {
    await writeFile(join(folder, 'C:\\x\\y.png'), 'x');
    expect(await parsed(['a=@C:\\x\\y.png'], { platform: 'win32' })).toMatchObject([{ filename: 'y.png' }]);
  });

  it('a multipart type that is given takes the boundary', async () => {
    const { contentType } = await bodyOf(['a=1'], { givenType: 'multipart/mixed' });
    expect(contentType).toMatch(/^multipart\/mixed; boundary=----sk-connect-/);
  });

  it.each([
    [['a=@missing.png'], undefined, '--form a: missing.png cannot be read: ENOENT'],
    [['a=@.'], undefined, '--form a: . cannot be read: it is a folder'],
    [['a=@'], undefined, '--form a: no file is named'],
    [['a=1'], 'application/json', '-H says application/json'],
    [['a=1'], 'multipart/form-data; boundary=x', '-H says multipart/form-data; boundary=x'],
  ])('%j beside %s is refused: %s', async (parts, givenType, message) => {
    const given = givenType === undefined ? {} : { givenType };
    const error = await usageErrorOf(() => bodyOf(parts, given));
    expect(error.message).toContain(message);
    expect(error.hint).toBeDefined();
  });
});
