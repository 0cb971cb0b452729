import { describe, expect, it } from 'vitest';
import type { AccountConfig, AuthPattern, SandboxConfig } from '../../src/sandbox/config/types.ts';
import { accessToken, connector, sandboxWith } from './support/sandbox.ts';
import { headerLines, recorder } from './support/upstream.ts';

const OK = 'HTTP/1.1 204 No Content\r\n\r\n';

type Credentials = NonNullable<AccountConfig['credentials']>;

const OAUTH: AuthPattern = {
  type: 'OAUTH',
  oauth_config: { authorize_uri: 'https://a.example/a', token_uri: 'https://a.example/t' },
};

function configOf(pattern: AuthPattern, proxyUrl: string, credentials: Credentials): SandboxConfig {
  const oauth = pattern.type === 'OAUTH' ? { oauth: { client_id: 'c' } } : {};
  return {
    connectors: [connector({ proxy_url: proxyUrl, auth_patterns: [pattern] })],
    connections: [{ name: 'demo', connector: 'demo', ...oauth }],
    accounts: [{ connection: 'demo', identifier: 'user_1', credentials, status: 'ACTIVE' }],
  };
}

/** What the provider receives when the account makes one call. */
async function sent(
  pattern: AuthPattern,
  credentials: Credentials,
  options: { headers?: Record<string, string>; path?: string; proxyUrl?: (origin: string) => string } = {},
): Promise<{ status: number; body: string; line: string; headers: string[] }> {
  const upstream = await recorder(OK);
  const proxyUrl = options.proxyUrl?.(upstream.origin) ?? upstream.origin;
  const filled = Object.fromEntries(
    Object.entries(credentials).map(([name, value]) => [
      name,
      value === '<host>' ? new URL(upstream.origin).host : value,
    ]),
  );
  const sandbox = await sandboxWith(configOf(pattern, proxyUrl, filled));
  const answer = await fetch(`${sandbox.url}/proxy${options.path ?? '/x'}`, {
    headers: {
      authorization: `Bearer ${await accessToken(sandbox)}`,
      connection_name: 'demo',
      identifier: 'user_1',
      ...options.headers,
    },
  });
  const request = upstream.received();
  // What fetch adds of its own is not the matter here.
  const headers = headerLines(request).filter((line) => !/^(accept|user-agent|sec-fetch-mode)/i.test(line));
  return { status: answer.status, body: await answer.text(), line: request.split('\r\n')[0] ?? '', headers };
}

function basic(pair: string): string {
  return `Authorization: Basic ${Buffer.from(pair).toString('base64')}`;
}

describe('what the proxy sends, by auth type', () => {
  it.each<[string, AuthPattern, Credentials, string[]]>([
    ['OAUTH', OAUTH, { access_token: 't' }, ['Authorization: Bearer t']],
    [
      'OAUTH, mutated',
      { ...OAUTH, auth_field_mutations: { token: { prefix: 'p-', suffix: '-s' } } },
      { access_token: 't' },
      ['Authorization: Bearer p-t-s'],
    ],
    [
      'OAUTH in another header',
      { ...OAUTH, auth_header_key_override: 'X-Token' },
      { access_token: 't' },
      ['X-Token: Bearer t'],
    ],
    ['BEARER', { type: 'BEARER' }, { token: 't' }, ['Authorization: Bearer t']],
    [
      'BEARER in another header',
      { type: 'BEARER', auth_header_key_override: 'X-Auth' },
      { token: 't' },
      ['X-Auth: Bearer t'],
    ],
    [
      'BEARER, mutated before Bearer',
      { type: 'BEARER', auth_field_mutations: { token: { prefix: 'token=' } } },
      { token: 't' },
      ['Authorization: Bearer token=t'],
    ],
    ['API_KEY, raw', { type: 'API_KEY' }, { api_key: 'k' }, ['Authorization: k']],
    [
      'API_KEY in another header, spelt as the definition has it',
      { type: 'API_KEY', auth_header_key_override: 'x-API-Key' },
      { api_key: 'k' },
      ['x-API-Key: k'],
    ],
    [
      'API_KEY, mutated',
      {
        type: 'API_KEY',
        auth_field_mutations: { api_key: { prefix: 'Token token="', suffix: '"', default: 'd' } },
      },
      { api_key: 'k' },
      ['Authorization: Token token="k"'],
    ],
    [
      'API_KEY, default where it is empty',
      { type: 'API_KEY', auth_field_mutations: { api_key: { prefix: 'p', default: 'd' } } },
      { other: 'x' },
      ['Authorization: pd'],
    ],
    ['BASIC', { type: 'BASIC' }, { username: 'u', password: 'p:ü' }, [basic('u:p:ü')]],
    ['BASIC without a password', { type: 'BASIC' }, { username: 'u' }, [basic('u:')]],
    [
      'BASIC, both mutated before base64',
      {
        type: 'BASIC',
        auth_header_key_override: 'X-Not-Used',
        auth_field_mutations: { username: { suffix: '/token' }, password: { default: 'X' } },
      },
      { username: 'u' },
      [basic('u/token:X')],
    ],
    ['NO_AUTH', { type: 'NO_AUTH', is_mcp: true }, {}, []],
  ])('%s', async (_what, pattern, credentials, expected) => {
    const { headers, status } = await sent(pattern, credentials);
    expect(headers).toEqual(expected);
    expect(status).toBe(204);
  });

  it('strips what concerns only Scalekit or one hop, and keeps the rest as it was spelt', async () => {
    const { headers } = await sent(
      { type: 'API_KEY', auth_header_key_override: 'X-Key' },
      { api_key: 'real' },
      {
        headers: {
          'x-sdk-version': '1',
          'x-api-version': '2',
          'X-Key': 'forged',
          'X-Own': 'kept',
          te: 'trailers',
          cookie: 'a=b',
        },
      },
    );
    expect(headers.sort()).toEqual(['X-Key: real', 'X-Own: kept', 'cookie: a=b']);
  });

  it.each<[string, Credentials, string]>([
    ['a missing credential', { other: 'x' }, 'MISSING_CREDENTIAL'],
    ['a credential that no header can carry', { api_key: 'k\r\nX-Evil: 1' }, 'INVALID_CREDENTIAL'],
    ['a credential outside Latin-1', { api_key: 'schlüssel-日本' }, 'INVALID_CREDENTIAL'],
  ])('refuses %s and does not show it', async (_what, credentials, errorCode) => {
    const { status, body, line } = await sent({ type: 'API_KEY' }, credentials);
    expect(status).toBe(400);
    expect(body).toContain(errorCode);
    expect(body).not.toContain('Evil');
    expect(line).toBe('');
  });
});

describe("placeholders in the connector's URL", () => {
  const host = (origin: string) => new URL(origin).host;

  it.each<[string, AuthPattern, Credentials, (origin: string) => string, string]>([
    [
      'domain as a host, version as a segment',
      { type: 'API_KEY', fields: [{ field_name: 'domain' }, { field_name: 'version' }] },
      { api_key: 'k', domain: '<host>', version: 'v2' },
      () => 'http://{{domain}}/api/{{version}}/',
      'GET /api/v2/x HTTP/1.1',
    ],
    [
      'a path parameter of a static connector',
      { type: 'API_KEY', fields: [{ field_name: 'team', is_path_param: true }] },
      { api_key: 'k', team: 'a team/1' },
      (origin) => `${origin}/{{team}}`,
      'GET /a%20team%2F1/x HTTP/1.1',
    ],
    [
      'a path parameter of an OAuth connector',
      { ...OAUTH, account_fields: [{ field_name: 'site_id', is_path_param: true }] },
      { access_token: 't', site_id: '42' },
      (origin) => `${origin}/ex/{{site_id}}`,
      'GET /ex/42/x HTTP/1.1',
    ],
    [
      'a domain of an OAuth connector',
      { ...OAUTH, account_fields: [{ field_name: 'domain' }] },
      { access_token: 't', domain: '<host>' },
      () => 'http://{{domain}}',
      'GET /x HTTP/1.1',
    ],
  ])('%s', async (_what, pattern, credentials, proxyUrl, line) => {
    expect(await sent(pattern, credentials, { proxyUrl })).toMatchObject({ line, status: 204 });
  });

  it.each<[string, Credentials, (origin: string) => string, string]>([
    ['no value', { api_key: 'k' }, (origin) => `${origin}/{{domain}}`, 'MISSING_PATH_VARIABLE'],
    [
      'a value that leaves the path',
      { api_key: 'k', domain: '..' },
      (origin) => `${origin}/{{domain}}`,
      'INVALID_PATH_VARIABLE',
    ],
    [
      'a value that brings its own path',
      { api_key: 'k', domain: 'evil.example/' },
      () => 'https://{{domain}}',
      'INVALID_PATH_VARIABLE',
    ],
    [
      'a value that brings credentials',
      { api_key: 'k', domain: 'a@evil.example' },
      () => 'https://{{domain}}',
      'INVALID_PATH_VARIABLE',
    ],
    [
      'http:// to another machine',
      { api_key: 'k', domain: 'example.com' },
      () => 'http://{{domain}}',
      'INVALID_PROXY_URL',
    ],
  ])('%s: refused', async (_what, credentials, proxyUrl, errorCode) => {
    const pattern: AuthPattern = { type: 'API_KEY', fields: [{ field_name: 'domain' }] };
    const { status, body } = await sent(pattern, credentials, { proxyUrl });
    expect(status).toBe(400);
    expect(body).toContain(errorCode);
  });

  it("keeps the connector's own path and query", async () => {
    const proxyUrl = (origin: string) => `http://${host(origin)}/base/?fixed=1`;
    const { line } = await sent({ type: 'API_KEY' }, { api_key: 'k' }, { proxyUrl, path: '/x?own=2' });
    expect(line).toBe('GET /base/x?fixed=1&own=2 HTTP/1.1');
  });
});
