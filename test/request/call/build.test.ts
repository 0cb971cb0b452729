import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildCall } from '../../../src/request/call/build.ts';
import type { RequestOptions } from '../../../src/request/options.ts';
import { bytesOf, folder, readingOf, usageErrorOf } from './reading.ts';

const account = { connectionName: 'rest', identifier: 'user_1' };
const build = (options: RequestOptions, words = ['/x'], stdin?: string) =>
  buildCall(readingOf(stdin), account, words, options);

const text = (...texts: string[]) => texts.map((text) => ({ text, isTyped: false }));
const typed = (...texts: string[]) => texts.map((text) => ({ text, isTyped: true }));

describe('the method and where the content goes', () => {
  it.each<[string, RequestOptions, string[], string, string, string | undefined]>([
    ['nothing', {}, ['/x'], 'GET', '/x', undefined],
    ['--head', { head: true }, ['/x'], 'HEAD', '/x', undefined],
    ['--head with a METHOD', { head: true }, ['GET', '/x'], 'GET', '/x', undefined],
    ['--head with -X', { head: true, method: 'PUT' }, ['/x'], 'PUT', '/x', undefined],
    ['-d', { data: 'a' }, ['/x'], 'POST', '/x', 'a'],
    ['-d with GET', { data: 'a' }, ['GET', '/x'], 'GET', '/x', 'a'],
    ['-d with nothing in it', { data: '' }, ['/x'], 'POST', '/x', ''],
    ['-f', { field: text('a=1') }, ['/x'], 'POST', '/x', '{"a":"1"}'],
    ['-f with PATCH', { field: text('a=1') }, ['PATCH', '/x'], 'PATCH', '/x', '{"a":"1"}'],
    ['-F with GET', { field: typed('a=1.10') }, ['GET', '/x?z=0'], 'GET', '/x?z=0&a=1.10', undefined],
    ['-F with -X get', { field: typed('a=1') }, ['/x'], 'GET', '/x?a=1', undefined],
    ['-F with HEAD', { field: typed('a[]=1') }, ['HEAD', '/x'], 'HEAD', '/x?a%5B%5D=1', undefined],
    ['-F with --head', { field: typed('a=1'), head: true }, ['/x'], 'HEAD', '/x?a=1', undefined],
    ['-F behind -q', { field: typed('a=1'), query: ['b'] }, ['GET', '/x'], 'GET', '/x?b&a=1', undefined],
    ['--urlencoded', { urlencoded: ['a=b c'] }, ['/x'], 'POST', '/x', 'a=b+c'],
  ])('%s', async (what, options, words, method, path, body) => {
    const given = what === '-F with -X get' ? { ...options, method: 'get' } : options;
    const { call } = await build(given, words);
    expect(call).toMatchObject({ ...account, method, path });
    expect(call.body === undefined ? undefined : (await bytesOf(call.body)).toString()).toBe(body);
  });
});

describe('the parts that were typed', () => {
  it('beside what is sent', async () => {
    const call = await build(
      {
        path: ['owner=a b'],
        query: ['q=c d', 'flag'],
        header: ['X-A: 1', 'X-A: 2'],
        field: typed('n=1'),
      },
      ['PUT', '/{owner}?x=1'],
    );
    expect(call).toEqual({
      call: {
        ...account,
        method: 'PUT',
        path: '/a%20b?x=1&q=c%20d&flag',
        headers: [
          ['X-A', '1'],
          ['X-A', '2'],
          ['content-type', 'application/json'],
        ],
        body: Buffer.from('{"n":1}'),
      },
      path: '/a%20b?x=1',
      query: [['q', 'c d'], ['flag']],
      headers: [
        ['X-A', '1'],
        ['X-A', '2'],
      ],
      body: { kind: 'bytes', bytes: Buffer.from('{"n":1}') },
    });
  });

  it.each([
    ['-d', { data: '{}' }],
    ['-F', { field: typed('a=1') }],
    ['--urlencoded', { urlencoded: ['a=1'] }],
  ])('a content-type that is given wins: %s', async (_what, options) => {
    const { call } = await build({ ...options, header: ['Content-Type: application/merge-patch+json'] });
    expect(call.headers).toEqual([['Content-Type', 'application/merge-patch+json']]);
  });

  it('but for --form, which adds its boundary', async () => {
    const { call } = await build({ form: ['a=1'], header: ['Content-Type: multipart/form-data', 'X-A: 1'] });
    expect(call.headers).toEqual([
      ['X-A', '1'],
      ['content-type', expect.stringMatching(/^multipart\/form-data; boundary=/)],
    ]);
  });
});

describe('--graphql', () => {
  const QUERY = 'query($n: Int) {\n  viewer(n: $n) { login }\n}\n';
  const build = async (options: RequestOptions, words?: string[], stdin?: string) => {
    await writeFile(join(folder, 'q.graphql'), `\uFEFF${QUERY}`);
    return buildCall(readingOf(stdin), account, words ?? ['/graphql'], { graphql: 'q.graphql', ...options });
  };
  const document = (variables?: string) =>
    `{"query":${JSON.stringify(QUERY)}${variables === undefined ? '' : `,"variables":${variables}`}}`;

  it.each<[string, RequestOptions, string | undefined]>([
    ['no variables', {}, undefined],
    [
      'variables',
      { field: [...typed('n=9007199254740993'), ...text('s=1')] },
      '{"n":9007199254740993,"s":"1"}',
    ],
    ['nested ones', { field: typed('in[a][]=1', 'in[a][]=2') }, '{"in":{"a":[1,2]}}'],
  ])('%s', async (_what, options, variables) => {
    const { call } = await build(options);
    expect(call).toMatchObject({ method: 'POST', headers: [['content-type', 'application/json']] });
    expect((await bytesOf(call.body)).toString()).toBe(document(variables));
  });

  it('from stdin, and with another method', async () => {
    const { call } = await build({ graphql: '-' }, ['PUT', '/graphql'], QUERY);
    expect(call.method).toBe('PUT');
    expect((await bytesOf(call.body)).toString()).toBe(document());
  });

  it('with GET it stands in the query', async () => {
    const { call, query, body } = await build({ field: typed('n=1') }, ['GET', '/graphql?x=1']);
    expect(body).toBeUndefined();
    expect(call.body).toBeUndefined();
    expect(query).toEqual([
      ['query', QUERY],
      ['variables', '{"n":1}'],
    ]);
    expect(call.path).toBe(`/graphql?x=1&query=${encodeURIComponent(QUERY)}&variables=%7B%22n%22%3A1%7D`);
  });

  it('a variable is replaced or added for the next page, and the call itself stays', async () => {
    const { call, withVariable } = await build({ field: [...typed('after=null'), ...text('n=1')] });
    const next = withVariable?.('after', '"abc"');
    expect((await bytesOf(next?.body)).toString()).toBe(document('{"after":"abc","n":"1"}'));
    const other = withVariable?.('first', '100');
    expect((await bytesOf(other?.body)).toString()).toBe(document('{"after":null,"n":"1","first":100}'));
    expect((await bytesOf(call.body)).toString()).toBe(document('{"after":null,"n":"1"}'));
    expect(next).toMatchObject({ method: 'POST', headers: call.headers });
    const get = await build({}, ['GET', '/graphql']);
    expect(get.withVariable?.('after', '1').path).toMatch(/&variables=%7B%22after%22%3A1%7D$/);
  });

  it.each([
    ['missing.graphql', 'missing.graphql cannot be read', 'Name a file'],
    ['{ viewer { login } }', 'takes the name of a file', '--graphql -'],
    ['@q.graphql', 'takes the name of a file', '--graphql q.graphql'],
    ['-', '--graphql - is empty', 'a GraphQL document'],
  ])('%s is refused: %s', async (graphql, message, hint) => {
    const error = await usageErrorOf(() => build({ graphql }, ['/graphql'], ' \n'));
    expect(error.message).toContain(message);
    expect(error.hint).toContain(hint);
  });
});

describe('what must not be sent', () => {
  it.each<[string, RequestOptions, string[], string]>([
    ['a dot segment from --path', { path: ['a=..'] }, ['/x/{a}'], '“.” or “..” segment'],
    ['a slash and dots from --path', { path: ['a=b/../c'] }, ['/x/{a}'], '“.” or “..” segment'],
    ['a host', { header: ['Host: x'] }, ['/x'], 'the header Host cannot be set'],
    ['an empty header name', { header: [' : x'] }, ['/x'], '"" is not a header name'],
  ])('%s is refused before stdin is read', async (_what, options, words, message) => {
    const reading = readingOf();
    reading.io.stdin.read = () => {
      throw new Error('stdin was read');
    };
    const error = await usageErrorOf(() => buildCall(reading, account, words, { ...options, data: '-' }));
    expect(error.message).toContain(message);
  });
});
