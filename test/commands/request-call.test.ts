import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { folders, type RunOptions } from './run.ts';
import { useEnvironment } from './support/environment.ts';
import { ACCOUNT, sendingIn } from './support/sending.ts';

vi.setConfig({ testTimeout: 20_000 });
const environment = useEnvironment();
const { sentTo, refused } = sendingIn(environment);
const sent = (argv: readonly string[], options?: RunOptions) => sentTo('/echo', argv, options);

describe('the method', () => {
  it.each([
    [['-X', 'patch', '/echo'], 'PATCH'],
    [['PUT', '/echo', '-X', 'PUT'], 'PUT'],
    [['PROPFIND', '/echo'], 'PROPFIND'],
    [['PURGE', '/echo'], 'PURGE'],
    [['m-search', '/echo'], 'M-SEARCH'],
    [['OPTIONS', '/echo'], 'OPTIONS'],
    [['/echo', '-f', 'a=1'], 'POST'],
    [['/echo', '--form', 'a=1'], 'POST'],
    [['/echo', '--urlencoded', 'a=1'], 'POST'],
  ])('%j is %s', async (argv, method) => {
    expect((await sent(argv)).method).toBe(method);
  });

  it('--head sends a HEAD', async () => {
    const { rest } = environment;
    rest.at('/echo', (_request, response) => response.end());
    rest.received.length = 0;
    await environment.run(['request', '/echo', '--head', ...ACCOUNT]);
    expect(rest.received.map(({ method }) => method)).toEqual(['HEAD']);
  });
});

describe('the address', () => {
  it('templates, the query of the path and -q', async () => {
    const argv = [
      '/a/{owner}/b?x={term}&',
      '--path',
      'owner=m e',
      '--path',
      'term=a/b',
      '-q',
      'y=ü',
      '-q',
      'y',
    ];
    const { url } = await sentTo('/a/m%20e/b', argv);
    expect(url).toBe('/a/m%20e/b?x=a%2Fb&y=%C3%BC&y');
  });

  it('fields of a GET', async () => {
    const { url, text } = await sent(['GET', '/echo', '-q', 'a', '-F', 'b[c]=1.10', '-f', 'd=e f']);
    expect(url).toBe('/echo?a&b%5Bc%5D=1.10&d=e%20f');
    expect(text).toBe('');
  });
});

describe('the headers', () => {
  it('an empty one, and repeated ones', async () => {
    const { headers } = await sent(['/echo', '-H', 'X-Empty:', '-H', 'X-Two: a', '-H', 'x-two: b']);
    expect(headers).toMatchObject({ 'x-empty': '', 'x-two': 'a, b' });
  });
});

describe('the body', () => {
  it.each([
    [
      ['-F', 'n=9007199254740993', '-f', 's=1', '-F', 'l[]=true', '-F', 'l[]=null'],
      'application/json',
      '{"n":9007199254740993,"s":"1","l":[true,null]}',
    ],
    [['--urlencoded', 'a=b c', '--urlencoded', 'a=é'], 'application/x-www-form-urlencoded', 'a=b+c&a=%C3%A9'],
    [['-d', '{"a": 1.0 }'], 'application/json', '{"a": 1.0 }'],
    [['-d', 'x', '-H', 'content-type: text/csv'], 'text/csv', 'x'],
  ])('%j is %s', async (argv, type, text) => {
    const received = await sent(['/echo', ...argv]);
    expect(received.headers['content-type']).toBe(type);
    expect(received.text).toBe(text);
    expect(received.headers['content-length']).toBe(String(Buffer.byteLength(text)));
  });

  it('nothing at all is a body too', async () => {
    const received = await sent(['/echo', '-d', '']);
    expect(received).toMatchObject({ method: 'POST', text: '' });
    expect(received.headers).toMatchObject({
      'content-length': '0',
      'content-type': 'text/plain; charset=utf-8',
    });
  });

  it.each([
    ['whose type is told from it', []],
    ['whose type is given', ['-H', 'content-type: application/x-thing']],
    ['that may be sent again', ['--retry', '1']],
  ])('a large file %s, byte for byte', async (_what, argv) => {
    const bytes = Buffer.from(Array.from({ length: 3_000_000 }, (_, index) => index % 251));
    await writeFile(join(folders.cwd, 'large.bin'), bytes);
    const { body } = await sent(['/echo', '-d', '@large.bin', ...argv]);
    expect(body.equals(bytes)).toBe(true);
  });

  it.each([
    ['short', 10],
    ['long', 3_000_000],
  ])('stdin that is %s, byte for byte', async (_what, length) => {
    const bytes = Buffer.from(Array.from({ length }, (_, index) => 255 - (index % 251)));
    const received = await sent(['/echo', '-d', '-'], { stdin: bytes });
    expect(received.body.equals(bytes)).toBe(true);
    expect(received.headers['content-type']).toBe('application/octet-stream');
  });

  it('a multipart form with a file and stdin, as another parser reads it', async () => {
    await writeFile(join(folders.cwd, 'dot.png'), Buffer.from([0x89, 0x50, 0x00, 0xff]));
    const argv = ['/echo', '--form', 'a=1', '--form', 'f=@dot.png', '--form', 's=@-;filename=s.txt'];
    const { body, headers } = await sent(argv, { stdin: 'piped' });
    const init = { headers: { 'content-type': headers['content-type'] ?? '' } };
    const form = await new Response(body, init).formData();
    expect(form.get('a')).toBe('1');
    const [file, piped] = [form.get('f'), form.get('s')];
    if (!(file instanceof Blob) || !(piped instanceof Blob)) throw new Error('they are no files');
    expect(file.type).toBe('image/png');
    expect(Buffer.from(await file.arrayBuffer())).toEqual(Buffer.from([0x89, 0x50, 0x00, 0xff]));
    expect(await piped.text()).toBe('piped');
  });

  it('a GraphQL document from stdin with variables', async () => {
    const { headers, text, method } = await sent(['/echo', '--graphql', '-', '-F', 'n=1.10'], {
      stdin: '{ viewer { login } }',
    });
    expect(method).toBe('POST');
    expect(headers['content-type']).toBe('application/json');
    expect(text).toBe('{"query":"{ viewer { login } }","variables":{"n":1.10}}');
  });
});

describe('what is refused before anything is sent', () => {
  it.each([
    [['/echo', '-d'], '-d has no value: -c stands in its place'],
    [['POST', '/echo', '-X', 'PUT'], 'POST in front of the path and PUT after -X'],
    [['/echo', 'get'], '"/echo" is no HTTP method'],
    [['/a/{b}'], 'leaves {b} open'],
    [['/a/{b}', '--path', 'b=..'], '“.” or “..” segment'],
    [['/a/{b}', '--path', 'b'], '--path b has no value'],
    [['/a', '--path', 'b=1'], '--path b is nowhere in the path'],
    [['/echo', '-q', '=v'], '-q has no name'],
    [['/echo', '-H', 'NoColon'], '"NoColon" has no name and value'],
    [['/echo', '-f', 'a'], 'the field "a" has no value'],
    [['/echo', '-F', 'a[=1'], 'the field "a[" has a bracket'],
    [['/echo', '-F', 'a=1', '-F', 'a[b]=2'], 'the field "a[b]" contradicts'],
    [['/echo', '-F', 'a=@missing'], '-F a: missing cannot be read'],
    [['/echo', '--form', 'a'], '--form a has no value'],
    [['/echo', '--form', 'a=@missing.png'], '--form a: missing.png cannot be read'],
    [['/echo', '--urlencoded', 'a'], '--urlencoded "a" has no value'],
    [['/echo', '--graphql', 'missing.graphql'], '--graphql: missing.graphql cannot be read'],
    [['/echo', '-d', '@.'], '-d/--data: . cannot be read'],
    [['/echo', '-d', 'x', '-f', 'a=1'], '-d/--data and -f/-F contradict each other'],
    [['/echo', '-F', 'a=@-', '-F', 'b=@-'], '-F a and -F b both read stdin'],
    [['/echo', '--items', '.'], '--items needs --paginate'],
  ])('%j: %s', async (argv, message) => {
    const error = await refused(...argv);
    expect(error.message).toContain(message);
    expect(error.hint).not.toBeNull();
  });
});
