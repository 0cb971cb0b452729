import { isToolException } from '@scalekit-sdk/node';
import { describe, expect, it } from 'vitest';
import type { SandboxConfig } from '../../../src/sandbox/config/types.ts';
import type { FaultInput } from '../../../src/sandbox/interface/faults.ts';
import type { Sandbox } from '../../../src/sandbox/start.ts';
import { authorizationServer } from '../support/authorization-server.ts';
import { mcpServer } from '../support/mcp-server.ts';
import { accessToken, connector, sandboxWith, signedInSdk } from '../support/sandbox.ts';
import { upstream } from '../support/upstream.ts';

async function mcpConfig(): Promise<SandboxConfig> {
  const definition = {
    proxy_url: await mcpServer(),
    auth_patterns: [{ type: 'NO_AUTH' as const, is_mcp: true }],
  };
  return {
    connectors: [connector({ display_name: 'Tools', ...definition })],
    connections: [
      { name: 'tools', connector: 'tools' },
      { name: 'others', connector: 'tools' },
    ],
    accounts: [
      { connection: 'tools', identifier: 'u' },
      { connection: 'others', identifier: 'u' },
    ],
  };
}

async function setting(fault: FaultInput) {
  const sandbox = await sandboxWith(await mcpConfig());
  const sdk = await signedInSdk(sandbox);
  sandbox.control.addFault(fault);
  const add = (connectionName = 'tools') =>
    sdk.actions.executeTool({
      toolName: `c-${connectionName}_add`,
      connector: connectionName,
      identifier: 'u',
      toolInput: { a: 1, b: 2 },
    });
  return { sandbox, sdk, add };
}

function hits({ control }: Sandbox): number[] {
  return control.faults().map((fault) => fault.hits);
}

async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    () => expect.unreachable('the call succeeded'),
    (error: unknown) => error,
  );
}

describe('a tool call', () => {
  it('a status is what its provider answered: TOOL_ERROR', async () => {
    const { sandbox, add } = await setting({
      match: { toolName: 'c-tools_*' },
      effect: { status: 429, body: 'slow down', retryAfterSeconds: 9 },
    });
    const error = await failureOf(add());
    expect(isToolException(error)).toBe(true);
    expect(error).toMatchObject({
      message: expect.stringContaining('the provider answered with HTTP status 429: slow down') as string,
      toolErrorCode: '429',
    });
    expect(await add('others')).toMatchObject({ data: { structuredContent: { sum: 3 } } });
    expect(hits(sandbox)).toEqual([1]);
  });

  it('is not sent again: what a provider answered may have been done', async () => {
    const { sandbox, add } = await setting({ match: { kind: 'tool' }, effect: { status: 503 } });
    expect(isToolException(await failureOf(add()))).toBe(true);
    expect(hits(sandbox)).toEqual([1]);
  });

  it('a gRPC code is Scalekit’s own', async () => {
    const { add } = await setting({
      match: { connectionName: 'tools', kind: 'tool' },
      effect: { grpcCode: 'permission_denied' },
    });
    const error = await failureOf(add());
    expect(isToolException(error)).toBe(false);
    expect(error).toMatchObject({
      message: expect.stringContaining('a fault of the sandbox (flt_1)') as string,
      errorCode: 'PERMISSION_DENIED',
    });
  });

  it('is told by its tool where it names the user alone, and by its account’s id', async () => {
    const { sandbox, sdk } = await setting({
      match: { connectionName: 'tools', identifier: 'u', kind: 'tool' },
      effect: { status: 500 },
    });
    const toolName = 'c-tools_add';
    const [account] = sandbox.control.accounts({ connectionName: 'tools' });
    const connectedAccountId = account?.connectedAccountId ?? '';
    const toolInput = { a: 1, b: 2 };
    await failureOf(sdk.actions.executeTool({ toolName, identifier: 'u', toolInput }));
    await failureOf(sdk.actions.executeTool({ toolName, connectedAccountId, toolInput }));
    expect(hits(sandbox)[0]).toBeGreaterThanOrEqual(2);
  });

  it('waits, and its answer trickles', async () => {
    const { add } = await setting({ effect: { latencyMs: 150, bytesPerSecond: 1000 } });
    const before = performance.now();
    expect(await add()).toMatchObject({ data: { structuredContent: { sum: 3 } } });
    expect(performance.now() - before).toBeGreaterThan(200);
  });

  it('its connection is reset', async () => {
    const { sandbox, add } = await setting({ match: { kind: 'tool' }, effect: { reset: true } });
    expect(await failureOf(add())).toBeInstanceOf(Error);
    expect(sandbox.control.exchanges().exchanges.at(-1)).toMatchObject({ status: null, fault: 'flt_1' });
  });
});

describe('an RPC', () => {
  it.each(['GetConnectedAccountAuth', 'scalekit.v1.connected_accounts.*/GetConnected*'])(
    'is named as %s',
    async (rpc) => {
      const { sandbox, sdk } = await setting({ match: { rpc }, effect: { grpcCode: 'resource_exhausted' } });
      const reference = { connectionName: 'tools', identifier: 'u' };
      const error = await failureOf(sdk.actions.getConnectedAccount(reference));
      expect(error).toMatchObject({ errorCode: 'RESOURCE_EXHAUSTED' });
      await sdk.actions.listConnectedAccounts(reference);
      expect(hits(sandbox)).toEqual([1]);
    },
  );

  it('asks no provider: a status passes it by', async () => {
    const { sandbox, sdk } = await setting({ match: { connectionName: 'tools' }, effect: { status: 503 } });
    await sdk.actions.listConnectedAccounts({ connectionName: 'tools', identifier: 'u' });
    expect(hits(sandbox)).toEqual([0]);
  });

  it('Unavailable is what the SDK repeats', async () => {
    const { sandbox, sdk } = await setting({
      match: { rpc: 'ListConnectedAccounts' },
      effect: { grpcCode: 'unavailable' },
      times: 2,
    });
    await sdk.actions.listConnectedAccounts({ connectionName: 'tools', identifier: 'u' });
    expect(hits(sandbox)).toEqual([2]);
  });
});

describe('REST', () => {
  async function rest(sandbox: Sandbox, path: string): Promise<Response> {
    const authorization = `Bearer ${await accessToken(sandbox)}`;
    return fetch(`${sandbox.url}/api/v1/${path}`, { headers: { authorization } });
  }

  it('a gRPC code is what the gateway makes of it', async () => {
    const { sandbox } = await setting({ match: { kind: 'rest' }, effect: { grpcCode: 'not_found' } });
    for (const path of ['connected_accounts', 'providers']) {
      const response = await rest(sandbox, path);
      expect([path, response.status, await response.json()]).toMatchObject([path, 404, { code: 5 }]);
    }
  });

  it('a status is its own where the fault names its path', async () => {
    const { sandbox } = await setting({
      match: { path: '/api/v1/**' },
      effect: { status: 502, body: '<html>' },
    });
    for (const path of ['connected_accounts', 'providers']) {
      const response = await rest(sandbox, path);
      expect([response.status, await response.text()]).toEqual([502, '<html>']);
    }
  });

  it('its connection is reset', async () => {
    const { sandbox } = await setting({ match: { path: '/api/v1/*' }, effect: { reset: true } });
    await expect(rest(sandbox, 'connected_accounts')).rejects.toMatchObject({
      cause: { code: 'ECONNRESET' },
    });
    await expect(rest(sandbox, 'providers')).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  });

  it.each<FaultInput['effect']>([
    { status: 500, body: 'x'.repeat(30), bytesPerSecond: 200 },
    { grpcCode: 'internal', bytesPerSecond: 200 },
  ])('%j comes at its pace', async (effect) => {
    const { sandbox } = await setting({ match: { path: '/api/v1/*' }, effect });
    for (const path of ['connected_accounts', 'providers']) {
      const before = performance.now();
      expect((await rest(sandbox, path)).status).toBe(500);
      expect(performance.now() - before).toBeGreaterThan(100);
    }
  });

  it.each<FaultInput['effect']>([
    { status: 500, reset: true },
    { grpcCode: 'internal', reset: true },
  ])('%j: its connection is reset', async (effect) => {
    const { sandbox } = await setting({ match: { path: '/api/v1/*' }, effect });
    for (const path of ['connected_accounts', 'providers'])
      await expect(rest(sandbox, path)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
    const { exchanges } = sandbox.control.exchanges();
    const rests = exchanges.filter(({ kind }) => kind === 'rest');
    expect(rests).toMatchObject([
      { status: null, fault: 'flt_1' },
      { status: null, fault: 'flt_1' },
    ]);
  });
});

describe('the environment’s token endpoint', () => {
  it('is met where kind or path say so', async () => {
    const sandbox = await sandboxWith(await mcpConfig());
    const token = () => fetch(`${sandbox.url}/oauth/token`, { method: 'POST', body: new URLSearchParams() });
    const { control } = sandbox;
    control.addFault({ effect: { status: 500 } });
    expect((await token()).status).toBe(400);
    control.addFault({ match: { kind: 'token' }, effect: { status: 503, retryAfterSeconds: 1 }, times: 1 });
    const unavailable = await token();
    expect([unavailable.status, unavailable.headers.get('retry-after')]).toEqual([503, '1']);
    control.addFault({ match: { path: '/oauth/token' }, effect: { reset: true } });
    await expect(token()).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  });
});

describe('a provider’s token endpoint', () => {
  async function oauthSetting(fault: FaultInput, options: { upstreamTimeoutMs?: number } = {}) {
    const { authorizeUri, tokenUri, tokenRequests } = await authorizationServer();
    const origin = await upstream((_request, response) => response.end('{}'));
    const sandbox = await sandboxWith(
      {
        connectors: [
          connector({
            proxy_url: origin,
            auth_patterns: [
              { type: 'OAUTH', oauth_config: { authorize_uri: authorizeUri, token_uri: tokenUri } },
            ],
          }),
        ],
        connections: [{ name: 'demo', connector: 'demo', oauth: { client_id: 'c', client_secret: 's' } }],
        accounts: [
          {
            connection: 'demo',
            identifier: 'u',
            credentials: { access_token: 'a', refresh_token: 'r', expires_in: 1000 },
          },
        ],
      },
      options,
    );
    sandbox.control.addFault(fault);
    const headers = {
      authorization: `Bearer ${await accessToken(sandbox)}`,
      connection_name: 'demo',
      identifier: 'u',
    };
    const call = async () => (await fetch(`${sandbox.url}/proxy/x`, { headers })).status;
    return { sandbox, tokenRequests, call };
  }

  it('refuses to renew: the account is EXPIRED', async () => {
    const { sandbox, tokenRequests, call } = await oauthSetting({
      match: { kind: 'oauth' },
      effect: { status: 400 },
    });
    sandbox.control.advanceClock(900);
    expect(await call()).toBe(400);
    expect(sandbox.control.accounts()[0]?.status).toBe('EXPIRED');
    expect(tokenRequests).toEqual([]);
  });

  it('answers at the pace of a fault, made up or not', async () => {
    const { sandbox, tokenRequests, call } = await oauthSetting({
      match: { kind: 'oauth' },
      effect: { bytesPerSecond: 400 },
    });
    sandbox.control.advanceClock(900);
    const before = performance.now();
    expect(await call()).toBe(200);
    expect(performance.now() - before).toBeGreaterThan(150);
    expect(tokenRequests).toHaveLength(1);
    expect(sandbox.control.accounts()[0]?.status).toBe('ACTIVE');
    const { exchanges } = sandbox.control.exchanges({ connectionName: 'demo' });
    expect(exchanges[0]).toMatchObject({ kind: 'oauth', status: 200, fault: 'flt_1' });
  });

  it.each<FaultInput['effect']>([{ latencyMs: 60_000 }, { bytesPerSecond: 1 }])(
    '%j: is given up as one that is as slow by itself',
    async (effect) => {
      const { sandbox, call } = await oauthSetting(
        { match: { kind: 'oauth' }, effect },
        { upstreamTimeoutMs: 200 },
      );
      sandbox.control.advanceClock(900);
      // The old token is used while it lasts.
      expect(await call()).toBe(200);
      const { exchanges } = sandbox.control.exchanges({ connectionName: 'demo' });
      expect(exchanges[0]).toMatchObject({ kind: 'oauth', fault: 'flt_1', error: 'no answer in time' });
    },
  );

  it('is down: the old token is used while it lasts', async () => {
    const { sandbox, tokenRequests, call } = await oauthSetting({
      match: { kind: 'oauth' },
      effect: { reset: true },
    });
    sandbox.control.advanceClock(900);
    expect(await call()).toBe(200);
    expect(sandbox.control.accounts()[0]?.status).toBe('ACTIVE');
    expect(tokenRequests).toEqual([]);
  });
});
