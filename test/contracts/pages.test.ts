import { describe, expect, it } from 'vitest';
import { runContract } from '../../src/contracts/run.ts';
import { SkConnectError } from '../../src/errors.ts';
import type { Answer } from '../commands/support/http.ts';
import { contractOf, runWith, type Served, served } from './support/served.ts';

type PageAnswer = readonly [status: number, headers: Record<string, string>, body: string];

const json = (body: unknown, headers: Record<string, string> = {}): PageAnswer => [
  200,
  { 'content-type': 'application/json', ...headers },
  JSON.stringify(body),
];

/** Pages by number from 1, told from the query. */
function paged(parameter: string, page: (value: string | null) => PageAnswer): Answer {
  return ({ url }, response) => {
    const [status, headers, body] = page(new URL(url, 'http://x').searchParams.get(parameter));
    response.writeHead(status, headers).end(body);
  };
}

const urls = ({ rest }: Served) => rest.received.map(({ url }) => url);
const cursors = paged('cursor', (cursor) => {
  if (cursor === null) return json({ rows: [{ id: 1 }, { id: 2 }], next: 'b c' });
  return cursor === 'b c' ? json({ rows: [{ id: 3 }], next: 'd' }) : json({ rows: [{ id: 4 }], next: '' });
});
const request = { path: '/thing', query: { size: 2 } };
const pages = { next: '.next', page_param: 'cursor', items: '.rows' };

describe('pages', () => {
  it('by a cursor become one list, which the output is made of', async () => {
    const provider = await served({ '/thing': cursors });
    const { output } = await runWith(provider, { request, pages, output: '{ids: map(.id), count: length}' });
    expect(output).toBe('{"ids":[1,2,3,4],"count":4}');
    expect(urls(provider)).toEqual(['/thing?size=2', '/thing?size=2&cursor=b%20c', '/thing?size=2&cursor=d']);
    expect(provider.asked).toEqual(['rest/user_1']);
  });

  it.each<[string, object, string]>([
    ['as they are', {}, '[{"id":1},{"id":2},{"id":3},{"id":4}]'],
    ['no more than so many pages', { max_pages: 2 }, '[{"id":1},{"id":2},{"id":3}]'],
    ['no more than so many items', { max_items: 3 }, '[{"id":1},{"id":2},{"id":3}]'],
    [
      'whole, where nothing says where the list is',
      { items: undefined, max_pages: 1 },
      '[{"rows":[{"id":1},{"id":2}],"next":"b c"}]',
    ],
  ])('%s', async (_what, more, expected) => {
    const provider = await served({ '/thing': cursors });
    const chosen = Object.fromEntries(
      Object.entries({ ...pages, ...more }).filter(([, each]) => each !== undefined),
    );
    expect((await runWith(provider, { request, pages: chosen })).output).toBe(expected);
  });

  it('by number end with the empty one; their size is asked for', async () => {
    const provider = await served({
      '/thing': paged('page', (page) => json(page === '1' ? [1, 2] : [])),
    });
    const counted = { page_param: 'page', page_size_param: 'per_page=2' };
    expect((await runWith(provider, { pages: counted })).output).toBe('[1,2]');
    expect(urls(provider)).toEqual(['/thing?per_page=2&page=1', '/thing?per_page=2&page=2']);
  });

  it('by Link headers', async () => {
    const provider = await served({
      '/thing': paged('page', (page) =>
        page === '2' ? json([3]) : json([1, 2], { link: '<https://api.example/thing?page=2>; rel="next"' }),
      ),
    });
    expect((await runWith(provider, { pages: true })).output).toBe('[1,2,3]');
  });

  it('are none where they are turned off', async () => {
    const provider = await served({ '/thing': cursors });
    const { output } = await runWith(provider, { pages: false, output: '.rows | length' });
    expect(output).toBe('2');
  });

  it('keep integers as they came', async () => {
    const provider = await served({
      '/thing': (_request, response) =>
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"rows":[9007199254740993]}'),
    });
    expect((await runWith(provider, { pages, output: '{rows: .}' })).output).toBe(
      '{"rows":[9007199254740993]}',
    );
  });
});

describe('pages that fail', () => {
  it('a page that is an error is one of the tool', async () => {
    const provider = await served({
      '/thing': paged('cursor', (cursor) =>
        cursor === null
          ? json({ ok: true, rows: [1], next: 'b' })
          : json({ ok: false, error: 'ratelimited' }),
      ),
    });
    const failing = { request, pages, fail_when: '.ok == false' };
    await expect(runWith(provider, { ...failing, error: '"API: " + .error' })).rejects.toMatchObject({
      code: 'tool_error',
      message: 'API: ratelimited',
    });
    await expect(runWith(provider, failing)).rejects.toMatchObject({ message: 'ratelimited' });
  });

  it("the provider's refusal of a page", async () => {
    const provider = await served({
      '/thing': paged('cursor', (cursor) =>
        cursor === null ? json({ rows: [1], next: 'b' }) : [429, {}, 'slow down'],
      ),
    });
    await expect(runWith(provider, { request, pages })).rejects.toMatchObject({
      code: 'provider_error',
      httpStatus: 429,
      message: 'the provider answered 429 Too Many Requests: slow down',
    });
  });

  it.each<[string, object, Answer, string]>([
    ['a circle', {}, paged('cursor', () => json({ rows: [1], next: 'same' })), 'page 2 leads back to page 2'],
    [
      'no JSON',
      {},
      paged('cursor', () => [200, { 'content-type': 'text/html' }, '<p>']),
      'page 1 is not JSON',
    ],
    ['no cursor', { next: '.rows' }, cursors, 'pages.next gave [{"id":1},{"id":2}] on page 1'],
    ['a broken expression', { next: '.rows.x' }, cursors, 'pages.next ".rows.x" failed: Cannot index array'],
    [
      'no number to begin with',
      { next: undefined, page_param: 'size' },
      cursors,
      'pages.page_param size counts pages, and the path has size=x',
    ],
  ])('%s is no answer', async (_what, more, answer, message) => {
    const provider = await served({ '/thing': answer });
    const chosen = Object.fromEntries(
      Object.entries({ ...pages, ...more }).filter(([, each]) => each !== undefined),
    );
    await expect(
      runWith(provider, { request: { path: '/thing', query: { size: 'x' } }, pages: chosen }),
    ).rejects.toMatchObject({
      name: 'ToolFailure',
      code: 'bad_answer',
      message: expect.stringContaining(message),
    });
  });

  it('what the host throws passes through, from any page', async () => {
    const provider = await served({ '/thing': cursors });
    const refusal = new SkConnectError('upstream', 'Scalekit refused --next');
    let sent = 0;
    const host = {
      ...provider.host,
      send: (call: Parameters<typeof provider.host.send>[0]) =>
        ++sent === 2 ? Promise.reject(refusal) : provider.host.send(call),
    };
    await expect(runWith({ host }, { request, pages })).rejects.toBe(refusal);
  });

  it('an abort ends them between two pages', async () => {
    const provider = await served({ '/thing': cursors });
    const controller = new AbortController();
    const host = {
      ...provider.host,
      send: async (call: Parameters<typeof provider.host.send>[0]) => {
        const response = await provider.host.send(call);
        controller.abort(new Error('enough'));
        return response;
      },
    };
    const context = { host, connectionName: 'rest', identifier: 'user_1', signal: controller.signal };
    await expect(runContract(contractOf({ request, pages }), {}, context)).rejects.toThrow('enough');
    expect(provider.rest.received).toHaveLength(1);
  });
});
