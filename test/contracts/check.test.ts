import { describe, expect, it } from 'vitest';
import { loaded, problemsOf } from './support/files.ts';

describe('a file that is wrong', () => {
  it('is told all of it, each problem with its place', async () => {
    const text = `tools:
  - name: get item
    input_schema: { type: object, properties: { id: { type: string } }, required: [id] }
    request:
      path: items/{{id}}
      method: get
  - name: add
    input_schema:
      type: object
      properties:
        title: { type: string }
        count: { type: nonsense }
    request:
      connection: "{{connection}}"
      method: GET
      path: /items/{{title}}
      headers:
        authorization: Bearer {{title}}
      body: { title: "{{titel}}", more: [1, "{{ open"] }
    output: "{title"
    error: .message
  - name: add
    input_schema: { type: object }
    request: { path: /items, qurey: {} }
`;
    expect(await problemsOf({ 'tools.yaml': text })).toEqual([
      'tools.yaml:2:11 tools[0].name: must match pattern "^[a-zA-Z0-9_-]{1,64}$", not "get item"',
      'tools.yaml:5:13 tools[0].request.path: must match pattern "^/", not "items/{{id}}"',
      'tools.yaml:6:15 tools[0].request.method: must be one of ["GET","HEAD","POST","PUT","PATCH","DELETE","OPTIONS"], not "get"',
      'tools.yaml:12:24 tools[1].input_schema.properties.count.type: is no JSON Schema: must be one of ["array","boolean","integer","null","number","object","string"], not "nonsense"',
      'tools.yaml:14:19 tools[1].request.connection: takes no placeholder: no model may choose the connection',
      'tools.yaml:16:13 tools[1].request.path: {{title}} may be left out, and the path needs it: make it required, or give it a default',
      'tools.yaml:19:7 tools[1].request.body: is not sent with GET: use query, or another method',
      'tools.yaml:19:22 tools[1].request.body.title: {{titel}} is no input: input_schema has title, count',
      expect.stringMatching(
        /^tools\.yaml:19:45 tools\[1\]\.request\.body\.more\[1\]: "\{\{ open" opens a placeholder/,
      ),
      expect.stringMatching(/^tools\.yaml:20:13 tools\[1\]\.output: is no jq expression: syntax error/),
      'tools.yaml:21:12 tools[1].error: words an error that nothing tells: say when with fail_when',
      'tools.yaml:22:11 tools[2].name: add is the name of tools[1] already',
      'tools.yaml:24:30 tools[2].request.qurey: is not known here: did you mean query?',
    ]);
  });

  it.each(['# my tools\n', 'null'])('is empty: %j', async (text) => {
    expect(await problemsOf({ 'tools.yaml': text })).toEqual([
      'tools.yaml:1:1: is empty: write tools: and a list of them',
    ]);
  });

  it('in JSON too', async () => {
    const tool = { name: 'a', input_schema: { type: 'object' }, request: { path: '/a' }, reed_only: true };
    expect(await problemsOf({ 'tools.json': JSON.stringify({ tools: [tool] }, null, '\t') })).toEqual([
      'tools.json:11:17 tools[0].reed_only: is not known here: did you mean read_only?',
    ]);
  });
});

const tool = (parts: object) =>
  JSON.stringify({
    tools: [
      {
        name: 'tool',
        input_schema: {
          type: 'object',
          properties: { id: { type: 'string' }, n: { type: 'integer' } },
          required: ['id'],
        },
        request: { path: '/a' },
        ...parts,
      },
    ],
  });

describe('refused is', () => {
  it.each<[string, object, string]>([
    ['a request without a path', { request: {} }, 'tools[0].request.path: is required'],
    [
      'an input schema of another type',
      { input_schema: { type: 'string' } },
      'tools[0].input_schema.type: must be "object"',
    ],
    [
      'a schema that refers to nothing',
      { input_schema: { type: 'object', properties: { id: { $ref: '#/nowhere' } } } },
      "is no JSON Schema: can't resolve reference #/nowhere",
    ],
    [
      'an output schema that is none',
      { output_schema: { type: 5 } },
      'tools[0].output_schema.type: is no JSON Schema',
    ],
    [
      'a path that leaves the connector',
      { request: { path: '/a/../b' } },
      'tools[0].request.path: the path "/a/../b" holds a “.” or “..” segment',
    ],
    [
      'a path with a fragment',
      { request: { path: '/a#b' } },
      'tools[0].request.path: the path "/a#b" holds “#”',
    ],
    [
      'a header that Scalekit sets',
      { request: { path: '/a', headers: { Authorization: 'x' } } },
      'tools[0].request.headers.Authorization: the header Authorization cannot be set',
    ],
    [
      'a header that is none',
      { request: { path: '/a', headers: { 'a b': 'x' } } },
      'tools[0].request.headers["a b"]: "a b" is not a header name',
    ],
    [
      'a header that no header can carry',
      { request: { path: '/a', headers: { a: 'é' } } },
      'tools[0].request.headers.a: the value of header a holds “é”',
    ],
    [
      'a connection that no header can carry',
      { request: { path: '/a', connection: 'é' } },
      'tools[0].request.connection: the connection name "é" holds',
    ],
    [
      'an object in the query',
      { request: { path: '/a', query: { q: { a: 1 } } } },
      'tools[0].request.query.q: must be string or number or boolean',
    ],
    [
      'a placeholder of no input',
      { request: { path: '/a', query: { q: ['x {{nope}}'] } } },
      'tools[0].request.query.q[0]: {{nope}} is no input: input_schema has id, n',
    ],
    [
      'a path that may be left open',
      { request: { path: '/a/{{n}}' } },
      'tools[0].request.path: {{n}} may be left out',
    ],
    [
      'a jq expression that is none',
      { fail_when: '.a ==' },
      'tools[0].fail_when: is no jq expression: syntax error',
    ],
    [
      'a jq expression that closes what it is put into',
      { output: '.a) | (.b' },
      'tools[0].output: is no jq expression',
    ],
    ['a next that is no jq', { pages: { next: '.a[' } }, 'tools[0].pages.next: is no jq expression'],
    ['pages without end', { pages: { max_pages: 0 } }, 'tools[0].pages.max_pages: must be >= 1'],
    ['a base URL that is none', { pages: { next: '.n', base_url: 'https://' } }, 'tools[0].pages.base_url: '],
    [
      'an example that does not fit',
      { examples: [{ input: { id: 'a' } }, { input: { id: 5, n: 'x' } }] },
      'tools[0].examples[1].input.id: must be string, not 5',
    ],
    ['a name that is too long', { name: 'n'.repeat(65) }, 'tools[0].name: must match pattern'],
  ])('%s', async (_what, parts, expected) => {
    expect((await problemsOf({ 'tools.json': tool(parts) })).join('\n')).toContain(expected);
  });

  it.each([
    ['nothing', '', 'tools.yaml:1:1: is empty: write tools: and a list of them'],
    ['no tools', 'tools: []', 'tools.yaml:1:8 tools: must NOT have fewer than 1 items, not []'],
    ['what is no YAML', 'tools:\n  - name: "a\n', 'tools.yaml:3:1: Missing closing "quote'],
    ['a key that comes twice', 'tools: []\ntools: []', 'tools.yaml:2:1: Map keys must be unique'],
    ['an anchor that is none', 'tools: *nowhere', 'Unresolved alias'],
    [
      'an integer that would be another',
      'tools: [{ name: 9007199254740993 }]',
      'tools.yaml:1:17: 9007199254740993 would be read as 9007199254740992: write it as a text, in quotes',
    ],
  ])('%s', async (_what, text, expected) => {
    expect((await problemsOf({ 'tools.yaml': text })).join('\n')).toContain(expected);
  });
});

describe('taken is', () => {
  it.each<[string, object]>([
    ['the identifier that the caller is', { request: { path: '/a/{{identifier}}' } }],
    [
      'an input with a default in the path',
      {
        input_schema: { type: 'object', properties: { id: { default: 'me' } } },
        request: { path: '/a/{{id}}' },
      },
    ],
    [
      'an input from a part of the schema',
      {
        input_schema: { type: 'object', allOf: [{ properties: { q: {} } }] },
        request: { path: '/a', query: { q: '{{q}}' } },
      },
    ],
    ['jq that ends in a comment', { output: '.a # the a', fail_when: '.b # or c' }],
    ['jq with functions and bindings of its own', { output: 'def f: .a; f as $x | $x' }],
    [
      'draft 7',
      {
        input_schema: { $schema: 'http://json-schema.org/draft-07/schema#', type: 'object', definitions: {} },
      },
    ],
    [
      '2020-12',
      {
        input_schema: { $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object', $defs: {} },
      },
    ],
    [
      'an example that a default completes',
      {
        input_schema: {
          type: 'object',
          properties: { a: { default: 1 }, identifier: {} },
          required: ['a', 'identifier'],
        },
        examples: [{ input: {} }],
      },
    ],
    ['pages by Link headers', { pages: true }],
  ])('%s', async (_what, parts) => {
    expect(await loaded({ 'tools.json': tool(parts) })).toHaveLength(1);
  });

  it('YAML with anchors, merged mappings, CRLF, a byte order mark, and a place for anchors', async () => {
    const text = `\uFEFFx-shared:
  request: &gmail { connection: gmail }
tools:
  - name: a
    input_schema: { type: object }
    request: { <<: *gmail, path: /a }
  - name: b
    input_schema: { type: object }
    request:
      <<: *gmail
      path: /b
`.replaceAll('\n', '\r\n');
    const tools = await loaded({ 'tools.yml': text });
    expect(tools).toMatchObject([
      {
        contract: { name: 'a', request: { connection: 'gmail', path: '/a' } },
        place: { file: 'tools.yml', line: 4, column: 5 },
      },
      {
        contract: { name: 'b', request: { connection: 'gmail', path: '/b' } },
        place: { line: 7, column: 5 },
      },
    ]);
  });
});
