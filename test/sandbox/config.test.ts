import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  loadSandboxConfig,
  type SandboxConfig,
  SandboxConfigError,
  startSandbox,
} from '../../src/sandbox/start.ts';
import { connector, oneConnection } from './support/sandbox.ts';

async function folder(files: Record<string, string>): Promise<(name: string) => string> {
  const path = await mkdtemp(join(tmpdir(), 'sk-connect-config-'));
  onTestFinished(() => rm(path, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(path, name), text);
  return (name) => join(path, name);
}

async function problemsOf(promise: Promise<unknown>): Promise<SandboxConfigError> {
  const error: unknown = await promise.then(
    () => 'no error',
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(SandboxConfigError);
  return error as SandboxConfigError;
}

const YAML = `environment:
  client_id: skc_1
  client_secret: \${SECRET}
connectors:
  - ./notes.json
  - display_name: Inline
    proxy_url: https://api.example.com/{{version}}
    proxy_enabled: true
    auth_patterns:
      - type: API_KEY
        fields:
          - { field_name: api_key, required: true }
          - { field_name: version }
connections:
  - name: notes
    connector: notes
    oauth: { client_id: id, client_secret: "pre-\${OAUTH_SECRET}" }
accounts:
  - connection: notes
    identifier: user_$1
    credentials: { access_token: "\${TOKEN}", expires_in: 60 }
`;

const NOTES = connector({
  display_name: 'Notes',
  description: '${NOT_FILLED}',
  auth_patterns: [
    {
      type: 'OAUTH',
      oauth_config: { authorize_uri: 'https://a.example/a', token_uri: 'https://a.example/t' },
    },
  ],
});

describe('loadSandboxConfig', () => {
  it('reads YAML with connectors from files, and fills variables where secrets are', async () => {
    const at = await folder({ 'sandbox.yaml': YAML, 'notes.json': JSON.stringify(NOTES, null, '\t') });
    const config = await loadSandboxConfig(at('sandbox.yaml'), {
      SECRET: 's',
      OAUTH_SECRET: 'o',
      TOKEN: 't',
    });
    expect(config.environment?.client_secret).toBe('s');
    expect(config.connectors[0]).toEqual(NOTES);
    expect(config.connectors[1]?.display_name).toBe('Inline');
    expect(config.connections[0]?.oauth?.client_secret).toBe('pre-o');
    expect(config.accounts?.[0]).toMatchObject({ identifier: 'user_$1', credentials: { access_token: 't' } });
  });

  it('reads JSON, tabs included', async () => {
    const config = oneConnection();
    const at = await folder({ 'sandbox.json': JSON.stringify(config, null, '\t') });
    expect(await loadSandboxConfig(at('sandbox.json'))).toEqual(config);
  });

  it('a variable that is not set, with its place', async () => {
    const at = await folder({ 'sandbox.yaml': YAML, 'notes.json': JSON.stringify(NOTES) });
    const { problems, file } = await problemsOf(
      loadSandboxConfig(at('sandbox.yaml'), { SECRET: 's', TOKEN: 't' }),
    );
    expect(file).toBe(at('sandbox.yaml'));
    expect(problems).toEqual([
      {
        path: 'connections[0].oauth.client_secret',
        line: 17,
        column: 44,
        message: 'the variable OAUTH_SECRET is not set',
      },
    ]);
  });

  it('everything that is wrong, each with its place, not only the first', async () => {
    const at = await folder({
      'sandbox.yaml': `connectors: []
connections:
  - name: a
    connector: nope
  - connector: 5
    name: a/b
    colour: red
  - connector: 6
acounts: []
`,
    });
    const error = await problemsOf(loadSandboxConfig(at('sandbox.yaml')));
    expect(error.message.split('\n')).toEqual([
      `${at('sandbox.yaml')}:6:11 connections[1].name: may hold letters, digits, spaces, and _ : - only`,
      `${at('sandbox.yaml')}:5:16 connections[1].connector: must be a string`,
      `${at('sandbox.yaml')}:7:13 connections[1].colour: is not known here`,
      `${at('sandbox.yaml')}:8:5 connections[2].name: is required`,
      `${at('sandbox.yaml')}:8:16 connections[2].connector: must be a string`,
      `${at('sandbox.yaml')}:9:10 acounts: is not known here`,
    ]);
  });

  it('what is wrong in one part hides nothing of the others', async () => {
    const at = await folder({
      'sandbox.yaml': `connectors: []
connections: [{ name: notes, connector: nowhere }]
allow_hosts: ["*"]
accounts: [{ connection: elsewhere, identifier: u }]
faults: [{ match: { connection_name: lost }, effect: { status: 503 } }]
environment: { refresh_ahead: -1 }
bogus: 1
`,
    });
    const error = await problemsOf(loadSandboxConfig(at('sandbox.yaml'), {}));
    expect(error.problems.map(({ path }) => path).toSorted()).toEqual([
      'accounts[0].connection',
      'allow_hosts[0]',
      'bogus',
      'connections[0].connector',
      'environment.refresh_ahead',
      'faults[0].match.connection_name',
    ]);
  });

  it('a problem inside a connector file names that file', async () => {
    const wrong =
      '{\n  "display_name": "X",\n  "proxy_url": "ftp://x",\n  "auth_patterns": [{ "type": "BEARER" }]\n}';
    const at = await folder({ 'c.yaml': 'connectors: [x.json]\nconnections: []\n', 'x.json': wrong });
    const { problems } = await problemsOf(loadSandboxConfig(at('c.yaml')));
    expect(problems).toEqual([
      {
        path: 'connectors[0].proxy_url',
        file: at('x.json'),
        line: 3,
        column: 16,
        message: 'must be https:// (http:// on loopback only)',
      },
    ]);
  });

  it.each([
    ['a config that is not there', {}, /^.*c\.yaml: cannot be read \(ENOENT\)$/],
    ['broken YAML', { 'c.yaml': 'connectors: [\n  - }' }, /c\.yaml:2:\d+: /],
    ['an empty file', { 'c.yaml': '' }, /c\.yaml:1:1: must be a mapping/],
    [
      'a connector file that is not there, and what else is wrong',
      {
        'c.yaml': 'connectors: [no.json, x.json]\nconnections: [{ name: a }]\nacounts: []\n',
        'x.json': '{"display_name": "X!"}',
      },
      /no\.json cannot be read[^]*connections\[0\]\.connector: is required[^]*acounts: is not known here[^]*connectors\[1\]\.display_name: may/,
    ],
    [
      'a connector file that is not there',
      { 'c.yaml': 'connectors: [no.json]\nconnections: []' },
      /c\.yaml:1:14 connectors\[0\]: .*no\.json cannot be read \(ENOENT\)$/,
    ],
    [
      'a broken connector file',
      { 'c.yaml': 'connectors: [x.json]\nconnections: []', 'x.json': '{"a": ' },
      /x\.json:1:\d+ connectors\[0\]: /,
    ],
    [
      'a duplicate key',
      { 'c.yaml': 'connectors: []\nconnectors: []\nconnections: []' },
      /c\.yaml:2:1: .*unique/i,
    ],
  ])('%s', async (_what, files, message) => {
    const at = await folder(files);
    expect((await problemsOf(loadSandboxConfig(at('c.yaml')))).message).toMatch(message);
  });
});

type Change = (config: SandboxConfig) => void;

function firstPattern(config: SandboxConfig) {
  const pattern = config.connectors[0]?.auth_patterns[0];
  if (!pattern) throw new Error('no pattern');
  return pattern;
}

describe('startSandbox refuses', () => {
  it.each<[string, Change, string]>([
    [
      'a duplicate connection',
      (c) => c.connections.push({ name: 'demo', connector: 'demo' }),
      'connections[1].name: another connection is called demo',
    ],
    [
      'a duplicate connector',
      (c) => c.connectors.push(connector({ display_name: 'DEMO' })),
      'connectors[1].display_name: another connector has the identifier demo',
    ],
    [
      'an unknown connector',
      (c) => c.connections.push({ name: 'b', connector: 'x' }),
      'connections[1].connector: names x, but there is no such connector',
    ],
    [
      'an auth type that the connector lacks',
      (c) => c.connections.push({ name: 'b', connector: 'demo', auth_type: 'BASIC' }),
      'connections[1].auth_type: the connector has no BASIC, only BEARER',
    ],
    [
      'OAUTH without its endpoints',
      (c) => Object.assign(firstPattern(c), { type: 'OAUTH' }),
      'connectors[0].auth_patterns[0].oauth_config.authorize_uri: is required for OAUTH',
    ],
    [
      'OAUTH without a client',
      (c) =>
        Object.assign(firstPattern(c), {
          type: 'OAUTH',
          oauth_config: { authorize_uri: 'https://a.example', token_uri: 'https://a.example' },
        }),
      'connections[0].oauth: is required for OAUTH',
    ],
    [
      'an OAuth client elsewhere',
      (c) => Object.assign(c.connections[0] ?? {}, { oauth: { client_id: 'x' } }),
      'connections[0].oauth: does not go with BEARER',
    ],
    [
      'oauth_config elsewhere',
      (c) => Object.assign(firstPattern(c), { oauth_config: {} }),
      'connectors[0].auth_patterns[0].oauth_config: does not go with BEARER',
    ],
    [
      'a token_uri that is not https',
      (c) =>
        Object.assign(firstPattern(c), {
          type: 'OAUTH',
          oauth_config: { authorize_uri: 'https://a.example', token_uri: 'http://a.example' },
        }),
      'oauth_config.token_uri: must be https://',
    ],
    [
      'a placeholder without a field',
      (c) => Object.assign(c.connectors[0] ?? {}, { proxy_url: 'https://{{domain}}/x' }),
      'connectors[0].auth_patterns[0].fields: no field gives a value for {{domain}}',
    ],
    [
      'plain http to elsewhere',
      (c) => Object.assign(c.connectors[0] ?? {}, { proxy_url: 'http://api.example.com' }),
      'connectors[0].proxy_url: must be https:// (http:// on loopback only)',
    ],
    [
      'a URL with credentials',
      (c) => Object.assign(c.connectors[0] ?? {}, { proxy_url: 'https://u:p@api.example.com' }),
      'connectors[0].proxy_url: must not hold credentials',
    ],
    [
      'no URL',
      (c) => Object.assign(c.connectors[0] ?? {}, { proxy_url: 'api.example.com' }),
      'connectors[0].proxy_url: is not a URL',
    ],
    [
      'a long display name',
      (c) => Object.assign(c.connectors[0] ?? {}, { display_name: 'x'.repeat(200) }),
      'connectors[0].display_name: must have fewer than 200 characters',
    ],
    [
      'a display name without letters',
      (c) => Object.assign(c.connectors[0] ?? {}, { display_name: '  ' }),
      'connectors[0].display_name: has no letter or digit',
    ],
    [
      'too much metadata',
      (c) =>
        Object.assign(c.connectors[0] ?? {}, {
          metadata: Object.fromEntries(Array.from({ length: 21 }, (_one, index) => [`key${index}`, 'v'])),
        }),
      'connectors[0].metadata: has more than 20 pairs',
    ],
    [
      'a short metadata key',
      (c) => Object.assign(c.connectors[0] ?? {}, { metadata: { a: 'v' } }),
      'connectors[0].metadata.a: keys have 3 to 25 characters',
    ],
    [
      'no pattern',
      (c) => Object.assign(c.connectors[0] ?? {}, { auth_patterns: [] }),
      'connectors[0].auth_patterns: needs at least one pattern',
    ],
    [
      'an unknown auth type',
      (c) => Object.assign(firstPattern(c), { type: 'MAGIC' }),
      'connectors[0].auth_patterns[0].type: must be one of OAUTH, BASIC, BEARER, API_KEY, NO_AUTH',
    ],
    [
      'two patterns of a type',
      (c) => c.connectors[0]?.auth_patterns.push({ type: 'BEARER' }),
      'connectors[0].auth_patterns[1].type: there is another BEARER pattern',
    ],
    [
      'a field twice',
      (c) => firstPattern(c).fields?.push({ field_name: 'token' }),
      'connectors[0].auth_patterns[0].fields[1].field_name: token is declared twice',
    ],
    [
      'is_mcp in some patterns only',
      (c) => c.connectors[0]?.auth_patterns.push({ type: 'NO_AUTH', is_mcp: true }),
      'connectors[0].auth_patterns[0].is_mcp: must be true in every pattern',
    ],
    [
      'NO_AUTH without MCP',
      (c) => Object.assign(firstPattern(c), { type: 'NO_AUTH' }),
      'connectors[0].auth_patterns[0].type: NO_AUTH is for MCP connectors only',
    ],
    [
      'a mutation of nothing known',
      (c) => Object.assign(firstPattern(c), { auth_field_mutations: { secret: {} } }),
      'connectors[0].auth_patterns[0].auth_field_mutations.secret: is not known here',
    ],
    [
      'a header that is none',
      (c) => Object.assign(firstPattern(c), { auth_header_key_override: 'X Key' }),
      'connectors[0].auth_patterns[0].auth_header_key_override: is not a header name',
    ],
    [
      'an account on an unknown connection',
      (c) => Object.assign(c, { accounts: [{ connection: 'x', identifier: 'u' }] }),
      'accounts[0].connection: no connection is called x',
    ],
    [
      'an account twice',
      (c) =>
        Object.assign(c, {
          accounts: [
            { connection: 'demo', identifier: 'u' },
            { connection: 'demo', identifier: 'u' },
          ],
        }),
      'accounts[1].identifier: another account has this connection and identifier',
    ],
    [
      'an identifier of more than 100 characters',
      (c) => Object.assign(c, { accounts: [{ connection: 'demo', identifier: 'u'.repeat(101) }] }),
      'accounts[0].identifier: is longer than 100 characters',
    ],
    [
      'a lifetime of nothing',
      (c) => Object.assign(c, { environment: { token_lifetime: 0 } }),
      'environment.token_lifetime: must be more than 0',
    ],
    [
      'a credential that is no text',
      (c) =>
        Object.assign(c, {
          accounts: [{ connection: 'demo', identifier: 'u', credentials: { token: true } }],
        }),
      'accounts[0].credentials.token: must be a string or a number',
    ],
    [
      'connections that are no list',
      (c) => Object.assign(c, { connections: {} }),
      'connections: must be a list',
    ],
    ['no connectors', (c) => Reflect.deleteProperty(c, 'connectors'), 'connectors: is required'],
  ])('%s', async (_what, change, message) => {
    const config = oneConnection();
    change(config);
    const error = await problemsOf(startSandbox({ config }));
    expect(error.message).toContain(`sandbox config `);
    expect(error.message).toContain(message);
  });

  it('nothing of what Scalekit may add to its payload', async () => {
    const config = oneConnection({ identifier: 'x', created_at: 1 } as object);
    await (await startSandbox({ config })).close();
  });

  it('a port that is taken', async () => {
    const first = await startSandbox({ config: oneConnection() });
    onTestFinished(() => first.close());
    await expect(startSandbox({ config: oneConnection(), port: first.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });
});
