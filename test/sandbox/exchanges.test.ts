import { describe, expect, it } from 'vitest';
import type { Exchange, Sandbox } from '../../src/sandbox/start.ts';
import { controlApi } from './support/control-api.ts';
import { accessToken, oneConnection, sandboxWith, sdkOf, signedInSdk } from './support/sandbox.ts';
import { upstream } from './support/upstream.ts';

async function setting() {
  const origin = await upstream((request, response) => {
    response.writeHead(request.url?.startsWith('/missing') ? 404 : 200).end('{}');
  });
  const accounts = [{ connection: 'demo', identifier: 'u', credentials: { token: 'provider-token' } }];
  const sandbox = await sandboxWith(oneConnection({ proxy_url: origin }, { accounts }));
  const token = await accessToken(sandbox);
  const headers = { authorization: `Bearer ${token}`, connection_name: 'demo', identifier: 'u' };
  const get = async (path: string, others: Record<string, string> = {}) => {
    const response = await fetch(`${sandbox.url}${path}`, { headers: { ...headers, ...others } });
    await response.text();
  };
  return { sandbox, token, get };
}

function last({ control }: Sandbox): Exchange | undefined {
  return control.exchanges().exchanges.at(-1);
}

describe('an exchange', () => {
  it('is a proxied call', async () => {
    const { sandbox, get } = await setting();
    await get('/proxy/missing?limit=10');
    expect(last(sandbox)).toMatchObject({
      kind: 'proxy',
      method: 'GET',
      path: '/proxy/missing?limit=10',
      connectionName: 'demo',
      identifier: 'u',
      toolName: null,
      status: 404,
      grpcCode: null,
      fault: null,
      error: null,
    });
    expect(last(sandbox)?.durationMs).toBeGreaterThan(0);
  });

  it('is one that Scalekit refused', async () => {
    const { sandbox, get } = await setting();
    await get('/proxy/x', { identifier: 'nobody' });
    expect(last(sandbox)).toMatchObject({
      identifier: 'nobody',
      status: 404,
      grpcCode: 'not_found',
      error: 'connected account not found for nobody on demo',
    });
  });

  it('is an RPC, with whom it is about', async () => {
    const { sandbox } = await setting();
    const sdk = await signedInSdk(sandbox);
    await sdk.actions.getConnectedAccount({ connectionName: 'demo', identifier: 'u' });
    expect(last(sandbox)).toMatchObject({
      kind: 'grpc',
      path: '/scalekit.v1.connected_accounts.ConnectedAccountService/GetConnectedAccountAuth',
      connectionName: 'demo',
      identifier: 'u',
      status: 200,
      grpcCode: 'ok',
    });
    await sdk.actions.getConnectedAccount({ connectionName: 'none', identifier: 'u' }).catch(() => {});
    expect(last(sandbox)).toMatchObject({ connectionName: 'none', grpcCode: 'not_found' });
  });

  it('is a call of what there is not', async () => {
    const { sandbox } = await setting();
    const headers = { 'content-type': 'application/grpc' };
    await fetch(`${sandbox.url}/scalekit.v1.nothing.Service/Call`, { method: 'POST', headers });
    expect(last(sandbox)).toMatchObject({ kind: 'grpc', status: 200, grpcCode: 'unimplemented' });
    expect(last(sandbox)?.error).toContain('scalekit.v1.nothing.Service/Call');
  });

  it('is a tool call that failed', async () => {
    const { sandbox } = await setting();
    const sdk = await signedInSdk(sandbox);
    const call = { toolName: 'none', connector: 'demo', identifier: 'u', toolInput: {} };
    await sdk.actions.executeTool(call).catch(() => {});
    expect(last(sandbox)).toMatchObject({ toolName: 'none', connectionName: 'demo', grpcCode: 'not_found' });
  });

  it('is a REST call', async () => {
    const { sandbox, get } = await setting();
    await get('/api/v1/connected_accounts?connector=demo&identifier=u');
    expect(last(sandbox)).toMatchObject({ kind: 'rest', status: 200, grpcCode: 'ok' });
    await get('/api/v1/nothing');
    expect(last(sandbox)).toMatchObject({ kind: 'rest', status: 404, grpcCode: 'not_found' });
  });

  it('is a sign-in', async () => {
    const { sandbox } = await setting();
    await accessToken(sandbox);
    expect(last(sandbox)).toMatchObject({ kind: 'token', method: 'POST', path: '/oauth/token', status: 200 });
  });

  it('is a page, with whose link it is', async () => {
    const { sandbox } = await setting();
    const { link } = await sdkOf(sandbox).actions.getAuthorizationLink({
      connectionName: 'demo',
      identifier: 'u',
    });
    await fetch(link);
    expect(last(sandbox)).toMatchObject({
      kind: 'page',
      connectionName: 'demo',
      identifier: 'u',
      status: 200,
    });
    const connection = sandbox.control.connection('demo');
    await fetch(`${sandbox.url}/sso/v1/oauth/${connection.id}/callback?code=x&state=y`);
    expect(last(sandbox)).toMatchObject({ kind: 'page', connectionName: 'demo', status: 400 });
    await fetch(`${sandbox.url}/nothing`);
    expect(last(sandbox)).toMatchObject({ kind: 'page', connectionName: null, status: 404 });
  });

  it('is not one of who watches', async () => {
    const { sandbox, get } = await setting();
    const { nextAfter } = sandbox.control.exchanges();
    await get('/');
    await get('/favicon.ico');
    await get('/sandbox/v1/links');
    expect(sandbox.control.exchanges({ after: nextAfter }).exchanges).toEqual([]);
  });
});

describe('the log', () => {
  it('tells nothing secret', async () => {
    const { sandbox, token, get } = await setting();
    const sdk = sdkOf(sandbox);
    const { link } = await sdk.actions.getAuthorizationLink({ connectionName: 'demo', identifier: 'u' });
    await fetch(link);
    await fetch(`${link}?state=the-state-of-it`);
    const url = `${sandbox.url}/sso/v1/oauth/conn_1/callback`;
    await fetch(`${url}?code=the-code-of-it&state=the-state-of-it&error_description=x`);
    await get('/proxy/x?access_token=abc-secret&api_key=abc-secret&page=2', { cookie: 'session=the-cookie' });
    await get(`/proxy/x`, { authorization: `Bearer ${token}x` });
    const text = JSON.stringify(sandbox.control.exchanges());
    const linkToken = link.split('/').at(-1) ?? '';
    const secrets = [
      linkToken,
      token,
      'the-code-of-it',
      'the-state-of-it',
      'abc-secret',
      'the-cookie',
      'provider-token',
    ];
    for (const secret of secrets) expect(text).not.toContain(secret);
    expect(text).toContain('/magicLink/***');
    expect(text).toContain('page=2');
  });

  it('keeps the last thousand, and ids go on', async () => {
    const { sandbox, get } = await setting();
    for (let batch = 0; batch < 21; batch += 1) {
      await Promise.all(Array.from({ length: 50 }, () => get('/proxy/x')));
    }
    const { exchanges, nextAfter } = sandbox.control.exchanges();
    expect(exchanges).toHaveLength(1000);
    expect(exchanges.at(-1)?.id).toBe(nextAfter);
    expect(exchanges[0]?.id).toBe(nextAfter - 999);
    expect(sandbox.control.exchanges({ after: 0 })).toEqual({ exchanges, nextAfter });
    sandbox.control.clearExchanges();
    expect(sandbox.control.exchanges()).toEqual({ exchanges: [], nextAfter });
    await get('/proxy/x');
    expect(last(sandbox)?.id).toBe(nextAfter + 1);
  });

  it('is followed without a gap, and filtered', async () => {
    const { sandbox, get } = await setting();
    let after = sandbox.control.exchanges().nextAfter;
    const seen: string[] = [];
    for (let number = 0; number < 5; number += 1) await get(`/proxy/${number}`);
    for (;;) {
      const page = sandbox.control.exchanges({ after, limit: 2, connectionName: 'demo' });
      if (page.exchanges.length === 0) break;
      seen.push(...page.exchanges.map(({ path }) => path));
      after = page.nextAfter;
    }
    expect(seen).toEqual(['/proxy/0', '/proxy/1', '/proxy/2', '/proxy/3', '/proxy/4']);
    const { exchanges } = sandbox.control.exchanges({ limit: 2 });
    expect(exchanges.map(({ path }) => path)).toEqual(['/proxy/3', '/proxy/4']);
    expect(sandbox.control.exchanges({ connectionName: 'other' }).exchanges).toEqual([]);
  });

  it('waits for the next one', async () => {
    const { sandbox, get } = await setting();
    const { call } = await controlApi(sandbox);
    const after = String(sandbox.control.exchanges().nextAfter);
    const waiting = call('listExchanges', { query: { after, waitSeconds: '20' } });
    await get('/proxy/late');
    const { body } = await waiting;
    expect(body.exchanges).toMatchObject([{ path: '/proxy/late' }]);
    const none = await call('listExchanges', {
      query: { after: String(body.nextAfter), waitSeconds: '1', connectionName: 'other' },
    });
    expect(none.body.exchanges).toEqual([]);
  });

  it('who waits is let go at close', async () => {
    const { sandbox } = await setting();
    const after = String(sandbox.control.exchanges().nextAfter);
    const headers = { authorization: `Bearer ${sandbox.env.SK_CONNECT_SANDBOX_TOKEN}` };
    const waiting = fetch(`${sandbox.url}/sandbox/v1/exchanges?after=${after}&waitSeconds=30`, {
      headers,
    }).then(
      () => 'answered',
      () => 'cut off',
    );
    await new Promise((next) => setTimeout(next, 50));
    await sandbox.close();
    expect(['answered', 'cut off']).toContain(await waiting);
  });
});
