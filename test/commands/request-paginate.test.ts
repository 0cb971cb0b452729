import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { folders, type RunOptions } from './run.ts';
import { rememberTokens } from './support/credentials.ts';
import { useEnvironment } from './support/environment.ts';
import { type Pages, pagesAt } from './support/pages.ts';

vi.setConfig({ testTimeout: 20_000 });
const environment = useEnvironment();
const ACCOUNT = ['-c', 'rest', '-i', 'user_1'];

/** Pages at /things, and what the command made of them. */
async function paginated(pages: Pages, argv: readonly string[] = [], options?: RunOptions) {
  const { rest } = environment;
  pagesAt(rest, '/things', pages);
  rest.received.length = 0;
  const path = argv[0]?.startsWith('/') === true ? [] : ['/things'];
  const result = await environment.run(['request', ...path, ...argv, '--paginate', ...ACCOUNT], options);
  return { ...result, targets: rest.received.map(({ url }) => url) };
}

const THREE = ['[{"id":1},{"id":2}]', '[{"id":3}]', '[{"id":4}]'];

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
  const argv = [
    ...['/things', '--graphql', 'things.graphql', '-F', 'n=2', '--items', '.data.things.nodes'],
    ...['--next', '.data.things.pageInfo | select(.hasNextPage).endCursor', '--page-param', 'after'],
  ];
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

describe('the document', () => {
  const odd = ['[9007199254740993, 1.10]', '[1e400,{"b" : -0.0,\r\n"a":"\\u00e9\\/", "b":1}]'];
  const links = { link: (n: number) => `<?page=${n}>; rel="next"` };

  it('keeps every literal, and moves white space only', async () => {
    const result = await paginated({ bodies: odd, ...links });
    expect(result.stdout).toBe('[9007199254740993,\n1.10,\n1e400,\n{"b":-0.0,"a":"\\u00e9\\/","b":1}]\n');
    const json = await paginated({ bodies: odd, ...links }, ['--json']);
    expect(json.stdout).toContain('"body":[9007199254740993,1.10,1e400,{"b":-0.0,"a":"\\u00e9\\/","b":1}]');
  });

  it('is laid out with --pretty, and on a terminal in colour', async () => {
    const pretty = await paginated({ bodies: odd, ...links }, ['--pretty']);
    const laidOut =
      '[\n  9007199254740993,\n  1.10,\n  1e400,\n  {\n    "b": -0.0,\n    "a": "\\u00e9\\/",\n    "b": 1\n  }\n]\n';
    expect(pretty.stdout).toBe(laidOut);
    const onTerminal = await paginated({ bodies: odd, ...links }, [], { terminal: ['stdout', 'stderr'] });
    expect(onTerminal.stdout).toContain('\u001b[33m9007199254740993\u001b[39m');
    // oxlint-disable-next-line no-control-regex -- colours
    expect(onTerminal.stdout.replace(/\u001b\[\d+m/g, '')).toBe(laidOut);
  });

  it('shows no control characters on a terminal', async () => {
    const bodies = ['["\u009b2J\u202e"]', '[1]'];
    for (const argv of [[], ['--stream'], ['--stream', '--jq', '.', '-r']]) {
      const result = await paginated({ bodies, ...links }, argv, { terminal: ['stdout'] });
      expect(result.exitCode).toBe(0);
      expect(result.stdout).not.toMatch(/[\u009b\u202e]/);
      expect(result.stdout).toContain('\\u009b2J\\u202e');
    }
  });

  it.each([
    ['empty pages between others', ['[]', '[1]', '[]', '[2]'], '[1,\n2]\n'],
    ['nothing at all', ['[]'], '[]\n'],
    ['empty pages only', ['[]', '[]', ' [ ] '], '[]\n'],
    ['objects', ['{"a": 1}', '{"a": 2}'], '[{"a":1},\n{"a":2}]\n'],
    ['single values', ['"a"', '"b"'], '["a",\n"b"]\n'],
    ['nested lists', ['[[1],[2]]', '[[]]'], '[[1],\n[2],\n[]]\n'],
    ['a byte order mark', ['\uFEFF[1]', '[2]'], '[1,\n2]\n'],
  ])('%s', async (_what, bodies, stdout) => {
    expect(await paginated({ bodies, ...links })).toMatchObject({ exitCode: 0, stdout });
    const streamed = await paginated({ bodies, ...links }, ['--stream']);
    const values = JSON.parse(stdout) as unknown[];
    expect(streamed.stdout).toBe(values.map((value) => `${JSON.stringify(value)}\n`).join(''));
  });

  it('joins what --items finds', async () => {
    const bodies = ['{"data":{"list":[{"id":1},{"id":2}]}}', '{"data":{"list":[{"id":3}]}}'];
    for (const expression of ['.data.list', '.data.list[]', '.data.list[] | {id}']) {
      expect((await paginated({ bodies, ...links }, ['--items', expression])).json()).toEqual([
        { id: 1 },
        { id: 2 },
        { id: 3 },
      ]);
    }
    const mistyped = await paginated({ bodies, ...links }, ['--items', '.data.lits']);
    expect(mistyped).toMatchObject({ exitCode: 0, stdout: '[]\n' });
    expect(mistyped.stderr).toContain('--items .data.lits found nothing on any page.');
  });

  it('--jq filters all of it, --stream --jq each value', async () => {
    const pages = { bodies: THREE, ...links };
    expect(await paginated(pages, ['--jq', 'map(.id) | add'])).toMatchObject({ exitCode: 0, stdout: '10\n' });
    expect((await paginated(pages, ['--stream', '--jq', '.id'])).stdout).toBe('1\n2\n3\n4\n');
    expect((await paginated(pages, ['--stream', '--jq', '{id}'])).stdout).toBe(
      '{"id":1}\n{"id":2}\n{"id":3}\n{"id":4}\n',
    );
    const raw = await paginated({ bodies: ['["a","b"]'] }, ['--stream', '--jq', '.', '-r']);
    expect(raw.stdout).toBe('a\nb\n');
    const failing = await paginated(pages, ['--stream', '--jq', 'if .id == 3 then error("no") else .id end']);
    expect(failing).toMatchObject({ exitCode: 2, stdout: '1\n2\n' });
  });

  it('--json tells of the last page, with all of the items', async () => {
    const result = await paginated({ bodies: THREE, ...links }, ['--json']);
    expect(result).toMatchObject({ exitCode: 0, stderr: '' });
    expect(result.json()).toMatchObject({
      status: 200,
      headers: { 'x-page': '3' },
      body: [{ id: 1 }, { id: 2 }, { id: 3 }, { id: 4 }],
      bodyEncoding: 'json',
      durationMs: expect.any(Number),
      pages: 3,
      items: 4,
    });
    const counts = await paginated({ bodies: THREE, ...links }, ['--json', '--jq', '[.pages, .items]']);
    expect(JSON.parse(counts.stdout)).toEqual([3, 4]);
  });

  it('is what is expected of', async () => {
    const pages = { bodies: THREE, ...links };
    const argv = ['--expect', 'length == 4', '--expect-status', '200', '--expect-header', 'X-Page: 3'];
    expect(await paginated(pages, argv)).toMatchObject({ exitCode: 0 });
    expect(await paginated(pages, ['--expect', 'length == 5'])).toMatchObject({ exitCode: 1 });
  });

  it('gzip, and JSON under another type', async () => {
    const pages = {
      bodies: THREE.map((body) => gzipSync(body)),
      ...links,
      headers: { 'content-encoding': 'gzip' },
    };
    expect((await paginated(pages)).json()).toHaveLength(4);
    const typed = { bodies: THREE, ...links, headers: { 'content-type': 'text/javascript; charset=utf-8' } };
    expect((await paginated(typed)).json()).toHaveLength(4);
  });

  it('of 300 pages', async () => {
    const bodies = Array.from({ length: 300 }, (_, index) => JSON.stringify([{ id: index }]));
    const result = await paginated({ bodies, ...links });
    expect(result).toMatchObject({ exitCode: 0, stderr: '300 pages, 300 items\n' });
    expect((result.json() as { id: number }[]).map(({ id }) => id)).toEqual(bodies.map((_, index) => index));
  });

  it('of pages with 10,000 items', async () => {
    const list = (page: number) =>
      JSON.stringify(
        Array.from({ length: 10_000 }, (_, index) => ({ id: page * 10_000 + index, name: 'thing é' })),
      );
    const result = await paginated({ bodies: [list(0), list(1), list(2)], ...links });
    expect(result).toMatchObject({ exitCode: 0, stderr: '3 pages, 30,000 items\n' });
    expect((result.json() as { id: number }[]).at(-1)).toEqual({ id: 29_999, name: 'thing é' });
  });
});

describe('--output', () => {
  const links = { link: (n: number) => `<?page=${n}>; rel="next"` };
  const files = async () => (await readdir(folders.cwd)).filter((name) => name.startsWith('pages'));

  it('saves the document', async () => {
    const result = await paginated({ bodies: THREE, ...links }, ['--output', 'pages.json']);
    expect(result).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: 'Saved 3 pages, 4 items to pages.json\n',
    });
    expect(await readFile(join(folders.cwd, 'pages.json'), 'utf8')).toBe(
      '[{"id":1},\n{"id":2},\n{"id":3},\n{"id":4}]\n',
    );
    expect(await files()).toEqual(['pages.json']);
  });

  it('saves values a line, and what was fetched before an error', async () => {
    const bodies = [THREE[0] ?? '', 'not JSON'];
    const result = await paginated({ bodies, ...links }, ['--stream', '--output', 'pages.json']);
    expect(result.exitCode).toBe(5);
    expect(await readFile(join(folders.cwd, 'pages.json'), 'utf8')).toBe('{"id":1}\n{"id":2}\n');
    expect(await files()).toEqual(['pages.json']);
  });

  it('touches nothing where the first page is an error already', async () => {
    await writeFile(join(folders.cwd, 'pages.json'), 'old');
    const result = await paginated({ bodies: ['{"error":"no"}'], status: () => 500 }, [
      '--output',
      'pages.json',
    ]);
    expect(result).toMatchObject({ exitCode: 5, stdout: '{"error":"no"}' });
    expect(await readFile(join(folders.cwd, 'pages.json'), 'utf8')).toBe('old');
    expect(await files()).toEqual(['pages.json']);
  });

  it('- is stdout, --json tells of the file', async () => {
    const pages = { bodies: THREE, ...links };
    const onTerminal = { terminal: ['stdout'] as const };
    expect((await paginated(pages, ['--output', '-'], onTerminal)).stdout).toBe(
      '[{"id":1},\n{"id":2},\n{"id":3},\n{"id":4}]\n',
    );
    const described = await paginated(pages, ['--output', 'pages.json', '--json']);
    expect(described.json()).toMatchObject({ body: null, bodyEncoding: null, pages: 3, items: 4 });
    expect(JSON.parse(await readFile(join(folders.cwd, 'pages.json'), 'utf8'))).toHaveLength(4);
  });

  it('a place that cannot be written is a usage error', async () => {
    const result = await paginated({ bodies: THREE, ...links }, ['--output', 'missing/pages.json', '--json']);
    expect(result).toMatchObject({ exitCode: 2 });
    expect(result.error().message).toContain('--output missing/pages.json cannot be written');
  });
});

describe('limits', () => {
  const links = { link: (n: number) => `<?page=${n}>; rel="next"` };

  it.each([
    [['--max-pages', '1'], 2, 1, '--max-pages'],
    [['--max-pages', '2'], 3, 2, '--max-pages'],
    [['--max-items', '1'], 1, 1, '--max-items'],
    [['--max-items', '2'], 2, 1, '--max-items'],
    [['--max-items', '3'], 3, 2, '--max-items'],
    [['--max-pages', '1', '--max-items', '1'], 1, 1, '--max-items'],
  ])('%j: %i items, %i calls', async (argv, items, calls, flag) => {
    const result = await paginated({ bodies: THREE, ...links }, argv);
    expect(result.exitCode).toBe(0);
    expect(result.json()).toHaveLength(items);
    expect(result.targets).toHaveLength(calls);
    expect(result.stderr).toContain(`Stopped at ${flag}: there are more.\n`);
    const streamed = await paginated({ bodies: THREE, ...links }, [...argv, '--stream']);
    expect(streamed.stdout.trimEnd().split('\n')).toHaveLength(items);
  });

  it.each([
    ['--max-pages', '3'],
    ['--max-items', '4'],
    ['--max-items', '99'],
  ])('%s %s is no limit for three pages', async (...argv) => {
    const result = await paginated({ bodies: THREE, ...links }, argv);
    expect(result).toMatchObject({ exitCode: 0, stderr: '3 pages, 4 items\n' });
  });

  it('a link that nobody follows may lead anywhere', async () => {
    const link = () => '<ftp://api.example.com/elsewhere>; rel="next"';
    const result = await paginated({ bodies: THREE, link }, ['--max-pages', '1']);
    expect(result).toMatchObject({
      exitCode: 0,
      stderr: '1 page, 2 items\nStopped at --max-pages: there are more.\n',
    });
  });
});

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
    ['the deadline', ['--timeout', '1'], 6],
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
});
