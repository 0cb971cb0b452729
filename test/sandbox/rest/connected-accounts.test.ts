import { describe, expect, it } from 'vitest';
import type { SandboxConfig } from '../../../src/sandbox/config/types.ts';
import { connector, sandboxWith, signedInSdk } from '../support/sandbox.ts';
import { restOf } from './support.ts';

const CONFIG: SandboxConfig = {
  connectors: [
    connector({ display_name: 'Notes' }),
    connector({
      display_name: 'Mail',
      auth_patterns: [
        {
          type: 'OAUTH',
          oauth_config: { authorize_uri: 'https://a.example/a', token_uri: 'https://a.example/t' },
        },
      ],
    }),
  ],
  connections: [
    { name: 'notes', connector: 'notes' },
    { name: 'mail', connector: 'mail', oauth: { client_id: 'c' } },
  ],
  accounts: [
    { connection: 'notes', identifier: 'user_1', credentials: { token: 'note-token' } },
    { connection: 'mail', identifier: 'user_1', credentials: { access_token: 'a', refresh_token: 'r' } },
    { connection: 'notes', identifier: 'user_2' },
  ],
};

const ACCOUNTS = '/api/v1/connected_accounts';

async function setting() {
  const sandbox = await sandboxWith(CONFIG);
  return { sandbox, rest: await restOf(sandbox), sdk: await signedInSdk(sandbox) };
}

describe('the same accounts as over gRPC', () => {
  it('are listed with the names of the OpenAPI description, without credentials', async () => {
    const { rest, sdk } = await setting();
    const { status, json } = await rest('GET', `${ACCOUNTS}?page_size=2`);
    const listed = await sdk.actions.listConnectedAccounts({ pageSize: 2 });
    expect(status).toBe(200);
    expect(json).toMatchObject({ total_size: 3, prev_page_token: '' });
    expect(json.connected_accounts).toHaveLength(2);
    expect(json.connected_accounts[0]).toEqual({
      id: listed.connectedAccounts[0]?.id,
      identifier: 'user_1',
      connector: 'notes',
      connection_id: expect.stringMatching(/^conn_\d+$/),
      provider: 'notes',
      status: 'ACTIVE',
      authorization_type: 'BEARER_TOKEN',
      updated_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    });
    const next = await sdk.actions.listConnectedAccounts({ pageSize: 2, pageToken: json.next_page_token });
    expect(next.connectedAccounts.map(({ identifier }) => identifier)).toEqual(['user_2']);
  });

  it.each([
    ['connector=notes', 2],
    ['connection_names=notes&connection_names=mail', 3],
    ['connectionNames=mail', 1],
    ['identifier=user_1', 2],
    ['provider=mail', 1],
    ['query=USER_2', 1],
    ['organization_id=org_1', 0],
    ['user_id=usr_1', 0],
    ['connector=nope', 0],
    ['connector=&page_size=50', 3],
  ])('?%s gives %i', async (query, count) => {
    const { rest } = await setting();
    const { json } = await rest('GET', `${ACCOUNTS}?${query}`);
    expect(json.total_size).toBe(count);
  });

  it('are created (201), updated, read, disconnected and deleted', async () => {
    const { rest, sdk } = await setting();
    const created = await rest('POST', ACCOUNTS, {
      connector: 'mail',
      identifier: 'user_9',
      connected_account: {
        // As the documentation's example has it, though the request has not.
        authorization_type: 'OAUTH2',
        authorization_details: {
          oauth_token: { access_token: 'one', scopes: ['read'], domain: 'acme.example' },
        },
        api_config: { version: 'v1' },
      },
    });
    expect(created.status).toBe(201);
    const { id } = created.json.connected_account;
    expect(created.json.connected_account).toMatchObject({ status: 'ACTIVE', connector: 'mail' });
    expect(created.json.connected_account.authorization_details.oauth_token).toMatchObject({
      access_token: 'one',
    });

    const updated = await rest('PUT', ACCOUNTS, {
      id,
      connectedAccount: { authorizationDetails: { oauthToken: { refreshToken: 'two' } } },
    });
    expect(updated.status).toBe(200);
    const auth = await rest('GET', `${ACCOUNTS}/auth?connector=mail&identifier=user_9`);
    expect(auth.json.connected_account).toMatchObject({
      api_config: { version: 'v1', domain: 'acme.example' },
      authorization_details: {
        oauth_token: { access_token: 'one', refresh_token: 'two', scopes: ['read'], domain: 'acme.example' },
      },
    });
    for (const path of [`${ACCOUNTS}/details?id=${id}`, `${ACCOUNTS}/${id}`]) {
      const { json } = await rest('GET', path);
      expect(json.connected_account.id).toBe(id);
      expect(JSON.stringify(json)).not.toMatch(/"one"|"two"/);
    }

    const disconnected = await rest('POST', `${ACCOUNTS}/${id}:disconnect`, {});
    expect(disconnected.json.connected_account.status).toBe('DISCONNECTED');
    expect(await rest('POST', `${ACCOUNTS}:delete`, { id })).toMatchObject({ status: 200, json: {} });
    await expect(sdk.actions.getConnectedAccount({ connectedAccountId: id })).rejects.toThrow('not found');
  });

  it('get links, which open', async () => {
    const { rest } = await setting();
    const { status, json } = await rest('POST', `${ACCOUNTS}/magic_link`, {
      connector: 'notes',
      identifier: 'user_2',
    });
    expect(status).toBe(200);
    expect(new Date(json.expiry).getTime()).toBeGreaterThan(Date.now());
    expect((await fetch(json.link)).status).toBe(200);
  });
});

describe('search', () => {
  it.each([
    ['query=user', 3],
    ['query=MAIL', 1],
    ['query=note', 2],
    ['query=user_2&page_size=30', 1],
    ['query=nobody', 0],
  ])('?%s finds %i', async (query, count) => {
    const { rest } = await setting();
    const { json } = await rest('GET', `${ACCOUNTS}:search?${query}`);
    expect([json.total_size, json.connected_accounts.length]).toEqual([count, count]);
  });

  it('within one connection, page by page', async () => {
    const { rest } = await setting();
    const [account] = (await rest('GET', `${ACCOUNTS}?connector=notes`)).json.connected_accounts;
    const path = `${ACCOUNTS}:search?query=user&connection_id=${account.connection_id}&page_size=1`;
    const first = await rest('GET', path);
    const second = await rest('GET', `${path}&page_token=${first.json.next_page_token}`);
    expect([first, second].map(({ json }) => json.connected_accounts[0].identifier)).toEqual([
      'user_1',
      'user_2',
    ]);
    expect([first.json.total_size, second.json.next_page_token]).toEqual([2, '']);
    const none = await rest('GET', `${ACCOUNTS}:search?query=user&connection_id=conn_1`);
    expect(none.json.total_size).toBe(0);
  });
});

describe('refusals', () => {
  it.each<[string, string, string, unknown, number, string]>([
    ['a page of 101', 'GET', '?page_size=101', undefined, 400, 'page_size: must be between 0 and 100'],
    ['a page below nothing', 'GET', '?page_size=-1', undefined, 400, 'page_size: must be a whole number'],
    [
      'a page of 2^40',
      'GET',
      '?page_size=1099511627776',
      undefined,
      400,
      'page_size: must be a whole number',
    ],
    ['a token of no listing', 'GET', '?page_token=bm9uc2Vuc2U', undefined, 400, 'invalid page token'],
    [
      'connector with names',
      'GET',
      '?connector=a&connection_names=b',
      undefined,
      400,
      'together with connector',
    ],
    [
      '21 names',
      'GET',
      `?${Array.from({ length: 21 }, (_one, index) => `connection_names=c${index}`).join('&')}`,
      undefined,
      400,
      'connection_names: must have at most 20 items',
    ],
    ['a parameter that is not known', 'GET', '?conector=a', undefined, 400, 'conector: is not known here'],
    [
      'one that is there twice',
      'GET',
      '?query=aaa&query=bbb',
      undefined,
      400,
      'query: is given more than once',
    ],
    ['one below a text', 'GET', '?query.x=1', undefined, 400, 'query.x: query has no fields'],
    ['__proto__', 'GET', '?__proto__=1', undefined, 400, '__proto__: is not known here'],
    [
      'a search of two letters',
      'GET',
      ':search?query=ab',
      undefined,
      400,
      'query: must have at least 3 characters',
    ],
    ['a search for nothing', 'GET', ':search', undefined, 400, 'query: is required'],
    [
      'a search page of 31',
      'GET',
      ':search?query=abc&page_size=31',
      undefined,
      400,
      'page_size: must be between 0 and 30',
    ],
    ['an account that is not there', 'GET', '/ca_1', undefined, 404, 'connected account not found: ca_1'],
    ['the account of the token', 'GET', '/this', undefined, 400, 'not bound to a connected account'],
    ['a path that is not encoded', 'GET', '/%zz', undefined, 400, 'id: is not percent-encoded UTF-8'],
    [
      'details of nobody',
      'GET',
      '/details',
      undefined,
      400,
      'either id or connector and identifier are required',
    ],
    ['no JSON', 'POST', '', '{"connector": "notes", oops', 400, 'the body is not JSON'],
    ['no object', 'POST', '', '[1]', 400, 'body: must be a JSON object'],
    ['bytes that are no text', 'POST', '', new Uint8Array([123, 0xff, 125]), 400, 'body: is not UTF-8'],
    [
      'a number for a text',
      'POST',
      '',
      { connector: 'notes', identifier: 5 },
      400,
      'identifier: must be a string',
    ],
    [
      'a text for an object',
      'POST',
      '',
      { connector: 'notes', identifier: 'u', connected_account: 'x' },
      400,
      'connected_account: must be an object',
    ],
    [
      'fields that are not known',
      'POST',
      '',
      { conector: 'notes', connected_account: { api_conf: {} } },
      400,
      'conector, connected_account.api_conf: are not known here',
    ],
    [
      'a text for a struct',
      'POST',
      '',
      { connected_account: { api_config: 'v1' } },
      400,
      'connected_account.api_config: must be an object',
    ],
    ['a field twice', 'POST', '', '{"user_id":"a","userId":"b"}', 400, 'userId: is given twice'],
    [
      'both of what is one',
      'POST',
      '',
      { connected_account: { authorization_details: { oauth_token: {}, static_auth: {} } } },
      400,
      'details: takes one of its fields only',
    ],
    [
      'no account in it',
      'POST',
      '',
      { connector: 'notes', identifier: 'u' },
      400,
      'connected_account: is required',
    ],
    [
      'an account that is there',
      'POST',
      '',
      { connector: 'notes', identifier: 'user_1', connected_account: {} },
      409,
      'already exists',
    ],
    [
      'a query in place of a body',
      'POST',
      '/magic_link?connector=notes',
      {},
      400,
      'connector: belongs into the JSON body',
    ],
    [
      'Google credentials',
      'PUT',
      '',
      {
        connector: 'mail',
        identifier: 'user_1',
        connected_account: { authorization_details: { google_dwd: {} } },
      },
      400,
      'googleDwd is not supported',
    ],
    ['a verification of nothing', 'POST', '/user/verify', {}, 400, 'auth_request_id: must not be empty'],
    ['what is not of AgentKit', 'GET', '/portal/redirect_url', undefined, 501, 'does not emulate'],
  ])('%s', async (_what, verb, path, body, status, message) => {
    const { rest } = await setting();
    const answer = await rest(verb, ACCOUNTS + path, body);
    expect(answer.json.message).toContain(message);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/json');
    expect(answer.json.details[0]).toMatchObject({
      '@type': 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo',
      error_code: expect.stringMatching(/^[A-Z_]+$/),
    });
  });

  it('carry the violated fields, and not what was sent', async () => {
    const { rest } = await setting();
    const body = {
      connector: 'notes',
      connected_account: { authorization_details: { oauth_token: { access_token: 5550199 } } },
    };
    const { json } = await rest('POST', ACCOUNTS, body);
    expect(json).toEqual({
      code: 3,
      message: 'access_token: must be a string',
      details: [
        {
          '@type': 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo',
          error_code: 'VALIDATION_ERROR',
          validation_error_info: {
            field_violations: [{ field: 'access_token', description: 'must be a string', constraint: '' }],
          },
        },
      ],
    });
    const broken = await rest('POST', ACCOUNTS, '{"token": "s3cr3t-value');
    expect(JSON.stringify(broken.json)).not.toContain('s3cr3t');
  });

  it('a body nested without end, and one of 5 MB', async () => {
    const { rest } = await setting();
    const deep = `{"connected_account":{"api_config":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}}`;
    expect((await rest('POST', ACCOUNTS, deep)).json.message).toBe('body: is nested deeper than 200 levels');
    const large = await rest('POST', ACCOUNTS, JSON.stringify({ identifier: 'x'.repeat(5_000_000) }));
    expect(large.status).toBe(413);
    expect(large.json.details[0].error_code).toBe('BODY_TOO_LARGE');
  });

  it.each([
    ['no token', {}],
    ['a token that is none', { authorization: 'Bearer nonsense' }],
    ['the client’s secret', { authorization: 'Basic c2tjOnNlY3JldA==' }],
  ])('%s: 401, whatever else is wrong', async (_what, headers) => {
    const { sandbox } = await setting();
    for (const path of [ACCOUNTS, '/api/v1/providers', '/api/v1/nowhere', '/api/v1/%zz']) {
      const answer = await fetch(sandbox.url + path, { headers });
      expect(answer.status).toBe(401);
      expect(await answer.json()).toMatchObject({ code: 16, details: [{ error_code: 'UNAUTHENTICATED' }] });
    }
  });

  it('a path that is not there, one that takes other methods, one that is not emulated', async () => {
    const { rest } = await setting();
    const nowhere = await rest('GET', '/api/v1/organizations');
    expect(nowhere).toMatchObject({ status: 404, json: { code: 5 } });
    expect(nowhere.json.message).toBe(
      'there is no GET /api/v1/organizations, or the sandbox does not emulate it',
    );
    const patched = await rest('PATCH', ACCOUNTS, {});
    expect([patched.status, patched.headers.get('allow')]).toEqual([405, 'GET, POST, PUT']);
    expect((await rest('GET', '/api/v1/mcp/configs')).status).toBe(501);
    expect((await rest('GET', `${ACCOUNTS}/`)).status).toBe(404);
  });
});
