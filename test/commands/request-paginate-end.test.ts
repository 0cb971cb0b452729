import { Writable } from 'node:stream';
import { describe, expect, it, vi } from 'vitest';
import type { RunOptions } from './run.ts';
import { useEnvironment } from './support/environment.ts';
import { ACCOUNT, type Pages, pagesAt, paginate, THREE } from './support/pages.ts';

vi.setConfig({ testTimeout: 20_000 });
const environment = useEnvironment();
const paginated = (pages: Pages, argv?: readonly string[], options?: RunOptions) =>
  paginate(environment, pages, argv, options);

describe('what ends it', () => {
  const links = { link: (n: number) => `<?page=${n}>; rel="next"` };
  const PRINTED = '[{"id":1},\n{"id":2},\n{"id":3}]\n';

  it('an error on a later page: what was fetched is printed, exit 5', async () => {
    const bodies = [THREE[0] ?? '', THREE[1] ?? '', '{"message":"out of order"}'];
    const pages = { bodies, ...links, status: (n: number) => (n === 3 ? 503 : 200) };
    const result = await paginated(pages);
    expect(result).toMatchObject({ exitCode: 5, stdout: PRINTED });
    expect(result.stderr).toMatch(/^2 pages, 3 items\nerror: the provider answered 503 .*out of order/);
    const streamed = await paginated(pages, ['--stream', '--json'].slice(0, 1));
    expect(streamed).toMatchObject({ exitCode: 5, stdout: '{"id":1}\n{"id":2}\n{"id":3}\n' });
    const described = await paginated(pages, ['--json']);
    expect(described.json()).toMatchObject({ status: 200, pages: 2, items: 3 });
    expect(described.error()).toMatchObject({ code: 'provider_error', httpStatus: 503 });
    const filtered = await paginated(pages, ['--jq', 'length']);
    expect(filtered).toMatchObject({ exitCode: 5, stdout: '3\n' });
  });

  it('an error on the first page is shown as without --paginate', async () => {
    const pages = { bodies: ['{"message":"no"}'], ...links, status: () => 404 };
    expect(await paginated(pages)).toMatchObject({ exitCode: 5, stdout: '{"message":"no"}' });
    const json = await paginated(pages, ['--json']);
    expect(json.json()).toMatchObject({ status: 404, body: { message: 'no' } });
  });

  it('a status that is no error ends it quietly: some APIs answer 404 behind the last page', async () => {
    const bodies = [...THREE.slice(0, 2), '{"message":"no such page"}'];
    const pages = { bodies, parameter: 'page', status: (n: number) => (n === 3 ? 404 : 200) };
    const argv = ['--page-param', 'page', '--no-check-status', '--expect', 'length == 3'];
    expect(await paginated(pages, argv)).toMatchObject({ exitCode: 0, stdout: PRINTED });
  });

  it.each([
    ['text', 'no JSON', 200, {}, 'page_not_json'],
    ['nothing', '', 200, {}, 'page_not_json'],
    ['HTML', '<p>Please sign in</p>', 200, { 'content-type': 'text/html' }, 'page_not_json'],
    ['NDJSON', '{"a":1}\n{"a":2}', 200, {}, 'page_not_json'],
    ['a redirect', '', 302, { location: '/elsewhere' }, 'page_not_json'],
    ['an object', '{"id":1}', 200, {}, 'page_of_another_kind'],
  ])('%s in place of a page', async (_what, body, status, headers, code) => {
    const pages = {
      bodies: [...THREE.slice(0, 2), body],
      ...links,
      headers,
      status: (n: number) => (n === 3 ? status : 200),
    };
    const result = await paginated(pages, ['--json']);
    expect(result.exitCode).toBe(5);
    expect(result.json()).toMatchObject({ body: [{ id: 1 }, { id: 2 }, { id: 3 }], pages: 2 });
    expect(result.error()).toMatchObject({ code, message: expect.stringMatching(/^page 3 is /) });
    expect((await paginated(pages)).stdout).toBe(PRINTED);
  });

  it('no JSON at all', async () => {
    expect(await paginated({ bodies: ['no JSON'] })).toMatchObject({ exitCode: 5, stdout: '' });
  });

  it('a 204 is an empty page', async () => {
    const pages = {
      bodies: [...THREE.slice(0, 2), ''],
      parameter: 'page',
      status: (n: number) => (n === 3 ? 204 : 200),
    };
    expect(await paginated(pages, ['--page-param', 'page'])).toMatchObject({ exitCode: 0, stdout: PRINTED });
  });

  it.each([
    ['to itself', () => '<?page=2>; rel="next"', 'page 2 leads back to page 2', 3],
    [
      'to the first',
      (n: number) => (n === 3 ? '</things>; rel="next"' : '<?page=2>; rel="next"'),
      'page 2 leads back to page 1',
      3,
    ],
  ])('a circle %s', async (_what, link, message, items) => {
    const result = await paginated({ bodies: THREE, link }, ['--json']);
    expect(result.exitCode).toBe(5);
    expect(result.error()).toMatchObject({ code: 'page_loop', message });
    expect((result.json() as { body: unknown[] }).body).toHaveLength(items);
  });

  it('--fail-on ends it with the first page for which it is true', async () => {
    const bodies = ['{"ok":true,"list":[1]}', '{"ok":false,"error":"ratelimited"}', '{"ok":true,"list":[3]}'];
    const argv = ['--items', '.list', '--fail-on', '.ok == false'];
    const result = await paginated({ bodies, ...links }, argv);
    expect(result).toMatchObject({ exitCode: 5, stdout: '[1]\n' });
    expect(result.stderr).toContain('ratelimited');
    expect(result.targets).toHaveLength(2);
    const first = await paginated({ bodies: bodies.slice(1), ...links }, argv);
    expect(first).toMatchObject({ exitCode: 5, stdout: bodies[1] });
    expect(await paginated({ bodies: [bodies[0] ?? ''], ...links }, argv)).toMatchObject({ exitCode: 0 });
  });

  it('a connection that breaks: what was fetched is printed, exit 6; --retry asks for the page again', async () => {
    let broken = 0;
    const breaksOnce = (n: number) => n === 2 && broken++ === 0;
    const result = await paginated({ bodies: THREE, ...links, breaks: (n) => n === 2 });
    expect(result).toMatchObject({ exitCode: 6, stdout: '[{"id":1},\n{"id":2}]\n' });
    expect(result.stderr).toContain('error: page 2: the answer broke off');
    const retried = await paginated({ bodies: THREE, ...links, breaks: breaksOnce }, ['--retry', '1']);
    expect(retried.exitCode).toBe(0);
    expect(retried.json()).toHaveLength(4);
    expect(retried.stderr).toContain('1 of 1');
  });

  it('a rate limit is waited for with --retry', async () => {
    let limited = 0;
    const pages = {
      bodies: THREE,
      ...links,
      status: (n: number) => (n === 2 && limited++ === 0 ? 429 : 200),
      headers: { 'retry-after': '0' },
    };
    const result = await paginated(pages, ['--retry', '2']);
    expect(result.exitCode).toBe(0);
    expect(result.json()).toHaveLength(4);
  });

  it.each([
    ['Ctrl-C', [], 130],
    ['the deadline', ['--timeout', '2'], 6],
  ])('%s: what was fetched is printed, and valid', async (_what, flags, exitCode) => {
    pagesAt(environment.rest, '/things', { bodies: THREE, ...links, hangs: (n) => n === 3 });
    const running = environment.start(['request', '/things', '--paginate', ...flags, ...ACCOUNT]);
    await running.says(/"id":3/, 'stdout');
    if (flags.length === 0) running.interrupt();
    expect(await running.finished).toMatchObject({ exitCode, stdout: PRINTED });
  });

  it('a value reaches stdout before the next page is there', async () => {
    pagesAt(environment.rest, '/things', { bodies: THREE, ...links, hangs: (n) => n === 2 });
    const running = environment.start(['request', '/things', '--paginate', '--stream', ...ACCOUNT]);
    await running.says(/^\{"id":1\}\n\{"id":2\}\n$/, 'stdout');
    running.interrupt();
    expect(await running.finished).toMatchObject({ exitCode: 130 });
  });

  it('a body from stdin serves every page', async () => {
    const result = await paginated({ bodies: THREE, ...links }, ['POST', '/things', '-d', '-'].slice(2), {
      stdin: '{"q":1}',
    });
    expect(result.exitCode).toBe(0);
    expect(environment.rest.received.map(({ body }) => body.toString())).toEqual([
      '{"q":1}',
      '{"q":1}',
      '{"q":1}',
    ]);
  });

  it('a reader that goes: no further page is asked for, and nothing is said', async () => {
    pagesAt(environment.rest, '/things', { bodies: THREE, ...links });
    environment.rest.received.length = 0;
    let lines = 0;
    const stdout = new Writable({
      write: (_chunk, _encoding, done) =>
        done(++lines > 1 ? Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }) : null),
    });
    const argv = ['request', '/things', '--paginate', '--stream', ...ACCOUNT];
    expect(await environment.run(argv, { io: { stdout } })).toMatchObject({ exitCode: 0, stderr: '' });
    expect(environment.rest.received.map(({ url }) => url)).toEqual(['/things', '/things?page=2']);
  });
});
