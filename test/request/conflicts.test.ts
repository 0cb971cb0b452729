import { describe, expect, it } from 'vitest';
import type { GlobalOptions } from '../../src/config/options.ts';
import { SkConnectError } from '../../src/errors.ts';
import { checkOptions } from '../../src/request/conflicts.ts';
import type { RequestOptions } from '../../src/request/options.ts';

function errorOf(options: RequestOptions & GlobalOptions, words: readonly string[] = ['/x']) {
  try {
    checkOptions(words, options, options);
  } catch (error) {
    if (error instanceof SkConnectError) return error;
    throw error;
  }
  return undefined;
}

const raw = (...texts: string[]) => texts.map((text) => ({ text, isTyped: false }));
const typed = (...texts: string[]) => texts.map((text) => ({ text, isTyped: true }));

describe('checkOptions', () => {
  it.each<[RequestOptions & GlobalOptions, string, string]>([
    [{ data: 'a', field: raw('a=1') }, '-d/--data', '-f/-F'],
    [{ data: 'a', form: ['a=1'] }, '-d/--data', '--form'],
    [{ data: 'a', urlencoded: ['a=1'] }, '-d/--data', '--urlencoded'],
    [{ data: '', graphql: 'q' }, '-d/--data', '--graphql'],
    [{ form: ['a=1'], urlencoded: ['a=1'] }, '--form', '--urlencoded'],
    [{ form: ['a=1'], field: raw('a=1') }, '-f/-F', '--form'],
    [{ graphql: 'q', form: ['a=1'] }, '--form', '--graphql'],
    [{ graphql: 'q', field: raw('a=1'), data: 'x' }, '-d/--data', '--graphql'],
    [{ raw: true, jq: '.' }, '--raw', '--jq'],
    [{ raw: true, pretty: true }, '--raw', '--pretty'],
    [{ raw: true, json: true }, '--raw', '--json'],
    [{ pretty: true, json: true }, '--pretty', '--json'],
    [{ jq: '.', output: 'f' }, '--jq', '--output FILE'],
    [{ head: true, output: 'f' }, '--head', '--output'],
    [{ head: true, output: '-' }, '--head', '--output'],
    [{ head: true, jq: '.' }, '--jq', '--head'],
    [{ head: true, raw: true }, '--head', '--raw'],
    [{ head: true, pretty: true }, '--head', '--pretty'],
    [{ head: true, paginate: true }, '--paginate', '--head'],
    [{ head: true, failOn: '.' }, '--fail-on', '--head'],
    [{ head: true, expect: ['.'] }, '--expect', '--head'],
    [{ head: true, expectSchema: 'f' }, '--expect-schema', '--head'],
    [{ head: true, data: 'a' }, '--head', '-d/--data'],
    [{ head: true, form: ['a=1'] }, '--head', '--form'],
    [{ head: true, graphql: 'q' }, '--head', '--graphql'],
    [{ paginate: true, repeat: 2 }, '--paginate', '--repeat'],
    [{ paginate: true, include: true }, '--paginate', '--include'],
    [{ paginate: true, raw: true }, '--paginate', '--raw'],
    [{ paginate: true, output: 'f', continue: true }, '--paginate', '--continue'],
    [{ paginate: true, stream: true, json: true }, '--stream', '--json'],
    [{ paginate: true, stream: true, expect: ['.'] }, '--stream', '--expect'],
    [{ paginate: true, stream: true, expectSchema: 'f' }, '--stream', '--expect-schema'],
    [{ repeat: 2, output: 'f' }, '--repeat', '--output'],
    [{ repeat: 2, include: true }, '--repeat', '--include'],
    [{ repeat: 2, raw: true }, '--repeat', '--raw'],
    [{ repeat: 2, pretty: true }, '--repeat', '--pretty'],
    [{ repeat: 2, jq: '.' }, '--repeat', '--jq'],
    [{ dryRun: true, code: 'curl' }, '--dry-run', '--code'],
  ])('%j: %s and %s', (options, first, second) => {
    const error = errorOf(options);
    expect(error?.message).toContain(`${first} and ${second} contradict each other: `);
    expect(error).toMatchObject({ kind: 'usage', code: 'conflicting_options', hint: expect.any(String) });
  });

  it.each<[RequestOptions, string, string]>([
    [{ next: '.' }, '--next', '--paginate'],
    [{ pageParam: 'p' }, '--page-param', '--paginate'],
    [{ pageSizeParam: 'p' }, '--page-size-param', '--paginate'],
    [{ items: '.' }, '--items', '--paginate'],
    [{ stream: true }, '--stream', '--paginate'],
    [{ maxPages: 1 }, '--max-pages', '--paginate'],
    [{ maxItems: 1 }, '--max-items', '--paginate'],
    [{ baseUrl: 'x' }, '--base-url', '--paginate'],
    [{ retryAll: true }, '--retry-all', '--retry'],
    [{ concurrency: 2 }, '--concurrency', '--repeat'],
    [{ continue: true }, '--continue', '--output FILE'],
    [{ continue: true, output: '-' }, '--continue', '--output FILE'],
  ])('%j: %s needs %s', (options, flag, other) => {
    const error = errorOf(options);
    expect(error?.message).toContain(`${flag} needs ${other}: `);
    expect(error?.hint).toBe(`Add ${other}, or leave ${flag} out.`);
  });

  it.each<[RequestOptions, string, string]>([
    [{ data: '-', field: typed('a=@-') }, '-d/--data', '-f/-F'],
    [{ field: typed('a=@-', 'b=1', 'c=@-') }, '-F a and -F c', 'stdin'],
    [{ form: ['a=@-', 'b=@-;type=text/plain'] }, '--form a and --form b', 'stdin'],
    [{ graphql: '-', field: typed('a=@-') }, '--graphql and -F a', 'stdin'],
    [{ data: '@-', expectSchema: '-' }, '-d/--data and --expect-schema', 'stdin'],
  ])('%j: stdin is read once', (options, ...parts) => {
    for (const part of parts) expect(errorOf(options)?.message).toContain(part);
  });

  it.each<[RequestOptions, string]>([
    [{ data: '-c' }, '-d has no value: -c stands in its place'],
    [{ data: '--json' }, '-d has no value: --json stands'],
    [{ method: '-c' }, '-X has no value: -c stands'],
    [{ output: '--head' }, '--output has no value: --head stands'],
    [{ graphql: '-F' }, '--graphql has no value: -F stands'],
    [{ query: ['a=1', '-i'] }, '-q has no value: -i stands'],
  ])('%j: a forgotten value', (options, message) => {
    expect(errorOf(options)?.message).toContain(message);
  });

  it('a method that is none is told before the account is asked for', () => {
    expect(errorOf({}, ['/x', '/y'])?.message).toContain('"/x" is no HTTP method');
  });

  it.each<[RequestOptions & GlobalOptions, string[]?]>([
    [{}],
    [{ data: '--', query: ['-', '-a=b', '-ab'], output: '-' }],
    [{ data: '-c -d' }],
    [{ graphql: 'q', field: [...raw('a=1'), ...typed('b=1')] }],
    [{ field: [...raw('a=@-'), ...typed('b=@-', 'c=x=@-', 'd=-')] }],
    [{ form: ['a=@-', 'b=@@-', 'c=@-x', 'd=-'] }],
    [{ jq: '.', output: '-' }],
    [{ jq: '.', json: true, output: 'f' }],
    [{ jq: '.', paginate: true, output: 'f' }],
    [{ jq: '.', json: true, head: true }],
    [{ jq: '.', json: true, repeat: 2 }],
    [{ head: true, include: true, json: true, checkStatus: false, expectStatus: '200' }],
    [{ head: true, data: 'a', method: 'POST' }],
    [{ head: true, data: 'a' }, ['POST', '/x']],
    [{ head: true, field: raw('a=1') }],
    [
      {
        paginate: true,
        next: '.',
        pageParam: 'p',
        pageSizeParam: 's',
        stream: true,
        maxPages: 2,
        maxItems: 3,
      },
    ],
    [{ paginate: true, json: true, expect: ['.'], failOn: '.', data: '-', retry: 2 }],
    [{ paginate: true, jq: '.', pretty: true }],
    [{ repeat: 2, concurrency: 2, retry: 1, retryAll: true, expectStatus: '2xx' }],
    [{ output: 'f', continue: true }],
    [{ dryRun: true, repeat: 2, json: true }],
  ])('%j is fine', (options, words) => {
    expect(errorOf(options, words)).toBeUndefined();
  });
});
