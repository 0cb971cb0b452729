import { isToolException, type ScalekitClient } from '@scalekit-sdk/node';
import { ConnectorStatus } from '@scalekit-sdk/node/lib/pkg/grpc/scalekit/v1/connected_accounts/connected_accounts_pb.js';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type DemoProviders, startDemoProviders } from '../../src/sandbox/demo/providers.ts';
import { type Sandbox, type SandboxConfig, startSandbox } from '../../src/sandbox/start.ts';
import { sdkOf } from '../sandbox/support/sandbox.ts';
import { upstream } from '../sandbox/support/upstream.ts';

// What AgentKit's documentation says of accounts, authorization, proxied calls and tools, as an app does it: with the real SDK,
// against the providers of the demo.

interface Environment {
  sdk: ScalekitClient;
  sandbox: Sandbox;
  providers: DemoProviders;
}

async function environment(extra: SandboxConfig['environment'] = {}): Promise<Environment> {
  const providers = await startDemoProviders();
  const sandbox = await startSandbox({ config: { ...providers.config, environment: extra } });
  onTestFinished(async () => {
    await sandbox.close();
    await providers.close();
  });
  return { sdk: sdkOf(sandbox), sandbox, providers };
}

const NOTES = { connectionName: 'notes-demo', identifier: 'user_123' };
const WEATHER = { connectionName: 'weather-demo', identifier: 'user_123' };
const DOCS = { connectionName: 'docs-demo', identifier: 'user_123' };

/** An app's page that the browser is sent back to; `arrived` are the addresses it was opened with. */
async function app(): Promise<{ url: string; arrived: URL[] }> {
  const arrived: URL[] = [];
  const origin = await upstream((request, response) => {
    arrived.push(new URL(request.url ?? '', origin));
    response.end('Thank you');
  });
  return { url: `${origin}/user/verify`, arrived };
}

describe('connected accounts', () => {
  it('getOrCreate creates a missing one, listing has no side effect and carries no credentials', async () => {
    const { sdk, sandbox } = await environment();
    expect((await sdk.actions.listConnectedAccounts(NOTES)).connectedAccounts).toEqual([]);
    const { connectedAccount } = await sdk.actions.getOrCreateConnectedAccount(NOTES);
    expect(connectedAccount).toMatchObject({
      id: expect.stringMatching(/^ca_\d+$/),
      status: ConnectorStatus.PENDING_AUTH,
    });
    const again = await sdk.actions.getOrCreateConnectedAccount(NOTES);
    expect(again.connectedAccount?.id).toBe(connectedAccount?.id);
    const { connectedAccounts } = await sdk.actions.listConnectedAccounts({
      connectionNames: ['notes-demo', 'weather-demo'],
      identifier: 'user_123',
    });
    expect(connectedAccounts.map(({ connector }) => connector)).toEqual(['notes-demo']);
    expect(connectedAccounts[0]).not.toHaveProperty('authorizationDetails');
    expect(sandbox.control.accounts()).toHaveLength(1);
  });
});

describe('authorization', () => {
  it('OAuth: the link leads to consent, after which the account is ACTIVE', async () => {
    const { sdk, sandbox } = await environment();
    await sdk.actions.getOrCreateConnectedAccount(NOTES);
    const { link, expiry } = await sdk.actions.getAuthorizationLink(NOTES);
    expect(Number(expiry?.seconds)).toBeGreaterThan(Date.now() / 1000);
    await sandbox.control.approveLink(link);
    const { connectedAccount } = await sdk.actions.getOrCreateConnectedAccount(NOTES);
    expect(connectedAccount?.status).toBe(ConnectorStatus.ACTIVE);
    const answer = await sdk.actions.request({ ...NOTES, path: '/v1/notes', method: 'GET' });
    expect(answer.status).toBe(200);
  });

  it('an API key: a form takes the fields of the connector', async () => {
    const { sdk, sandbox, providers } = await environment();
    await sdk.actions.getOrCreateConnectedAccount(WEATHER);
    const { link } = await sdk.actions.getAuthorizationLink(WEATHER);
    await sandbox.control.approveLink(link, { api_key: providers.weatherApiKey });
    const answer = await sdk.actions.request({ ...WEATHER, path: '/v1/forecast?city=Paris' });
    expect(answer.data).toMatchObject({ city: 'Paris' });
  });

  it('custom verification: the app is told, compares the state and verifies its user', async () => {
    const { sdk, sandbox } = await environment({ user_verification: 'custom' });
    const { url, arrived } = await app();
    await sdk.actions.getOrCreateConnectedAccount(NOTES);
    const { link } = await sdk.actions.getAuthorizationLink({ ...NOTES, state: 's-1', userVerifyUrl: url });
    const approved = await sandbox.control.approveLink(link);
    expect(approved.status).toBe('PENDING_VERIFICATION');
    const authRequestId = arrived[0]?.searchParams.get('auth_request_id') ?? '';
    expect(arrived[0]?.searchParams.get('state')).toBe('s-1');

    const verify = (identifier: string) =>
      sdk.actions.verifyConnectedAccountUser({ authRequestId, identifier });
    await expect(verify('user_other')).rejects.toMatchObject({ httpStatus: 403 });
    const { postUserVerifyRedirectUrl } = await verify('user_123');
    expect((await fetch(postUserVerifyRedirectUrl)).status).toBe(200);
    await expect(verify('user_123')).rejects.toMatchObject({
      httpStatus: 404,
      message: expect.stringContaining('auth request not found or no longer valid'),
    });
    expect((await sdk.actions.request({ ...NOTES, path: '/v1/notes' })).status).toBe(200);
  });

  it('custom verification without a userVerifyUrl fails after the consent', async () => {
    const { sdk, sandbox } = await environment({ user_verification: 'custom' });
    await sdk.actions.getOrCreateConnectedAccount(NOTES);
    const { link } = await sdk.actions.getAuthorizationLink(NOTES);
    await sandbox.control.approveLink(link).catch(() => {});
    expect(sandbox.control.links({ state: 'all' })[0]).toMatchObject({
      state: 'denied',
      error: 'failed_to_exchange',
      errorDescription: expect.stringContaining('user_verify_url not configured for verification redirect'),
    });
  });

  it('a consent that is denied comes back to the app with the error', async () => {
    const { sdk, sandbox } = await environment();
    const { url, arrived } = await app();
    await sdk.actions.getOrCreateConnectedAccount(NOTES);
    const { link } = await sdk.actions.getAuthorizationLink({ ...NOTES, state: 's-1', userVerifyUrl: url });
    const { denied, location } = await denyAtProvider(link);
    expect(denied).toBe('access_denied');
    await fetch(location);
    expect(Object.fromEntries(arrived[0]?.searchParams ?? [])).toMatchObject({
      error: 'access_denied',
      state: 's-1',
    });
    expect(sandbox.control.accounts()[0]?.status).toBe('PENDING_AUTH');
  });
});

/** As a provider that sends the browser back with an error (RFC 6749 section 4.1.2.1). */
async function denyAtProvider(link: string): Promise<{ denied: string; location: string }> {
  const authorize = new URL((await fetch(link, { redirect: 'manual' })).headers.get('location') ?? '');
  const callback = new URL(authorize.searchParams.get('redirect_uri') ?? '');
  callback.searchParams.set('error', 'access_denied');
  callback.searchParams.set('state', authorize.searchParams.get('state') ?? '');
  const location = (await fetch(callback, { redirect: 'manual' })).headers.get('location') ?? '';
  return { denied: callback.searchParams.get('error') ?? '', location };
}

describe("a token's life", () => {
  it('it is renewed five minutes ahead; when that is refused the account is EXPIRED', async () => {
    const { sdk, sandbox } = await environment({ token_lifetime: 864_000 });
    await sdk.actions.getOrCreateConnectedAccount(NOTES);
    await sandbox.control.approveLink((await sdk.actions.getAuthorizationLink(NOTES)).link);
    const [before] = sandbox.control.accounts();
    const lifetime = Date.parse(before?.tokenExpiresAt ?? '') - Date.parse(sandbox.control.clock().now);
    sandbox.control.advanceClock(lifetime / 1000 - 299);
    await sdk.actions.getConnectedAccount(NOTES);
    const [renewed] = sandbox.control.accounts();
    expect(renewed?.tokenExpiresAt).not.toBe(before?.tokenExpiresAt);

    await sandbox.control.revokeAccount(NOTES);
    sandbox.control.advanceClock(lifetime / 1000);
    const { connectedAccount } = await sdk.actions.getConnectedAccount(NOTES);
    expect(connectedAccount?.status).toBe(ConnectorStatus.EXPIRED);
    await expect(sdk.actions.request({ ...NOTES, path: '/v1/notes' })).rejects.toThrow();
  });
});

describe('MCP connectors', () => {
  it("discovers tools, executes one by connection and by account, and tells a tool's failure", async () => {
    const { sdk } = await environment();
    const { connectedAccount } = await sdk.actions.getOrCreateConnectedAccount(DOCS);
    const scoped = await sdk.tools.listScopedTools('user_123', {
      filter: { connectionNames: ['docs-demo'] },
      pageSize: 100,
    });
    const names = scoped.tools.map(({ tool }) => tool?.definition?.['name']);
    expect(names).toContain('c-docs-demo_search_docs');
    const available = await sdk.tools.listAvailableTools('user_123', {});
    expect(available.tools.map(({ definition }) => definition?.['name'])).toEqual(names);
    const summary = await sdk.tools.listTools({ filter: { query: 'docs', summary: true } as never });
    expect(summary.toolNames).toContain('c-docs-demo_search_docs');

    const toolName = 'c-docs-demo_search_docs';
    const toolInput = { query: 'oauth' };
    const byConnection = await sdk.actions.executeTool({
      toolName,
      connector: 'docs-demo',
      identifier: 'user_123',
      toolInput,
    });
    const byAccount = await sdk.actions.executeTool({
      toolName,
      connectedAccountId: connectedAccount?.id ?? '',
      toolInput,
    });
    expect(byAccount.data).toEqual(byConnection.data);
    expect(byConnection.executionId).not.toBe(byAccount.executionId);

    const failure: unknown = await sdk.actions
      .executeTool({ toolName, connector: 'docs-demo', identifier: 'user_123', toolInput: { query: 7 } })
      .catch((error: unknown) => error);
    expect(isToolException(failure as never)).toBe(true);
  });
});
