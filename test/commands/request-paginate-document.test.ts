import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { folders, type RunOptions } from './run.ts';
import { useEnvironment } from './support/environment.ts';
import { type Pages, paginate, THREE } from './support/pages.ts';

vi.setConfig({ testTimeout: 20_000 });
const environment = useEnvironment();
const paginated = (pages: Pages, argv?: readonly string[], options?: RunOptions) =>
  paginate(environment, pages, argv, options);

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
    for (const argv of [[], ['--stream'], ['--jq', '.[]', '-r'], ['--stream', '--jq', '.', '-r']]) {
      const result = await paginated({ bodies, ...links }, [...argv, '--no-color'], {
        terminal: ['stdout'],
      });
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
    const both = await paginated(pages, ['--output', 'pages.json', '--json', '--jq', '.pages']);
    expect(both).toMatchObject({ exitCode: 0, stdout: '3\n' });
    expect(JSON.parse(await readFile(join(folders.cwd, 'pages.json'), 'utf8'))).toHaveLength(4);
  });

  it('saves what --jq makes of it', async () => {
    const pages = { bodies: THREE, ...links };
    const saved = () => readFile(join(folders.cwd, 'pages.json'), 'utf8');
    const onTerminal = { terminal: ['stdout'] as const };
    const filtered = await paginated(pages, ['--output', 'pages.json', '--jq', 'map(.id)'], onTerminal);
    expect(filtered).toMatchObject({ exitCode: 0, stdout: '' });
    expect(await saved()).toBe('[\n  1,\n  2,\n  3,\n  4\n]\n');
    const streamed = await paginated(
      pages,
      ['--output', 'pages.json', '--stream', '--jq', '{id}'],
      onTerminal,
    );
    expect(streamed).toMatchObject({ exitCode: 0, stdout: '' });
    expect(await saved()).toBe('{"id":1}\n{"id":2}\n{"id":3}\n{"id":4}\n');
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
