export interface Case {
  name: string;
  argv: readonly string[];
  /** Where the upstream answers, in the spelling that reaches it. */
  at: string;
  stdin?: string;
  /** What stands in the program's environment for what was typed. */
  variables?: Readonly<Record<string, string>>;
}

const JSON_FILE = '{"from": "a file", "id": 9007199254740993}\n';
const BYTES = new Uint8Array([0, 255, 13, 10, 34, 39, 0x80, 0x1b]);
const AWKWARD = `it's "quoted" $HOME \`id\` \\ !! %s * ~ #; & é 日本 🎉`;
const QUERY = `query ($login: String!) {
  user(login: $login) {
    name
  }
}
`;
export const FILES: Readonly<Record<string, string | Uint8Array>> = {
  'note.json': JSON_FILE,
  'a b,c.bin': BYTES,
  'empty.txt': '',
  'query.graphql': QUERY,
  '-dash.txt': 'a dash',
};

/** Every one is asked for as a program, and made by it as by `request` itself. */
export const CASES: readonly Case[] = [
  { name: 'a plain GET', argv: ['/v1/user'], at: '/v1/user' },
  {
    name: 'parameters',
    argv: [
      '/v1/search',
      '-q',
      'q=is:open author:me',
      '-q',
      'per_page=5',
      '-q',
      'pageToken=abc',
      '-q',
      'empty=',
    ],
    at: '/v1/search',
  },
  {
    name: 'parameters that a dictionary cannot hold',
    argv: [
      '/v1/search?z=1&a=x+y',
      '-q',
      'tag=b',
      '-q',
      'tag=a',
      '-q',
      'bare',
      '-q',
      'ids[]=1',
      '-q',
      '__proto__=1',
    ],
    at: '/v1/search',
  },
  {
    name: 'every kind of character in a parameter',
    argv: ['/v1/search', '-q', `q=${AWKWARD}+&=?/@:,`, '-q', 'n=007'],
    at: '/v1/search',
  },
  {
    name: 'a template, letters to be encoded, brackets',
    argv: ['/v1/repos/{owner}/ü a[1]/!$', '--path', "owner=me/you's"],
    at: "/v1/repos/me%2Fyou's/%C3%BC%20a[1]/!$",
  },
  {
    name: 'headers',
    argv: [
      '/v1/user',
      '-H',
      'Accept: application/vnd.github+json',
      '-H',
      `X-Note: it's "5" $HOME`,
      '-H',
      'X-Note: 2',
    ],
    at: '/v1/user',
  },
  {
    name: 'secrets in a header and a parameter',
    argv: ['/v1/user', '-H', 'X-Api-Key: sekret/1"2', '-q', 'key=sekret&3 é', '-q', 'page=2'],
    at: '/v1/user',
    variables: { X_API_KEY: 'sekret/1"2', KEY: 'sekret&3 é' },
  },
  {
    name: 'JSON',
    argv: [
      'POST',
      '/v1/notes',
      '-d',
      `{"title": ${JSON.stringify(AWKWARD)}, "a-b": [1, -2.5, true, null, [], {}]}`,
    ],
    at: '/v1/notes',
  },
  {
    name: 'JSON with a parameter',
    argv: ['POST', '/v1/notes?dry=1', '-d', '[{"a": 1}]', '-q', 'note=a b&c'],
    at: '/v1/notes',
  },
  { name: 'an empty JSON object', argv: ['PUT', '/v1/notes', '-d', '{}'], at: '/v1/notes' },
  {
    name: 'JSON that JavaScript would change',
    argv: ['POST', '/v1/notes', '-d', '{"id": 9007199254740993, "price": 1.10, "2": 1, "1": 2, "id": 1e400}'],
    at: '/v1/notes',
  },
  {
    name: 'JSON with keys that axios drops',
    argv: [
      'POST',
      '/v1/notes',
      '-d',
      '{"a": {"constructor": "Ferrari", "__proto__": {"x": 1}}}',
      '-q',
      'prototype=1',
    ],
    at: '/v1/notes',
  },
  { name: 'JSON that is no object', argv: ['POST', '/v1/notes', '-d', ' "text" '], at: '/v1/notes' },
  {
    name: 'secrets in JSON',
    argv: [
      'POST',
      '/v1/notes',
      '-d',
      '{"user": "it\'s me", "password": "sekret$1", "max_tokens": 5, "keys": {"api_key": ["sekret2"]}}',
    ],
    at: '/v1/notes',
    variables: { PASSWORD: 'sekret$1', API_KEY: 'sekret2' },
  },
  {
    name: 'a secret of the same name in a header and in JSON',
    argv: ['POST', '/v1/notes', '-H', 'password: sekret$1', '-d', '{"password": "sekret$1"}'],
    at: '/v1/notes',
    variables: { PASSWORD: 'sekret$1' },
  },
  {
    name: 'another JSON type',
    argv: ['PATCH', '/v1/notes', '-d', '{"op": "add"}', '-H', 'Content-Type: application/merge-patch+json'],
    at: '/v1/notes',
  },
  {
    name: 'fields',
    argv: [
      '/v1/notes',
      '-f',
      'title=Hello',
      '-F',
      'count=3',
      '-F',
      'labels[]=a',
      '-F',
      'labels[]=b',
      '-F',
      'owner[id]=9007199254740993',
    ],
    at: '/v1/notes',
  },
  {
    name: 'text',
    argv: [
      'POST',
      '/v1/notes',
      '-d',
      `@literally? ${AWKWARD}\n\ttab\r\nand \u001b[31mred\u0085\n`.replace('@', ''),
    ],
    at: '/v1/notes',
  },
  {
    name: 'text over lines',
    argv: [
      'POST',
      '/v1/notes',
      '-d',
      '-- one\n`two` ${three}\n"""four\\"""\n',
      '-H',
      'Content-Type: text/markdown',
    ],
    at: '/v1/notes',
  },
  {
    name: 'a body that is no JSON, said to be',
    argv: ['POST', '/v1/notes', '-d', ' {"a": } ', '-H', 'Content-Type: application/json'],
    at: '/v1/notes',
  },
  { name: 'an empty body', argv: ['POST', '/v1/notes', '-d', ''], at: '/v1/notes' },
  {
    name: 'an urlencoded form',
    argv: ['/v1/notes', '--urlencoded', `a=${AWKWARD}`, '--urlencoded', 'empty=', '--urlencoded', 'b[c]=1'],
    at: '/v1/notes',
  },
  {
    name: 'an urlencoded form whose names an object would put first, or lose',
    argv: ['/v1/notes', '--urlencoded', 'a=1', '--urlencoded', '9=3', '--urlencoded', '__proto__=4'],
    at: '/v1/notes',
  },
  {
    name: 'an urlencoded form with a secret, a field that comes twice',
    argv: [
      '/v1/notes',
      '--urlencoded',
      'a=1',
      '--urlencoded',
      'a=2',
      '--urlencoded',
      'client_secret=sekret +',
    ],
    at: '/v1/notes',
    variables: { CLIENT_SECRET: 'sekret +' },
  },
  {
    name: 'a form given as text, with a charset',
    argv: [
      '/v1/notes',
      '-d',
      'a=1+2&b=%C3%A9',
      '-H',
      'Content-Type: application/x-www-form-urlencoded; charset=utf-8',
    ],
    at: '/v1/notes',
  },
  {
    name: 'a multipart form',
    argv: [
      '/v1/notes',
      '--form',
      `note=${AWKWARD}`,
      '--form',
      'at=<literally;type=text/plain',
      '--form',
      'token=sekret4',
      '--form',
      'file=@note.json;type=application/json',
      '--form',
      'file=@a b,c.bin;type=application/x-thing;filename=other name.bin',
    ],
    at: '/v1/notes',
    variables: { TOKEN: 'sekret4' },
  },
  { name: 'a JSON file', argv: ['POST', '/v1/notes', '-d', '@note.json'], at: '/v1/notes' },
  {
    name: 'a binary file',
    argv: ['PUT', '/v1/notes', '-d', '@a b,c.bin', '-H', 'content-type: application/x-thing'],
    at: '/v1/notes',
  },
  {
    name: 'a file whose name begins with a dash',
    argv: ['PUT', '/v1/notes', '-d', '@-dash.txt'],
    at: '/v1/notes',
  },
  { name: 'an empty file', argv: ['PUT', '/v1/notes', '-d', '@empty.txt'], at: '/v1/notes' },
  {
    name: 'stdin',
    argv: ['PUT', '/v1/notes', '-d', '-', '-H', 'content-type: text/plain'],
    at: '/v1/notes',
    stdin: 'from stdin\né',
  },
  {
    name: 'stdin in a form',
    argv: ['/v1/notes', '--form', 'file=@-;type=text/plain;filename=typed.txt'],
    at: '/v1/notes',
    stdin: 'from stdin\né',
  },
  { name: 'DELETE', argv: ['DELETE', '/v1/notes/1', '-q', 'force=true'], at: '/v1/notes/1' },
  { name: 'DELETE with a body', argv: ['DELETE', '/v1/notes/1', '-d', '{"why": "old"}'], at: '/v1/notes/1' },
  { name: 'an unusual method', argv: ['-X', 'PURGE', '/v1/notes/1'], at: '/v1/notes/1' },
  {
    name: 'GraphQL',
    argv: ['/graphql', '--graphql', 'query.graphql', '-F', 'login=me'],
    at: '/graphql',
  },
];
