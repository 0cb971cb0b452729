import { describe, expect, it, onTestFinished } from 'vitest';
import { startAuthorizationServer } from '../../src/sandbox/demo/authorization-server.ts';
import { completeConsent } from '../../src/sandbox/demo/consent.ts';
import { authorizationServer } from './support/authorization-server.ts';
import {
  apiSees,
  callbackOf,
  later,
  linkOf,
  oauthConfig,
  type Setting,
  setting,
  statusOf,
  USER,
} from './support/oauth.ts';
import { sandboxWith, signedInSdk } from './support/sandbox.ts';

describe('authorization at an OAuth provider', () => {
  it('makes the account ACTIVE with the tokens of the code', async () => {
    const here = await setting();
    expect(statusOf(here)).toBe('PENDING_AUTH');
    const answer = await fetch(await linkOf(here.sdk));
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Notes is connected');
    expect(statusOf(here)).toBe('ACTIVE');
    expect(await apiSees(here.sdk)).toBe('Bearer access-1');
    const { connectedAccount } = await here.sdk.actions.getConnectedAccount(USER);
    expect(connectedAccount?.authorizationDetails?.details.value).toMatchObject({
      accessToken: 'access-1',
      refreshToken: 'refresh-1',
      scopes: ['notes:read'],
    });
    expect(Number(connectedAccount?.tokenExpiresAt?.seconds)).toBe(Math.floor(here.clock.now / 1000) + 3600);
  });

  it('sends what RFC 6749 and 7636 ask for, the client secret in the Basic header', async () => {
    const { sandbox, sdk, provider } = await setting();
    await fetch(await linkOf(sdk));
    const [authorize] = provider.authorizeRequests;
    expect(Object.fromEntries(authorize ?? [])).toEqual({
      response_type: 'code',
      client_id: 'the client',
      redirect_uri: expect.stringMatching(`^${sandbox.url}/sso/v1/oauth/conn_[0-9]+/callback$`),
      state: expect.stringMatching(/^[\w-]{43}$/),
      scope: 'notes:read',
      code_challenge: expect.stringMatching(/^[\w-]{43}$/),
      code_challenge_method: 'S256',
    });
    const [token] = provider.tokenRequests;
    expect(token?.form.get('redirect_uri')).toBe(authorize?.get('redirect_uri'));
    expect(token?.form.has('client_secret')).toBe(false);
    const basic = Buffer.from(token?.authorization?.slice('Basic '.length) ?? '', 'base64').toString();
    expect(basic).toBe('the+client:s3cret%3A%26');
  });

  it('leaves PKCE out where the definition says so, and names the scope parameter as it says', async () => {
    const { sdk, provider } = await setting({
      oauth: { pkce_enabled: false, custom_scope_name: 'user_scope' },
      client: { scopes: ['a', 'b'] },
    });
    await fetch(await linkOf(sdk));
    const [authorize] = provider.authorizeRequests;
    expect(authorize?.has('code_challenge')).toBe(false);
    expect(authorize?.has('scope')).toBe(false);
    expect(authorize?.get('user_scope')).toBe('a b');
  });

  it("keeps the authorize endpoint's own query", async () => {
    const here = await authorizationServer();
    const config = oauthConfig(
      { ...here, authorizeUri: `${here.authorizeUri}?prompt=consent` },
      here.tokenUri,
    );
    const sandbox = await sandboxWith({
      ...config,
      accounts: [{ connection: 'notes', identifier: 'user_1' }],
    });
    await fetch(await linkOf(await signedInSdk(sandbox)));
    expect(here.authorizeRequests[0]?.get('prompt')).toBe('consent');
  });

  it('goes through the real consent of oidc-provider', async () => {
    const server = await startAuthorizationServer({
      audience: 'https://notes.example',
      scopes: ['notes:read'],
    });
    onTestFinished(() => server.close());
    const config = oauthConfig(server, server.issuer);
    const oauth = { client_id: server.clientId, client_secret: server.clientSecret, scopes: ['notes:read'] };
    config.connections = [{ name: 'notes', connector: 'notes', oauth }];
    config.accounts = [{ connection: 'notes', identifier: 'user_1' }];
    const sandbox = await sandboxWith(config);
    const sdk = await signedInSdk(sandbox);

    const denied = await completeConsent(await linkOf(sdk), { decision: 'deny' });
    expect(denied).toMatchObject({ status: 400, title: 'Notes was not connected' });
    expect(sandbox.control.accounts()[0]?.status).toBe('PENDING_AUTH');
    const allowed = await completeConsent(await linkOf(sdk));
    expect(allowed).toMatchObject({ status: 200, title: 'Notes is connected' });
    expect(sandbox.control.accounts()[0]?.status).toBe('ACTIVE');
  });
});

describe('what can go wrong on the way back', () => {
  it.each([
    ['no state', (url: URL) => url.searchParams.delete('state')],
    ['an unknown state', (url: URL) => url.searchParams.set('state', 'x')],
    ["another connection's callback", (url: URL) => (url.pathname = '/sso/v1/oauth/conn_1/callback')],
  ])('%s: session expired or invalid', async (_what, tamper) => {
    const here = await setting();
    const url = new URL(await callbackOf(await linkOf(here.sdk)));
    tamper(url);
    const answer = await fetch(url);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('session expired or invalid');
    expect(here.provider.tokenRequests).toEqual([]);
    expect(statusOf(here)).toBe('PENDING_AUTH');
  });

  it('a state is good for one callback, a link for one success', async () => {
    const here = await setting();
    const link = await linkOf(here.sdk);
    const [first, second] = [await callbackOf(link), await callbackOf(link)];
    expect((await fetch(first)).status).toBe(200);
    expect((await fetch(first)).status).toBe(400);
    expect((await fetch(second)).status).toBe(400);
    const again = await fetch(link, { redirect: 'manual' });
    expect(again.status).toBe(410);
    expect(await again.text()).toContain('already used');
    expect(here.provider.tokenRequests).toHaveLength(1);
  });

  it('a link that expires while the user is at the provider', async () => {
    const here = await setting();
    const link = await linkOf(here.sdk);
    const callback = await callbackOf(link);
    here.clock.now += 600_000;
    expect(await (await fetch(callback)).text()).toContain('session expired or invalid');
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(410);
    expect(statusOf(here)).toBe('PENDING_AUTH');
  });

  it('an account that is deleted while the user is at the provider', async () => {
    const here = await setting();
    const callback = await callbackOf(await linkOf(here.sdk));
    await here.sdk.actions.deleteConnectedAccount(USER);
    expect((await fetch(callback)).status).toBe(400);
    expect(here.provider.tokenRequests).toEqual([]);
  });

  it("the provider's error, escaped, closes the link", async () => {
    const here = await setting();
    const link = await linkOf(here.sdk);
    const [denied, other] = [new URL(await callbackOf(link)), await callbackOf(link)];
    denied.searchParams.delete('code');
    denied.searchParams.set('error', 'access_denied');
    denied.searchParams.set('error_description', '<script>alert(1)</script>');
    const answer = await fetch(denied);
    expect(answer.status).toBe(400);
    const text = await answer.text();
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
    expect(text).toContain('<code>access_denied</code>');
    expect(text).not.toContain('<script>');
    expect(await (await fetch(other)).text()).toContain('session expired or invalid');
    const again = await fetch(link, { redirect: 'manual' });
    expect(again.status).toBe(400);
    expect(await again.text()).toContain('this one is closed');
    expect(here.sandbox.control.pendingLinks()).toEqual([]);
    expect(statusOf(here)).toBe('PENDING_AUTH');
  });

  it.each([
    [
      { status: 400, body: { error: 'invalid_grant', error_description: 'too late' } },
      'invalid_grant: too late',
    ],
    [{ status: 500, body: 'oops' }, 'failed_to_exchange_token'],
    [{ status: 200, body: { nothing: true } }, 'access_token'],
  ])('a token endpoint that answers %j', async (tokenAnswer, words) => {
    const here = await setting();
    here.provider.tokenAnswers.push(tokenAnswer);
    const link = await linkOf(here.sdk);
    const answer = await fetch(link);
    expect(answer.status).toBe(400);
    const text = await answer.text();
    expect(text).toContain('failed_to_exchange_token');
    expect(text).toContain(words);
    expect(text).not.toContain('s3cret');
    expect(statusOf(here)).toBe('PENDING_AUTH');
    expect((await fetch(await linkOf(here.sdk))).status).toBe(200);
  });

  it('takes a token answer as real providers give it: no token_type, an ID token, a number in quotes', async () => {
    const here = await setting();
    const body = { access_token: 'given', id_token: 'not.checked.here', expires_in: '3600' };
    here.provider.tokenAnswers.push({ status: 200, body });
    expect((await fetch(await linkOf(here.sdk))).status).toBe(200);
    expect(await apiSees(here.sdk)).toBe('Bearer given');
  });
});

describe('re-authorization', () => {
  it('leaves the account as it is until it is done, then replaces the tokens', async () => {
    const here = await setting();
    await fetch(await linkOf(here.sdk));
    const callback = await callbackOf(await linkOf(here.sdk));
    expect(statusOf(here)).toBe('ACTIVE');
    expect(await apiSees(here.sdk)).toBe('Bearer access-1');
    await fetch(callback);
    expect(await apiSees(here.sdk)).toBe('Bearer access-2');
  });

  it.each(['EXPIRED', 'DISCONNECTED'] as const)('brings a %s account back', async (status) => {
    const here = await setting();
    here.sandbox.control.setAccountStatus('notes', 'user_1', status);
    const callback = await callbackOf(await linkOf(here.sdk));
    expect(statusOf(here)).toBe(status);
    await fetch(callback);
    expect(statusOf(here)).toBe('ACTIVE');
  });
});

describe('refresh', () => {
  async function authorized(): Promise<Setting> {
    const here = await setting();
    await fetch(await linkOf(here.sdk));
    here.provider.tokenRequests.length = 0;
    return here;
  }

  it('not before the last five minutes, then once for many calls, with the refresh token replaced', async () => {
    const here = await authorized();
    await later(here, 3_299_000);
    expect(await apiSees(here.sdk)).toBe('Bearer access-1');
    await later(here, 2_000);
    const seen = await Promise.all(Array.from({ length: 5 }, () => apiSees(here.sdk)));
    expect(new Set(seen)).toEqual(new Set(['Bearer access-2']));
    expect(here.provider.tokenRequests).toHaveLength(1);
    const form = Object.fromEntries(here.provider.tokenRequests[0]?.form ?? []);
    expect(form).toEqual({ grant_type: 'refresh_token', refresh_token: 'refresh-1' });
    await later(here, 3_400_000);
    await apiSees(here.sdk);
    expect(here.provider.tokenRequests[1]?.form.get('refresh_token')).toBe('refresh-2');
  });

  it('keeps the refresh token where the provider sends no new one', async () => {
    const here = await authorized();
    here.provider.issuesRefreshTokens = false;
    for (const call of [1, 2]) {
      await later(here, 3_400_000);
      await apiSees(here.sdk);
      expect(here.provider.tokenRequests[call - 1]?.form.get('refresh_token')).toBe('refresh-1');
    }
  });

  it('whoever asks for the credentials gets renewed ones', async () => {
    const here = await authorized();
    await later(here, 3_400_000);
    const { connectedAccount } = await here.sdk.actions.getConnectedAccount(USER);
    expect(connectedAccount?.authorizationDetails?.details.value).toMatchObject({ accessToken: 'access-2' });
  });

  it('a refused refresh makes the account EXPIRED', async () => {
    const here = await authorized();
    here.provider.tokenAnswers.push({ status: 400, body: { error: 'invalid_grant' } });
    await later(here, 3_400_000);
    await expect(apiSees(here.sdk)).rejects.toMatchObject({ errDetails: { code: 9 } });
    expect(statusOf(here)).toBe('EXPIRED');
  });

  it('a provider in trouble does not, while the old token lasts', async () => {
    const here = await authorized();
    here.provider.tokenAnswers.push({ status: 503, body: 'later' }, { status: 503, body: 'later' });
    await later(here, 3_400_000);
    expect(await apiSees(here.sdk)).toBe('Bearer access-1');
    expect(statusOf(here)).toBe('ACTIVE');
    await later(here, 300_000);
    await expect(apiSees(here.sdk)).rejects.toMatchObject({ errDetails: { code: 9 } });
    expect(statusOf(here)).toBe('EXPIRED');
  });

  it('without a refresh token the account is EXPIRED when the access token is', async () => {
    const here = await setting();
    here.provider.issuesRefreshTokens = false;
    await fetch(await linkOf(here.sdk));
    await later(here, 3_599_000);
    expect(statusOf(here)).toBe('ACTIVE');
    await later(here, 2_000);
    expect(statusOf(here)).toBe('EXPIRED');
    const { connectedAccounts } = await here.sdk.actions.listConnectedAccounts({});
    expect(connectedAccounts[0]?.status).toBe(2);
  });

  it('a token of which nobody said when it ends is used as it is', async () => {
    const here = await setting();
    here.provider.expiresIn = undefined;
    await fetch(await linkOf(here.sdk));
    await later(here, 100_000_000);
    expect(await apiSees(here.sdk)).toBe('Bearer access-1');
    expect(here.provider.tokenRequests).toHaveLength(1);
  });
});
