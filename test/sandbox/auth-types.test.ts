import { describe, expect, it } from 'vitest';
import type { AuthPattern, CredentialField, SandboxConfig } from '../../src/sandbox/config/types.ts';
import { completeConsent } from '../../src/sandbox/demo/consent.ts';
import { authorizationServer } from './support/authorization-server.ts';
import { connector, sandboxWith, signedInSdk } from './support/sandbox.ts';
import { headerLines, recorder } from './support/upstream.ts';

const USER = { connectionName: 'demo', identifier: 'user_1' };
const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n';

interface Seen {
  line: string;
  /** What was added to the call. */
  credentials: string[];
}

interface Way {
  pattern: AuthPattern;
  /** What the user enters; `<host>` is the provider's. */
  fields?: Record<string, string>;
  proxyUrl?: string;
  path?: string;
}

/** What the provider sees of a call of a user who connected behind an authorization link. */
async function connectAndCall({
  pattern,
  fields = {},
  proxyUrl = 'http://<host>',
  path = '/x',
}: Way): Promise<Seen> {
  const provider = await recorder(OK);
  const { host } = new URL(provider.origin);
  const filled = (text: string) => text.replaceAll('<host>', host);
  const oauth = pattern.type === 'OAUTH' ? { oauth: { client_id: 'c', client_secret: 's' } } : {};
  const config: SandboxConfig = {
    connectors: [connector({ proxy_url: filled(proxyUrl), auth_patterns: [pattern] })],
    connections: [{ name: 'demo', connector: 'demo', ...oauth }],
  };
  const sandbox = await sandboxWith(config);
  const sdk = await signedInSdk(sandbox);
  await sdk.actions.getOrCreateConnectedAccount(USER);
  const { link } = await sdk.actions.getAuthorizationLink(USER);
  const entered = Object.entries(fields).map(([name, value]) => [name, filled(value)]);
  const page = await completeConsent(link, { fields: Object.fromEntries(entered) as Record<string, string> });
  expect(page).toMatchObject({ status: 200, title: 'Demo is connected' });
  expect(sandbox.control.accounts()[0]?.status).toBe('ACTIVE');
  await sdk.actions.request({ ...USER, path });
  const request = provider.received();
  // Of axios, which is what the SDK calls with.
  const own = /^(accept|accept-encoding|content-type|user-agent): /i;
  return {
    line: request.split('\r\n')[0] ?? '',
    credentials: headerLines(request).filter((line) => !own.test(line)),
  };
}

function fieldsOf(...names: (string | CredentialField)[]): CredentialField[] {
  return names.map((name) => (typeof name === 'string' ? { field_name: name, required: true } : name));
}

function basic(pair: string): string {
  return `Authorization: Basic ${Buffer.from(pair).toString('base64')}`;
}

describe('a user who fills in the form of', () => {
  it.each<[string, Way, Seen]>([
    [
      'BEARER',
      { pattern: { type: 'BEARER', fields: fieldsOf('token') }, fields: { token: 't' } },
      { line: 'GET /x HTTP/1.1', credentials: ['Authorization: Bearer t'] },
    ],
    [
      'BEARER in another header, with mutations',
      {
        pattern: {
          type: 'BEARER',
          fields: fieldsOf('token'),
          auth_header_key_override: 'X-Auth',
          auth_field_mutations: { token: { prefix: 'p-', suffix: '-s' } },
        },
        fields: { token: 't' },
      },
      { line: 'GET /x HTTP/1.1', credentials: ['X-Auth: Bearer p-t-s'] },
    ],
    [
      'API_KEY',
      { pattern: { type: 'API_KEY', fields: fieldsOf('api_key') }, fields: { api_key: 'k' } },
      { line: 'GET /x HTTP/1.1', credentials: ['Authorization: k'] },
    ],
    [
      'API_KEY in another header, with mutations',
      {
        pattern: {
          type: 'API_KEY',
          fields: fieldsOf('api_key'),
          auth_header_key_override: 'X-API-Key',
          auth_field_mutations: { api_key: { prefix: 'Token token=' } },
        },
        fields: { api_key: 'k' },
      },
      { line: 'GET /x HTTP/1.1', credentials: ['X-API-Key: Token token=k'] },
    ],
    [
      'BASIC',
      {
        pattern: { type: 'BASIC', fields: fieldsOf('username', 'password') },
        fields: { username: 'u', password: 'p:ü' },
      },
      { line: 'GET /x HTTP/1.1', credentials: [basic('u:p:ü')] },
    ],
    [
      "BASIC as the documentation's Freshdesk: a domain, a key for a user name, a default password",
      {
        pattern: {
          type: 'BASIC',
          fields: fieldsOf('domain', 'username'),
          auth_field_mutations: { password: { default: 'X' } },
        },
        fields: { domain: '<host>', username: 'key' },
        proxyUrl: 'http://{{domain}}/api',
        path: '/v2/tickets',
      },
      { line: 'GET /api/v2/tickets HTTP/1.1', credentials: [basic('key:X')] },
    ],
    [
      'API_KEY with a version and a named path parameter',
      {
        pattern: {
          type: 'API_KEY',
          fields: fieldsOf('api_key', 'version', {
            field_name: 'team_id',
            is_path_param: true,
            required: true,
          }),
        },
        fields: { api_key: 'k', version: 'v3', team_id: 'a team/1' },
        proxyUrl: 'http://<host>/{{version}}/teams/{{team_id}}',
      },
      { line: 'GET /v3/teams/a%20team%2F1/x HTTP/1.1', credentials: ['Authorization: k'] },
    ],
    [
      'NO_AUTH, which asks nothing',
      { pattern: { type: 'NO_AUTH', is_mcp: true, fields: [] } },
      { line: 'GET /x HTTP/1.1', credentials: [] },
    ],
  ])('%s calls the provider with it', async (_what, way, seen) => {
    expect(await connectAndCall(way)).toEqual(seen);
  });
});

describe('a user who consents at a provider', () => {
  it('calls it with the token, mutated as the definition says', async () => {
    const { authorizeUri, tokenUri } = await authorizationServer();
    const pattern: AuthPattern = {
      type: 'OAUTH',
      oauth_config: { authorize_uri: authorizeUri, token_uri: tokenUri },
      auth_field_mutations: { token: { prefix: 'x-' } },
    };
    expect(await connectAndCall({ pattern })).toEqual({
      line: 'GET /x HTTP/1.1',
      credentials: ['Authorization: Bearer x-access-1'],
    });
  });

  it('says first where that is: a domain, a version and a site, in each of the URLs', async () => {
    const provider = await authorizationServer();
    const { host } = new URL(provider.authorizeUri);
    const pattern: AuthPattern = {
      type: 'OAUTH',
      account_fields: fieldsOf('domain', 'version', {
        field_name: 'site',
        is_path_param: true,
        required: true,
      }),
      oauth_config: {
        authorize_uri: `http://${host}/{{site}}`,
        token_uri: `http://${host}/{{version}}/token`,
        pkce_enabled: false,
      },
    };
    const seen = await connectAndCall({
      pattern,
      fields: { domain: '<host>', version: 'v1', site: 'authorize' },
      proxyUrl: 'http://{{domain}}/{{version}}/{{site}}',
    });
    expect(seen).toEqual({
      line: 'GET /v1/authorize/x HTTP/1.1',
      credentials: ['Authorization: Bearer access-1'],
    });
    expect(provider.authorizeRequests).toHaveLength(1);
  });
});

describe('what an app stores itself', () => {
  it.each<[string, AuthPattern, object, object | undefined, string]>([
    [
      'static details',
      {
        type: 'API_KEY',
        fields: fieldsOf('api_key', { field_name: 'site', is_path_param: true, required: true }),
      },
      { case: 'staticAuth', value: { details: { api_key: 'k', path_variables: { site: 'berlin' } } } },
      undefined,
      'GET /berlin/x HTTP/1.1',
    ],
    [
      'api_config beside an OAuth token',
      {
        type: 'OAUTH',
        account_fields: fieldsOf({ field_name: 'site', is_path_param: true, required: true }),
        oauth_config: { authorize_uri: 'https://a.example/a', token_uri: 'https://a.example/t' },
      },
      { case: 'oauthToken', value: { accessToken: 't', refreshToken: '', scopes: [] } },
      { path_variables: { site: 'paris' } },
      'GET /paris/x HTTP/1.1',
    ],
  ])('%s: its path variables lead to the same place', async (_what, pattern, details, apiConfig, line) => {
    const provider = await recorder(OK);
    const oauth = pattern.type === 'OAUTH' ? { oauth: { client_id: 'c' } } : {};
    const sandbox = await sandboxWith({
      connectors: [connector({ proxy_url: `${provider.origin}/{{site}}`, auth_patterns: [pattern] })],
      connections: [{ name: 'demo', connector: 'demo', ...oauth }],
    });
    const sdk = await signedInSdk(sandbox);
    await sdk.actions.createConnectedAccount({
      ...USER,
      authorizationDetails: { details } as never,
      ...(apiConfig && { apiConfig: apiConfig as never }),
    });
    await sdk.actions.request({ ...USER, path: '/x' });
    expect(provider.received().split('\r\n')[0]).toBe(line);
  });
});
