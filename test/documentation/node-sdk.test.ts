import {
  isToolException,
  ScalekitBadRequestException,
  type ScalekitClient,
  ScalekitForbiddenException,
  ScalekitNotFoundException,
  ScalekitToolForbiddenException,
  ScalekitToolRateLimitException,
  ScalekitToolUnauthorizedException,
  ScalekitUnauthorizedException,
} from '@scalekit-sdk/node';
import { ConnectorStatus } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import { describe, expect, it } from 'vitest';
import type { ConnectorDefinition } from '../../src/sandbox/config/types.ts';
import type { Sandbox } from '../../src/sandbox/start.ts';
import { connector, sandboxWith, sdkOf } from '../sandbox/support/sandbox.ts';
import { bodyText, upstream } from '../sandbox/support/upstream.ts';

// The reference of the SDK for Node.js: every method of `actions` and `tools` with every parameter that it names.

const USER = { connectionName: 'GMAIL', identifier: 'user@example.com' };
const SCOPE = { organizationId: 'org_1', userId: 'usr_1' };

type Details = Parameters<ScalekitClient['actions']['createConnectedAccount']>[0]['authorizationDetails'];

const TOKEN = {
  details: {
    case: 'oauthToken',
    value: { accessToken: 'ya29.one', refreshToken: '1//0g', scopes: ['email'] },
  },
} as Details;

const tool = (name: string, path: string, more: object = {}) => ({
  name,
  description: `What ${name} does`,
  input_schema: {
    type: 'object',
    properties: { max_results: { type: 'integer' } },
    additionalProperties: false,
  },
  request: { method: 'GET', path, ...more },
});

/** A provider with tools of its own; what it received last is in `seen`. */
async function gmail(): Promise<{ sandbox: Sandbox; sdk: ScalekitClient; seen: Record<string, unknown> }> {
  const seen: Record<string, unknown> = {};
  const origin = await upstream((request, response) => {
    const status = Number(/\/status\/(\d+)/.exec(request.url ?? '')?.[1] ?? 200);
    void bodyText(request).then((body) => {
      const { method, url, headers } = request;
      Object.assign(seen, { method, url, headers, body });
      response.writeHead(status, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ messages: [{ id: 'm1' }] }));
    });
  });
  const statuses = [401, 403, 429, 500].map((status) => tool(`gmail_answers_${status}`, `/status/${status}`));
  const sandbox = await sandboxWith({
    connectors: [
      connector({
        display_name: 'GMAIL',
        proxy_url: origin,
        auth_patterns: [
          {
            type: 'OAUTH',
            oauth_config: { authorize_uri: `${origin}/authorize`, token_uri: `${origin}/token` },
          },
        ],
        tools: [
          tool('gmail_fetch_mails', '/messages', { query: { maxResults: '{{max_results}}' } }),
          ...statuses,
        ] as unknown as NonNullable<ConnectorDefinition['tools']>,
      }),
    ],
    connections: [{ name: 'GMAIL', connector: 'gmail', oauth: { client_id: 'c' } }],
  });
  return { sandbox, sdk: sdkOf(sandbox), seen };
}

async function authorized() {
  const here = await gmail();
  const created = await here.sdk.actions.createConnectedAccount({ ...USER, authorizationDetails: TOKEN });
  return { ...here, connectedAccountId: created.connectedAccount?.id ?? '' };
}

async function failure(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe('Connected accounts', () => {
  it('create, get, update, upsert and delete, by both ways of naming one', async () => {
    const { actions } = (await gmail()).sdk;
    const apiConfig = { version: 'v1.0', domain: 'gmail.com' };
    const created = await actions.createConnectedAccount({
      ...USER,
      ...SCOPE,
      authorizationDetails: TOKEN,
      apiConfig,
    });
    const connectedAccountId = created.connectedAccount?.id ?? '';
    expect(created.connectedAccount).toMatchObject({ status: ConnectorStatus.ACTIVE, apiConfig });
    expect(created.connectedAccount?.authorizationDetails?.details.value).toMatchObject({
      scopes: ['email'],
    });

    for (const reference of [{ ...USER, ...SCOPE }, { connectedAccountId }]) {
      const { connectedAccount } = await actions.getConnectedAccount(reference);
      expect(connectedAccount).toMatchObject({ id: connectedAccountId, connector: 'GMAIL' });
      const updated = await actions.updateConnectedAccount({ ...reference, apiConfig: { version: 'v2.0' } });
      expect(updated.connectedAccount?.apiConfig).toEqual({ version: 'v2.0', domain: 'gmail.com' });
    }
    const upserted = await actions.upsertConnectedAccount({ ...USER, ...SCOPE, apiConfig });
    expect(upserted.connectedAccount?.id).toBe(connectedAccountId);
    await actions.deleteConnectedAccount({ connectedAccountId, ...SCOPE });
    expect(await failure(actions.getConnectedAccount(USER))).toBeInstanceOf(ScalekitNotFoundException);
  });

  it('an account is found by connection and organization, too', async () => {
    const { actions, connectedAccounts } = (await gmail()).sdk;
    const create = (identifier: string, whose: object) =>
      actions.createConnectedAccount({ ...USER, ...whose, identifier, authorizationDetails: TOKEN });
    await create('of nobody', {});
    await create(USER.identifier, SCOPE);
    const get = (whose: object) =>
      connectedAccounts.getConnectedAccountByIdentifier({ connector: 'GMAIL', ...whose });
    for (const whose of [SCOPE, { organizationId: 'org_1' }]) {
      expect((await get(whose)).connectedAccount?.identifier).toBe(USER.identifier);
    }
    expect(await failure(get({ organizationId: 'org_2' }))).toBeInstanceOf(ScalekitNotFoundException);
    await create('another', { organizationId: 'org_1', userId: 'usr_2' });
    expect((await get(SCOPE)).connectedAccount?.identifier).toBe(USER.identifier);
    for (const whose of [{}, { userId: 'usr_1' }, { organizationId: 'org_1' }]) {
      expect(await failure(get(whose))).toBeInstanceOf(ScalekitBadRequestException);
    }
  });

  it('an update that sends nothing leaves everything as it is', async () => {
    const { sdk, connectedAccountId } = await authorized();
    const before = await sdk.actions.getConnectedAccount({ connectedAccountId });
    const { connectedAccount } = await sdk.actions.updateConnectedAccount({ connectedAccountId });
    expect(connectedAccount?.authorizationDetails).toEqual(before.connectedAccount?.authorizationDetails);
    expect(connectedAccount?.status).toBe(ConnectorStatus.ACTIVE);
  });

  it('lists by every filter, page by page', async () => {
    const { actions } = (await gmail()).sdk;
    for (const identifier of ['a@example.com', 'b@example.com']) {
      await actions.createConnectedAccount({ ...USER, ...SCOPE, identifier, authorizationDetails: TOKEN });
    }
    const common = { provider: 'gmail', query: 'EXAMPLE', pageSize: 1, ...SCOPE };
    for (const named of [{ connectionName: 'GMAIL' }, { connectionNames: ['GMAIL', 'other'] }]) {
      const first = await actions.listConnectedAccounts({ ...common, ...named });
      expect([first.totalSize, first.connectedAccounts.length]).toEqual([2, 1]);
      const next = { ...common, ...named, pageToken: first.nextPageToken };
      const second = await actions.listConnectedAccounts(next);
      expect(second.connectedAccounts.map(({ identifier }) => identifier)).toEqual(['b@example.com']);
      expect([second.nextPageToken, second.prevPageToken === '']).toEqual(['', false]);
    }
    const one = await actions.listConnectedAccounts({ identifier: 'a@example.com', pageSize: 100 });
    expect(one.totalSize).toBe(1);
  });

  it('links by account and by connection, and the list of connections', async () => {
    const { sdk, connectedAccountId } = await authorized();
    const more = { state: 'csrf-token-abc123', userVerifyUrl: 'https://yourapp.example/auth/callback' };
    for (const reference of [USER, { connectedAccountId }, { connectionName: 'GMAIL', connectedAccountId }]) {
      const { link, expiry } = await sdk.actions.getAuthorizationLink({ ...reference, ...more });
      expect(URL.canParse(link)).toBe(true);
      expect(Number(expiry?.seconds)).toBeGreaterThan(Date.now() / 1000);
    }
    const answer = await sdk.actions.listConnections({ pageSize: 30, provider: 'gmail' });
    expect(answer).toMatchObject({
      connections: [
        { id: expect.stringMatching(/^conn_/), connectionName: 'GMAIL', status: 'COMPLETED', enabled: true },
      ],
      nextPageToken: '',
      totalSize: 1,
    });
    expect((await sdk.actions.listConnections({ provider: 'GMAIL' })).totalSize).toBe(0);
  });

  it('proxied requests: method, query, body, headers', async () => {
    const { sdk, seen } = await authorized();
    const response = await sdk.actions.request({
      ...USER,
      path: '/gmail/v1/users/me/messages/send',
      method: 'POST',
      queryParams: { q: 'is:unread' },
      body: { raw: 'x' },
      headers: { 'X-Tenant-Id': 't1' },
      timeoutMs: 10_000,
    });
    expect([response.status, response.data]).toEqual([200, { messages: [{ id: 'm1' }] }]);
    expect(seen).toMatchObject({
      method: 'POST',
      url: '/gmail/v1/users/me/messages/send?q=is:unread',
      body: '{"raw":"x"}',
      headers: { authorization: 'Bearer ya29.one', 'x-tenant-id': 't1' },
    });
    await sdk.actions.request({ ...USER, path: '/form', method: 'POST', formData: { a: 'b' } });
    expect(seen).toMatchObject({ method: 'POST', url: '/form' });
  });
});

describe('Tool calling', () => {
  it('the catalogue, what a user may call, and what could be made available', async () => {
    const { sdk, connectedAccountId } = await authorized();
    const found = async (query: string) => {
      const { tools } = await sdk.tools.listTools({ pageSize: 50, filter: { query } as never });
      return tools.map(({ definition }) => definition?.['name']);
    };
    expect(await found('gmail_fetch')).toEqual(['gmail_fetch_mails']);
    expect(await found('fetch mails')).toEqual(['gmail_fetch_mails']);
    expect(await found('gmail does mails')).toEqual(['gmail_fetch_mails']);
    expect(await found('mails of slack')).toEqual([]);
    for (const filter of [{}, { connectionNames: ['GMAIL'] }, { providers: ['gmail'] }]) {
      const scoped = await sdk.tools.listScopedTools(USER.identifier, { filter, pageSize: 50 });
      expect(scoped).toMatchObject({ totalSize: 5, tools: [{ connectedAccountId }, {}, {}, {}, {}] });
    }
    expect((await sdk.tools.listAvailableTools(USER.identifier, { pageSize: 50 })).totalSize).toBe(5);
    expect(await failure(sdk.tools.listAvailableTools('nobody'))).toBeInstanceOf(ScalekitNotFoundException);
  });

  it('lists the tools of one account, named with all that the filter has', async () => {
    const { sdk } = await gmail();
    await sdk.actions.createConnectedAccount({ ...USER, ...SCOPE, authorizationDetails: TOKEN });
    const [account] = (await sdk.actions.listConnectedAccounts()).connectedAccounts;
    const { identifier } = USER;
    const listed = (filter: object) => sdk.tools.listTools({ filter: { ...SCOPE, ...filter } as never });
    const references = [{ identifier, connector: 'GMAIL' }, { connectedAccountId: account?.id }];
    for (const reference of references) {
      expect((await listed(reference)).totalSize).toBe(5);
      const { toolNames } = await listed({ ...reference, summary: true, toolName: ['gmail_fetch_mails'] });
      expect(toolNames).toEqual(['gmail_fetch_mails']);
      for (const other of [{ organizationId: 'org_2' }, { userId: 'usr_2' }]) {
        const error = await failure(listed({ ...reference, ...other }));
        expect(error).toBeInstanceOf(ScalekitNotFoundException);
      }
    }
  });

  it('executes by connection, by account, and by the user alone', async () => {
    const { sdk, seen, connectedAccountId } = await authorized();
    const call = { toolName: 'gmail_fetch_mails', toolInput: { max_results: 1 } };
    const { identifier } = USER;
    for (const whose of [{ identifier, connector: 'GMAIL' }, { connectedAccountId }, { identifier }]) {
      const { data, executionId } = await sdk.actions.executeTool({ ...call, ...whose });
      expect(data).toEqual({ messages: [{ id: 'm1' }] });
      expect(executionId).not.toBe('');
      expect(seen['url']).toBe('/messages?maxResults=1');
    }
    const direct = { toolName: 'gmail_fetch_mails', identifier, params: { max_results: 5 } };
    expect((await sdk.tools.executeTool(direct)).data).toEqual({ messages: [{ id: 'm1' }] });
  });
});

describe('Error handling', () => {
  it('what is not there', async () => {
    const { sdk } = await authorized();
    const execute = (toolName: string, identifier: string) =>
      failure(sdk.actions.executeTool({ toolName, identifier, connector: 'GMAIL', toolInput: {} }));
    const unknownTool = await execute('gmail_invalid_tool', USER.identifier);
    expect(unknownTool).toBeInstanceOf(ScalekitNotFoundException);
    expect(unknownTool).toMatchObject({ message: expect.stringMatching(/tool not found/i) });
    expect(await execute('gmail_fetch_mails', 'nobody')).toBeInstanceOf(ScalekitNotFoundException);
  });

  it('credentials that Scalekit does not take', async () => {
    const { sandbox } = await gmail();
    const sdk = sdkOf(sandbox, 'not the secret');
    const error = await failure(sdk.actions.listConnectedAccounts({}));
    // An AxiosError of the token endpoint: the SDK has no exception for it.
    expect(error).toMatchObject({ response: { status: 401 } });
  });

  it('an account that is not ACTIVE says so', async () => {
    const { sdk, sandbox } = await authorized();
    sandbox.control.expireAccount(USER);
    const call = { toolName: 'gmail_fetch_mails', identifier: USER.identifier, toolInput: {} };
    expect(await failure(sdk.actions.executeTool(call))).toMatchObject({
      message: expect.stringContaining('EXPIRED'),
    });
  });

  it.each([
    [401, ScalekitToolUnauthorizedException, ScalekitUnauthorizedException],
    [403, ScalekitToolForbiddenException, ScalekitForbiddenException],
    [429, ScalekitToolRateLimitException, Error],
    [500, Error, Error],
  ])('the provider answers a tool with %i', async (status, type, plain) => {
    const { sdk } = await authorized();
    const toolName = `gmail_answers_${status}`;
    const error = await failure(sdk.tools.executeTool({ toolName, identifier: USER.identifier, params: {} }));
    expect(error).toBeInstanceOf(type);
    expect(error).toBeInstanceOf(plain);
    expect(isToolException(error as never)).toBe(true);
    expect(error).toMatchObject({
      toolErrorCode: String(status),
      toolErrorMessage: expect.any(String),
      executionId: expect.stringMatching(/^exec_/),
    });
  });
});
