import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { folders, type RunOptions } from './run.ts';
import { rememberTokens } from './support/credentials.ts';
import { useEnvironment } from './support/environment.ts';
import { type Pages, paginate, THREE } from './support/pages.ts';

vi.setConfig({ testTimeout: 20_000 });
const environment = useEnvironment();
const paginated = (pages: Pages, argv?: readonly string[], options?: RunOptions) =>
  paginate(environment, pages, argv, options);

describe('Link headers', () => {
  it('lead from page to page, as absolute URLs', async () => {
    const result = await paginated({
      bodies: THREE,
      link: (n) => `<https://api.example.com/v2/things?page=${n}>; rel="next"`,
    });
    expect(result).toMatchObject({ exitCode: 0, stderr: '3 pages, 4 items\n' });
    expect(result.stdout).toBe('[{"id":1},\n{"id":2},\n{"id":3},\n{"id":4}]\n');
    expect(result.targets).toEqual(['/things', '/things?page=2', '/things?page=3']);
  });

  it.each([
    ['a query', (n: number) => `<?page=${n}&q=a+b%20c>; rel="next"`],
    ['a path', (n: number) => `</things?page=${n}&q=a+b%20c>; rel=next`],
    ['a path with the base path', (n: number) => `</api/v1/things?page=${n}&q=a+b%20c>; rel="next"`],
    ['a relative path', (n: number) => `<things?page=${n}&q=a+b%20c>; rel="prev next"`],
  ])('%s', async (_what, link) => {
    const result = await paginated({ bodies: THREE, link }, ['/things?q=a+b%20c&page=1']);
    expect(result.json()).toHaveLength(4);
    expect(result.targets.slice(1)).toEqual(['/things?page=2&q=a+b%20c', '/things?page=3&q=a+b%20c']);
  });

  it('several headers, quoted commas', async () => {
    const link = (n: number) => [
      '<?page=1>; rel="first"; title="a, <b>"',
      `<?page=9>; rel="last", <?page=${n}>; title="x, y"; rel="next"`,
    ];
    expect((await paginated({ bodies: THREE, link })).json()).toHaveLength(4);
  });

  it('to another place stop it: what was fetched is printed, and what would help is said', async () => {
    const link = (n: number) => `<https://api.example.com/repositories/1/things?page=${n}>; rel="next"`;
    environment.rest.at('/repos/o/r/things', (_request, response) => {
      response.writeHead(200, { link: link(2) }).end('[1,2]');
    });
    const stopped = await paginated({ bodies: THREE }, ['/repos/o/r/things']);
    expect(stopped).toMatchObject({ exitCode: 5, stdout: '[1,\n2]\n' });
    expect(stopped.stderr).toContain('https://api.example.com/repositories/1/things?page=2');
    expect(stopped.stderr).toContain('--base-url https://api.example.com');
  });

  it('to another place are followed where --base-url says that it is below the same one', async () => {
    environment.rest.at('/repos/o/r/things', (_request, response) => {
      response
        .writeHead(200, { link: '<https://api.example.com/things?page=2>; rel="next"' })
        .end('[{"id":0}]');
    });
    const link = (n: number) => `<https://api.example.com/things?page=${n}>; rel="next"`;
    const argv = ['/repos/o/r/things', '--base-url', 'https://api.example.com'];
    const result = await paginated({ bodies: THREE, link }, argv);
    expect(result.exitCode).toBe(0);
    expect(result.targets).toEqual(['/repos/o/r/things', '/things?page=2', '/things?page=3']);
  });

  it.each(['https://other.example/things', 'https://api.example.com/v2/things'])(
    'lead to one place: not to %s all at once',
    async (elsewhere) => {
      const link = (n: number) =>
        `<${n === 2 ? 'https://api.example.com/v1/things' : elsewhere}?page=${n}>; rel="next"`;
      const result = await paginated({ bodies: THREE, link }, ['--json']);
      expect(result.exitCode).toBe(5);
      expect(result.json()).toMatchObject({ body: [{ id: 1 }, { id: 2 }, { id: 3 }], pages: 2, items: 3 });
      expect(result.error()).toMatchObject({ code: 'next_link_unmappable' });
      expect(result.targets).toHaveLength(2);
    },
  );

  it('that cannot be read stop it', async () => {
    const result = await paginated({ bodies: THREE, link: () => 'next page, please' }, ['--json']);
    expect(result.exitCode).toBe(5);
    expect(result.error().code).toBe('bad_link_header');
    expect(result.json()).toMatchObject({ body: [{ id: 1 }, { id: 2 }] });
  });

  it('without one there is a single page', async () => {
    expect(await paginated({ bodies: ['[1]'] })).toMatchObject({
      exitCode: 0,
      stdout: '[1]\n',
      stderr: '1 page, 1 item\n',
    });
  });

  it("the demo's notes: the cursor in absolute links", async () => {
    const account = ['-c', 'notes-demo', '-i', 'reader'];
    await environment.run(['authorize', ...account]);
    await environment.consent('notes-demo', 'reader');
    await rememberTokens(environment.sandbox, 'notes-demo', 'reader');
    const argv = ['request', '/v1/notes', '-q', 'limit=2', '--paginate', '--items', '.notes', ...account];
    const result = await environment.run(argv);
    expect(result).toMatchObject({ exitCode: 0, stderr: '3 pages, 5 items\n' });
    const ids = (result.json() as { id: string }[]).map(({ id }) => id);
    expect(ids).toEqual(['note_1', 'note_2', 'note_3', 'note_4', 'note_5']);
    const byCursor = [...argv, '--next', '.next_cursor', '--page-param', 'cursor', '--quiet'];
    expect(await environment.run(byCursor)).toMatchObject({ exitCode: 0, stdout: result.stdout, stderr: '' });
  });
});

describe('--next', () => {
  const CURSORS = [
    '{"list":[1],"next":"b+/c==&d"}',
    '{"list":[2],"next":9007199254740993}',
    '{"list":[3],"next":NEXT}',
  ];
  const ITEMS = ['--items', '.list', '--next', '.next'];

  it.each(['null', '""', 'false'])('a cursor for --page-param, until %s', async (last) => {
    const bodies = CURSORS.map((body) => body.replace('NEXT', last));
    const argv = ['/things?after=0&q=a+b&x', ...ITEMS, '--page-param', 'after'];
    const result = await paginated({ bodies, isInOrder: true }, argv);
    expect(result).toMatchObject({ exitCode: 0, stdout: '[1,\n2,\n3]\n' });
    expect(result.targets).toEqual([
      '/things?after=0&q=a+b&x',
      '/things?after=b%2B%2Fc%3D%3D%26d&q=a+b&x',
      '/things?after=9007199254740993&q=a+b&x',
    ]);
  });

  it('an expression that gives nothing is the end', async () => {
    const bodies = CURSORS.map((body) => body.replace('NEXT', '{}'));
    const argv = ['--items', '.list', '--next', '.next | strings', '--page-param', 'after'];
    const result = await paginated({ bodies, isInOrder: true }, argv);
    expect(result).toMatchObject({ exitCode: 0, stdout: '[1,\n2]\n' });
  });

  it.each([
    ['a query', '?page=2', '/things?page=2'],
    ['a path', '/things?page=2', '/things?page=2'],
    ['a URL', 'https://api.example.com/v2/things?page=2', '/things?page=2'],
  ])('%s', async (_what, next, target) => {
    const bodies = [`{"list":[1],"next":${JSON.stringify(next)}}`, '{"list":[2],"next":null}'];
    const result = await paginated({ bodies }, ITEMS);
    expect(result).toMatchObject({ exitCode: 0, stdout: '[1,\n2]\n' });
    expect(result.targets).toEqual(['/things', target]);
  });

  it('another path below the connector', async () => {
    environment.rest.at('/more/7', (_request, response) => response.end('{"list":[2]}'));
    const result = await paginated({ bodies: ['{"list":[1],"next":"/more/7"}'] }, ITEMS);
    expect(result).toMatchObject({ exitCode: 0, targets: ['/things', '/more/7'] });
    expect(result.json()).toEqual([1, 2]);
  });

  it.each([
    ['"bm90ZTox"', 'next_is_cursor', 2],
    ['{"a":1}', 'bad_next', 2],
    ['["?page=2"]', 'bad_next', 2],
    ['true', 'bad_next', 2],
    ['"ftp://api.example.com/things"', 'next_link_unmappable', 5],
    ['"https://user:pw@api.example.com/things"', 'next_link_unmappable', 5],
    ['"/a/../b"', 'next_link_unmappable', 5],
    ['"/a\\\\b"', 'next_link_unmappable', 5],
  ])('%s is no next page: %s', async (next, code, exitCode) => {
    const result = await paginated({ bodies: [`{"list":[1],"next":${next}}`] }, [...ITEMS, '--json']);
    expect(result.exitCode).toBe(exitCode);
    expect(result.error().code).toBe(code);
    expect(result.json()).toMatchObject({ body: [1], pages: 1 });
    expect(result.targets).toHaveLength(1);
  });

  it('a wrong expression is found before anything is sent', async () => {
    for (const flag of ['--next', '--items']) {
      const result = await paginated({ bodies: THREE }, [flag, '.a |', '--json']);
      expect(result).toMatchObject({ exitCode: 2, stdout: '', targets: [] });
      expect(result.error().code).toBe('bad_jq');
    }
  });
});

describe('counted pages', () => {
  const COUNTED = [...THREE, '[]'];

  it.each([
    [
      ['--page-param', 'page'],
      ['?page=1', '?page=2', '?page=3', '?page=4'],
    ],
    [
      ['-q', 'x=1', '--page-param', 'page'],
      ['?x=1&page=1', '?x=1&page=2', '?x=1&page=3', '?x=1&page=4'],
    ],
    [
      ['--page-param', 'page', '--page-size-param', 'per_page=2'],
      ['?per_page=2&page=1', '?per_page=2&page=2', '?per_page=2&page=3', '?per_page=2&page=4'],
    ],
    [
      ['--page-param', 'page', '--page-size-param', 'size', '-q', 'page=3'],
      ['?page=3&size=100', '?page=4&size=100'],
    ],
    [
      ['--page-param', 'page', '--page-size-param', 'size=9', '-q', 'size=5', '-q', 'page=4'],
      ['?size=5&page=4'],
    ],
  ])('%j', async (argv, queries) => {
    const result = await paginated({ bodies: COUNTED, parameter: 'page' }, argv);
    expect(result.exitCode).toBe(0);
    expect(result.targets).toEqual(queries.map((query) => `/things${query}`));
  });

  it('end with an empty page, also where the list is inside', async () => {
    const bodies = ['{"list":[1,2]}', '{"list":[3]}', '{"list":[]}'];
    const result = await paginated({ bodies, parameter: 'page' }, [
      '--page-param',
      'page',
      '--items',
      '.list[]',
    ]);
    expect(result).toMatchObject({ exitCode: 0, stdout: '[1,\n2,\n3]\n', stderr: '3 pages, 3 items\n' });
  });

  it.each(['{"total":2}', '{"list":null}'])('end with a list that is left out: %s', async (last) => {
    const bodies = ['{"list":[1,2]}', last];
    const result = await paginated({ bodies, parameter: 'page' }, [
      '--page-param',
      'page',
      '--items',
      '.list',
    ]);
    expect(result).toMatchObject({ exitCode: 0, stdout: '[1,\n2]\n', stderr: '2 pages, 2 items\n' });
  });

  it('an API that does not know the parameter is found out', async () => {
    const result = await paginated({ bodies: ['[1,2]'] }, ['--page-param', 'p', '--json']);
    expect(result.exitCode).toBe(5);
    expect(result.error()).toMatchObject({ code: 'page_loop', message: 'page 2 is the same as page 1' });
    expect(result.json()).toMatchObject({ body: [1, 2], pages: 1 });
  });

  it('of objects need to be told where the list is', async () => {
    const bodies = ['{"list":[1]}', '{"list":[2]}', '{"list":[]}'];
    const pages = { bodies, parameter: 'page' };
    const result = await paginated(pages, ['--page-param', 'page', '--json']);
    expect(result.exitCode).toBe(2);
    expect(result.error()).toMatchObject({ code: 'items_needed' });
    expect(result.json()).toMatchObject({ body: [{ list: [1] }] });
    const bounded = await paginated(pages, ['--page-param', 'page', '--max-pages', '2']);
    expect(bounded).toMatchObject({ exitCode: 0, stdout: '[{"list":[1]},\n{"list":[2]}]\n' });
    expect(bounded.stderr).toContain('Stopped at --max-pages: there may be more.');
  });

  it('a page that is no number is refused before anything is sent', async () => {
    const result = await paginated({ bodies: THREE }, ['/things?page=abc', '--page-param', 'page', '--json']);
    expect(result).toMatchObject({ exitCode: 2, stdout: '', targets: [] });
    expect(result.error().code).toBe('bad_page_number');
  });
});

describe('GraphQL', () => {
  const QUERY = 'query($n: Int, $after: String) { things(first: $n, after: $after) { nodes pageInfo } }';
  const NEXT = '.data.things.pageInfo | select(.hasNextPage).endCursor';
  const ITEMS = ['--items', '.data.things.nodes', '--next', NEXT, '--page-param', 'after'];
  const argv = ['/things', '--graphql', 'things.graphql', '-F', 'n=2', ...ITEMS];
  const page = (nodes: string, end: string, hasNextPage: boolean, more = '') =>
    `{"data":{"things":{"nodes":${nodes},"pageInfo":{"hasNextPage":${hasNextPage},"endCursor":${end}}}}${more}}`;

  it('the cursor is a variable', async () => {
    await writeFile(join(folders.cwd, 'things.graphql'), QUERY);
    const bodies = [page('[1.10,2]', '"c=1"', true), page('[3]', '"c=2"', true), page('[4]', '"c=3"', false)];
    const result = await paginated({ bodies, isInOrder: true }, argv);
    expect(result).toMatchObject({ exitCode: 0, stdout: '[1.10,\n2,\n3,\n4]\n' });
    const sent = environment.rest.received.map(({ method, body }) => [method, JSON.parse(body.toString())]);
    expect(sent).toEqual([
      ['POST', { query: QUERY, variables: { n: 2 } }],
      ['POST', { query: QUERY, variables: { n: 2, after: 'c=1' } }],
      ['POST', { query: QUERY, variables: { n: 2, after: 'c=2' } }],
    ]);
  });

  it('errors end it: partial data is joined, exit 5', async () => {
    await writeFile(join(folders.cwd, 'things.graphql'), QUERY);
    const errors = ',"errors":[{"message":"too deep"}]';
    const bodies = [page('[1]', '"a"', true), page('[2]', '"b"', true, errors), page('[3]', 'null', false)];
    const result = await paginated({ bodies, isInOrder: true }, [...argv, '--json']);
    expect(result.exitCode).toBe(5);
    expect(result.json()).toMatchObject({ body: [1, 2], pages: 2 });
    expect(result.error()).toMatchObject({ code: 'graphql_errors' });
    expect(result.error().message).toContain('too deep');
  });

  it('the same cursor again is a circle', async () => {
    await writeFile(join(folders.cwd, 'things.graphql'), QUERY);
    const result = await paginated({ bodies: [page('[1]', '"a"', true)] }, [...argv, '--json']);
    expect(result.exitCode).toBe(5);
    expect(result.error()).toMatchObject({ code: 'page_loop' });
    expect(result.json()).toMatchObject({ body: [1, 1] });
  });

  it('needs to be told the cursor and its variable', async () => {
    const result = await paginated({ bodies: THREE }, ['/things', '--graphql', 'things.graphql', '--json']);
    expect(result).toMatchObject({ exitCode: 2, targets: [] });
    expect(result.error().hint).toContain('--page-param after');
  });
});
