import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pathText } from '../../src/sandbox/config/problems.ts';
import type { AuthPattern } from '../../src/sandbox/config/types.ts';
import { connectorProblems, findProblems } from '../../src/sandbox/config/validate.ts';
import { configWarnings, connectorWarnings } from '../../src/sandbox/config/warnings.ts';
import { connector, oneConnection } from './support/sandbox.ts';

const OAUTH: AuthPattern = {
  type: 'OAUTH',
  fields: [],
  oauth_config: {
    authorize_uri: 'https://acme.example/authorize',
    token_uri: 'https://acme.example/token',
    user_info_uri: 'https://acme.example/me',
    available_scopes: [{ scope: 'read', display_name: 'Read', required: true }, { scope: 'write' }],
    pkce_enabled: true,
    custom_scope_name: 'user_scope',
  },
};

function connectorWith(pattern: object, definition: object = {}): unknown {
  return connector({ auth_patterns: [pattern as AuthPattern], ...definition });
}

function problemsOf(definition: unknown): string[] {
  return connectorProblems(definition).map(({ path, message }) => `${pathText(path)}: ${message}`);
}

describe('what Scalekit takes', () => {
  it.each<[string, unknown]>([
    ['OAuth with everything', connectorWith(OAUTH)],
    [
      'a bearer token',
      connectorWith({ type: 'BEARER', fields: [{ field_name: 'token', input_type: 'password' }] }),
    ],
    [
      'a user name alone, on a domain',
      connectorWith(
        { type: 'BASIC', fields: [{ field_name: 'domain' }, { field_name: 'username', input_type: 'text' }] },
        { proxy_url: 'https://{{domain}}/api' },
      ),
    ],
    [
      'a key in a header of its own, with a prefix',
      connectorWith({
        type: 'API_KEY',
        fields: [{ field_name: 'api_key', input_type: 'password', required: true }],
        auth_header_key_override: 'X-Api-Key',
        auth_field_mutations: { api_key: { prefix: 'Key ', suffix: '', default: 'none' } },
      }),
    ],
    [
      'OAuth with a named path parameter',
      connectorWith(
        { ...OAUTH, account_fields: [{ field_name: 'tenant', is_path_param: true }] },
        { proxy_url: 'https://acme.example/{{tenant}}/{{ tenant }}' },
      ),
    ],
    ['an MCP server without authentication', connectorWith({ type: 'NO_AUTH', is_mcp: true, fields: [] })],
    [
      'an MCP server with OAuth',
      connectorWith({ type: 'OAUTH', is_mcp: true, fields: [], oauth_config: { pkce_enabled: true } }),
    ],
    [
      'an MCP server with a choice',
      connector({
        auth_patterns: [
          { type: 'OAUTH', is_mcp: true, oauth_config: { pkce_enabled: true } },
          { type: 'BASIC', is_mcp: true },
        ],
      }),
    ],
    [
      'metadata at its limits',
      connector({ metadata: { abc: 'x', [`k${'y'.repeat(24)}`]: 'z'.repeat(256) } }),
    ],
    ['an icon', connector({ icon_src: 'https://cdn.example/icon.svg' })],
    [
      'http:// on loopback, which is the sandbox’s own',
      connector({ proxy_url: 'http://localhost:8080/api' }),
    ],
  ])('%s', (_what, definition) => {
    expect(problemsOf(definition)).toEqual([]);
  });
});

describe('what it refuses', () => {
  it.each<[string, unknown, string[]]>([
    ['no definition', 'x', [': must be a mapping']],
    [
      'an empty one',
      {},
      ['display_name: is required', 'proxy_url: is required', 'auth_patterns: is required'],
    ],
    [
      'a name with a dash',
      connector({ display_name: 'My-API' }),
      ['display_name: may hold letters, digits and spaces only'],
    ],
    [
      'a name of spaces',
      connector({ display_name: '  ' }),
      ['display_name: has no letter or digit to derive an identifier from'],
    ],
    ['an icon over http', connector({ icon_src: 'http://x/y.svg' }), ['icon_src: must be https://']],
    [
      'an open brace',
      connector({ proxy_url: 'https://a.example/{{x' }),
      ['proxy_url: has a brace that is no {{placeholder}}'],
    ],
    [
      'an empty placeholder',
      connector({ proxy_url: 'https://a.example/{{ }}' }),
      ['proxy_url: has a brace that is no {{placeholder}}'],
    ],
    ['a fragment', connector({ proxy_url: 'https://a.example/#x' }), ['proxy_url: must not have a fragment']],
    [
      'a named path parameter whose field is not marked',
      connectorWith(
        { type: 'BEARER', fields: [{ field_name: 'a' }, { field_name: 'org' }] },
        { proxy_url: 'https://a.example/{{org}}' },
      ),
      ['auth_patterns[0].fields[1].is_path_param: must be true, for {{org}} is a named path parameter'],
    ],
    [
      'a placeholder of OAuth that only fields have',
      connectorWith({ ...OAUTH, fields: [{ field_name: 'domain' }] }, { proxy_url: 'https://{{domain}}/' }),
      [
        'auth_patterns[0].fields: must be empty for OAUTH: what a user enters is in account_fields',
        'auth_patterns[0].account_fields: no field gives a value for {{domain}}',
      ],
    ],
    [
      'a placeholder of the user info',
      connectorWith({
        ...OAUTH,
        oauth_config: { ...OAUTH.oauth_config, user_info_uri: 'https://{{domain}}/me' },
      }),
      ['auth_patterns[0].account_fields: no field gives a value for {{domain}}'],
    ],
    [
      'a field in both lists',
      connectorWith({ type: 'BEARER', fields: [{ field_name: 'a' }], account_fields: [{ field_name: 'a' }] }),
      ['auth_patterns[0].account_fields[0].field_name: a is declared twice'],
    ],
    [
      'an input type',
      connectorWith({ type: 'BEARER', fields: [{ field_name: 'token', input_type: 'secret' }] }),
      ['auth_patterns[0].fields[0].input_type: must be one of text, password, select'],
    ],
    [
      'user_info_uri over http',
      connectorWith({
        ...OAUTH,
        oauth_config: { ...OAUTH.oauth_config, user_info_uri: 'http://acme.example/me' },
      }),
      ['auth_patterns[0].oauth_config.user_info_uri: must be https:// (http:// on loopback only)'],
    ],
    [
      'a scope twice, and one of two words',
      connectorWith({
        ...OAUTH,
        oauth_config: {
          ...OAUTH.oauth_config,
          available_scopes: [{ scope: 'a' }, { scope: 'a' }, { scope: 'b c' }],
        },
      }),
      [
        'auth_patterns[0].oauth_config.available_scopes[2].scope: is not a scope',
        'auth_patterns[0].oauth_config.available_scopes[1].scope: a is declared twice',
      ],
    ],
    [
      'a scope parameter that has another meaning',
      connectorWith({ ...OAUTH, oauth_config: { ...OAUTH.oauth_config, custom_scope_name: 'client_id' } }),
      ['auth_patterns[0].oauth_config.custom_scope_name: client_id is a parameter of its own'],
    ],
    ...(
      [
        ['OAUTH', 'api_key', ', which sends token'],
        ['BEARER', 'username', ', which sends token'],
        ['API_KEY', 'token', ', which sends api_key'],
        ['BASIC', 'api_key', ', which sends username and password'],
      ] as const
    ).map(([type, target, instead]): [string, unknown, string[]] => [
      `a mutation of ${target} with ${type}`,
      connectorWith({
        ...(type === 'OAUTH' ? OAUTH : { type }),
        auth_field_mutations: { [target]: { prefix: 'x' } },
      }),
      [`auth_patterns[0].auth_field_mutations.${target}: does not go with ${type}${instead}`],
    ]),
    [
      'a mutation that no header can carry',
      connectorWith({ type: 'BEARER', auth_field_mutations: { token: { prefix: 'a\n' } } }),
      ['auth_patterns[0].auth_field_mutations.token.prefix: holds what no header can carry'],
    ],
    [
      'a mutation that is no text',
      connectorWith({ type: 'BASIC', auth_field_mutations: { username: { prefix: 5 } } }),
      ['auth_patterns[0].auth_field_mutations.username.prefix: must be a string'],
    ],
    [
      'fields of no authentication',
      connectorWith({ type: 'NO_AUTH', is_mcp: true, fields: [{ field_name: 'x' }] }),
      ['auth_patterns[0].fields: must be empty for NO_AUTH, which asks nobody for anything'],
    ],
    [
      'OAuth of MCP without a configuration',
      connectorWith({ type: 'OAUTH', is_mcp: true }),
      ['auth_patterns[0].oauth_config: must be {"pkce_enabled": true} for an MCP connector'],
    ],
    [
      'OAuth of MCP with endpoints and without PKCE',
      connectorWith({
        ...OAUTH,
        is_mcp: true,
        oauth_config: { authorize_uri: 'https://a.example', pkce_enabled: false },
      }),
      [
        'auth_patterns[0].oauth_config.pkce_enabled: must be true for an MCP connector',
        'auth_patterns[0].oauth_config.authorize_uri: does not go with an MCP connector, which finds its authorization server by itself',
      ],
    ],
    [
      'a configuration for a token of MCP',
      connectorWith({ type: 'BEARER', is_mcp: true, oauth_config: { pkce_enabled: true } }),
      ['auth_patterns[0].oauth_config: does not go with BEARER'],
    ],
    [
      'what is wrong by itself, and what is wrong beside it',
      {
        display_name: 5,
        proxy_url: 'https://a.example/{{org}}',
        metadata: { ab: 'x' },
        auth_patterns: [
          { type: 'BEARER', fields: [{ field_name: 'org', required: 'yes' }, 7] },
          { type: 'MAGIC' },
        ],
      },
      [
        'display_name: must be a string',
        'metadata.ab: keys have 3 to 25 characters',
        'auth_patterns[0].fields[0].required: must be true or false',
        'auth_patterns[0].fields[1]: must be a mapping',
        'auth_patterns[1].type: must be one of OAUTH, BASIC, BEARER, API_KEY, NO_AUTH',
        'auth_patterns[0].fields[0].is_path_param: must be true, for {{org}} is a named path parameter',
      ],
    ],
  ])('%s', (_what, definition, expected) => {
    expect(problemsOf(definition)).toEqual(expected);
  });
});

describe('in a config', () => {
  it('a misshapen connection hides no problem of a connector, and the other way round', () => {
    const config = oneConnection({ display_name: 'A-B' });
    Object.assign(config.connections[0] ?? {}, { colour: 'red' });
    expect(findProblems(config).map(({ path }) => pathText(path))).toEqual([
      'connections[0].colour',
      'connectors[0].display_name',
    ]);
  });

  it('an MCP connection with OAuth needs no client', () => {
    const pattern: AuthPattern = { type: 'OAUTH', is_mcp: true, oauth_config: { pkce_enabled: true } };
    expect(findProblems(oneConnection({ auth_patterns: [pattern] }))).toEqual([]);
  });
});

describe('warnings', () => {
  it.each<[string, object, string[]]>([
    ['nothing', {}, []],
    ['a proxy that is off', { proxy_enabled: undefined }, ['proxy_enabled']],
    ['a misspelt key', { proxy_ulr: 'x' }, ['proxy_ulr']],
    [
      'a header that is not sent',
      {
        auth_patterns: [
          { ...OAUTH, auth_header_key_override: 'X-Token' },
          { type: 'BASIC', fields: [{ field_name: 'username' }], auth_header_key_override: 'X-Key' },
        ],
      },
      ['auth_patterns[1].auth_header_key_override'],
    ],
    [
      'a field that nobody asks for',
      { auth_patterns: [{ type: 'API_KEY', fields: [{ field_name: 'key' }] }] },
      ['auth_patterns[0].fields'],
    ],
    [
      'a secret in the open, and a path parameter without a place',
      {
        auth_patterns: [
          {
            type: 'BEARER',
            fields: [
              { field_name: 'token', input_type: 'text' },
              { field_name: 'org', is_path_param: true },
            ],
          },
        ],
      },
      ['auth_patterns[0].fields[0].input_type', 'auth_patterns[0].fields[1].is_path_param'],
    ],
    [
      'a domain that is marked as a path parameter',
      {
        proxy_url: 'https://{{domain}}/',
        auth_patterns: [
          {
            type: 'BASIC',
            fields: [{ field_name: 'username' }, { field_name: 'domain', is_path_param: true }],
          },
        ],
      },
      ['auth_patterns[0].fields[1].is_path_param'],
    ],
  ])('%s', (_what, definition, paths) => {
    const found = connectorWarnings(connector(definition));
    expect(found.map(({ path }) => pathText(path))).toEqual(paths);
  });
});

const KEYS = (
  'connectors connections accounts auth_patterns fields account_fields oauth_config available_scopes ' +
  'auth_field_mutations token type is_mcp proxy_url display_name field_name scope metadata tools environment __proto__'
).split(' ');

it('whatever a file holds, it is told of and never thrown at', () => {
  const shapes = fc.letrec((tie) => ({
    value: fc.oneof({ maxDepth: 5 }, fc.anything({ maxDepth: 1 }), tie('object'), tie('list')),
    list: fc.array(tie('value'), { maxLength: 3 }),
    object: fc.dictionary(
      fc.constantFrom(...KEYS),
      fc.oneof(tie('value'), fc.constantFrom('OAUTH', 'BEARER', 'https://{{a}}.example/{{', true)),
    ),
  })).object;
  fc.assert(
    fc.property(shapes, (value) => {
      findProblems(value);
      connectorProblems(value);
      configWarnings(value);
      connectorWarnings(value);
    }),
    { numRuns: 2000 },
  );
});
