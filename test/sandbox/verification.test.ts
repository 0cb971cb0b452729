import { ScalekitNotFoundException } from '@scalekit-sdk/node';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { AuthPattern } from '../../src/sandbox/config/types.ts';
import { startAuthorizationServer } from '../../src/sandbox/demo/authorization-server.ts';
import { completeConsent } from '../../src/sandbox/demo/consent.ts';
import { callbackOf, linkOf, oauthConfig, type Setting, setting, statusOf, USER } from './support/oauth.ts';
import { connector, sandboxWith, signedInSdk } from './support/sandbox.ts';
import { upstream } from './support/upstream.ts';

const CUSTOM = { environment: { user_verification: 'custom' } } as const;
const APP = 'https://app.example.com/user/verify?tenant=7';

/** Follows the browser from a link to where the sandbox sends it last: to the application, or nowhere. */
async function consent(link: string): Promise<{ answer: Response; to: URL | undefined }> {
  const answer = await fetch(await callbackOf(link), { redirect: 'manual' });
  const location = answer.headers.get('location');
  return { answer, to: location === null ? undefined : new URL(location) };
}

async function authRequest(here: Setting): Promise<string> {
  const { to } = await consent(await linkOf(here.sdk, { userVerifyUrl: APP }));
  return to?.searchParams.get('auth_request_id') ?? '';
}

function verify({ sdk }: Setting, authRequestId: string, identifier = 'user_1') {
  return sdk.actions.verifyConnectedAccountUser({ authRequestId, identifier });
}

async function accessTokenOf({ sdk }: Setting): Promise<unknown> {
  const { connectedAccount } = await sdk.actions.getConnectedAccount(USER);
  const { details } = connectedAccount?.authorizationDetails ?? {};
  return details?.case === 'oauthToken' ? details.value.accessToken : undefined;
}

describe('custom user verification', () => {
  it('sends the browser to the application, whose word makes the account ACTIVE', async () => {
    const here = await setting(CUSTOM);
    const link = await linkOf(here.sdk, { userVerifyUrl: APP, state: 'a state/&?' });
    const { answer, to } = await consent(link);
    expect(answer.status).toBe(302);
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(to?.origin).toBe('https://app.example.com');
    expect(Object.fromEntries(to?.searchParams ?? [])).toEqual({
      tenant: '7',
      auth_request_id: expect.stringMatching(/^[\w-]{43}$/),
      state: 'a state/&?',
    });
    expect(statusOf(here)).toBe('PENDING_VERIFICATION');
    expect(await accessTokenOf(here)).toBeUndefined();
    await expect(here.sdk.actions.request({ ...USER, path: '/' })).rejects.toMatchObject({
      errDetails: { code: 9, message: expect.stringContaining('PENDING_VERIFICATION') },
    });

    const id = to?.searchParams.get('auth_request_id') ?? '';
    const { postUserVerifyRedirectUrl } = await verify(here, id);
    expect(statusOf(here)).toBe('ACTIVE');
    expect(await accessTokenOf(here)).toBe('access-1');
    const page = await fetch(postUserVerifyRedirectUrl);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Notes is connected');
    expect(postUserVerifyRedirectUrl).not.toContain(id);
  });

  it('leaves state out where none was given', async () => {
    const here = await setting(CUSTOM);
    const { to } = await consent(await linkOf(here.sdk, { userVerifyUrl: 'http://127.0.0.1:3/cb#part' }));
    expect(to?.searchParams.has('state')).toBe(false);
    expect(to?.hash).toBe('#part');
  });

  it('another user is refused, and the right one still let in', async () => {
    const here = await setting(CUSTOM);
    const id = await authRequest(here);
    await expect(verify(here, id, 'user_2')).rejects.toMatchObject({ httpStatus: 403 });
    expect(statusOf(here)).toBe('PENDING_VERIFICATION');
    await verify(here, id);
    expect(statusOf(here)).toBe('ACTIVE');
  });

  it.each<[string, (here: Setting) => Promise<string>]>([
    ['unknown', async () => 'nothing'],
    [
      'used',
      async (here) => {
        const id = await authRequest(here);
        await verify(here, id);
        here.sandbox.control.setAccountStatus(USER.connectionName, USER.identifier, 'PENDING_VERIFICATION');
        return id;
      },
    ],
    [
      'expired',
      async (here) => {
        const id = await authRequest(here);
        here.clock.now += 600_000;
        return id;
      },
    ],
    [
      'replaced by a newer consent',
      async (here) => {
        const id = await authRequest(here);
        await authRequest(here);
        return id;
      },
    ],
    [
      'void since the account was disconnected',
      async (here) => {
        const id = await authRequest(here);
        const { connectedAccount } = await here.sdk.actions.getConnectedAccount(USER);
        await here.sdk.connectedAccounts['client'].disconnectConnectedAccount({ id: connectedAccount?.id });
        return id;
      },
    ],
    [
      'void since the account was deleted and made anew',
      async (here) => {
        const id = await authRequest(here);
        await here.sdk.actions.deleteConnectedAccount(USER);
        await here.sdk.actions.createConnectedAccount({ ...USER, authorizationDetails: {} as never });
        here.sandbox.control.setAccountStatus(USER.connectionName, USER.identifier, 'PENDING_VERIFICATION');
        return id;
      },
    ],
  ])('an auth request that is %s: not found', async (_what, idOf) => {
    const here = await setting(CUSTOM);
    const id = await idOf(here);
    const before = statusOf(here);
    const failure = await verify(here, id).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(ScalekitNotFoundException);
    expect(failure).toMatchObject({
      httpStatus: 404,
      message: expect.stringContaining('auth request not found or no longer valid'),
    });
    expect(statusOf(here)).toBe(before);
  });

  it('an account that was ACTIVE keeps its old tokens until the new ones are confirmed', async () => {
    const here = await setting(CUSTOM);
    await verify(here, await authRequest(here));
    const id = await authRequest(here);
    expect(statusOf(here)).toBe('PENDING_VERIFICATION');
    expect(await accessTokenOf(here)).toBe('access-1');
    await verify(here, id);
    expect(await accessTokenOf(here)).toBe('access-2');
  });

  it('fails after consent where there is no URL to send the browser to', async () => {
    const here = await setting(CUSTOM);
    const link = await linkOf(here.sdk);
    const { answer } = await consent(link);
    expect(answer.status).toBe(400);
    const text = await answer.text();
    expect(text).toContain('<code>failed_to_exchange</code>');
    expect(text).toContain('user_verify_url not configured for verification redirect');
    expect(here.provider.tokenRequests).toHaveLength(1);
    expect(statusOf(here)).toBe('PENDING_AUTH');
    expect((await fetch(link, { redirect: 'manual' })).status).toBe(400);
  });

  it('is for OAuth alone: a form makes its account ACTIVE', async () => {
    const pattern: AuthPattern = { type: 'API_KEY', fields: [{ field_name: 'api_key', required: true }] };
    const sandbox = await sandboxWith({
      ...CUSTOM,
      connectors: [connector({ display_name: 'Notes', auth_patterns: [pattern] })],
      connections: [{ name: 'notes', connector: 'notes' }],
      accounts: [{ connection: 'notes', identifier: 'user_1' }],
    });
    const link = await linkOf(await signedInSdk(sandbox), { userVerifyUrl: APP });
    const token = /name="__form_token" value="([^"]+)"/.exec(await (await fetch(link)).text())?.[1] ?? '';
    const body = new URLSearchParams({ __form_token: token, api_key: 'k' });
    expect((await fetch(link, { method: 'POST', body, redirect: 'manual' })).status).toBe(200);
    expect(statusOf({ sandbox })).toBe('ACTIVE');
  });

  it('goes through the real consent of oidc-provider', async () => {
    const server = await startAuthorizationServer({
      audience: 'https://notes.example',
      scopes: ['notes:read'],
    });
    onTestFinished(() => server.close());
    const received: URLSearchParams[] = [];
    const app = await upstream((request, response) => {
      received.push(new URL(request.url ?? '', 'http://localhost').searchParams);
      response.end();
    });
    const sandbox = await sandboxWith({
      ...oauthConfig(server, server.issuer),
      ...CUSTOM,
      connections: [
        {
          name: 'notes',
          connector: 'notes',
          oauth: { client_id: server.clientId, client_secret: server.clientSecret, scopes: ['notes:read'] },
        },
      ],
      accounts: [{ connection: 'notes', identifier: 'user_1' }],
    });
    const sdk = await signedInSdk(sandbox);
    const options = { userVerifyUrl: `${app}/verify`, state: 's' };
    await completeConsent(await linkOf(sdk, options), { decision: 'deny' });
    await completeConsent(await linkOf(sdk, options));
    const [denied, allowed] = received;
    expect(denied?.get('error')).toBe('access_denied');
    expect([denied?.get('state'), allowed?.get('state')]).toEqual(['s', 's']);
    const authRequestId = allowed?.get('auth_request_id') ?? '';
    await sdk.actions.verifyConnectedAccountUser({ authRequestId, identifier: 'user_1' });
    expect(statusOf({ sandbox })).toBe('ACTIVE');
  });

  it('the page for afterwards tells nobody anything before', async () => {
    const here = await setting(CUSTOM);
    const { postUserVerifyRedirectUrl } = await verify(here, await authRequest(here));
    here.sandbox.control.setAccountStatus(USER.connectionName, USER.identifier, 'EXPIRED');
    expect((await fetch(postUserVerifyRedirectUrl)).status).toBe(404);
    expect((await fetch(`${here.sandbox.url}/connect/success/lnk_1`)).status).toBe(404);
  });
});

describe('without verification', () => {
  it('the browser ends on a page, URL or not', async () => {
    const here = await setting();
    const { answer, to } = await consent(await linkOf(here.sdk, { userVerifyUrl: APP }));
    expect(to).toBeUndefined();
    expect(answer.status).toBe(200);
    expect(statusOf(here)).toBe('ACTIVE');
  });
});

describe('an authorization that fails', () => {
  const ERROR = { error: 'invalid_scope', error_description: 'no such scope: notes:read' };

  it.each(['custom', 'off'] as const)(
    "is told to the application in the provider's words (%s)",
    async (mode) => {
      const here = await setting({
        environment: { user_verification: mode },
        provider: { authorizeError: ERROR },
      });
      const link = await linkOf(here.sdk, { userVerifyUrl: APP, state: 's' });
      const { to } = await consent(link);
      expect(Object.fromEntries(to?.searchParams ?? [])).toEqual({ tenant: '7', state: 's', ...ERROR });
      expect(statusOf(here)).toBe('PENDING_AUTH');
      expect(here.sandbox.control.pendingLinks()).toEqual([]);
    },
  );

  it('a code that the provider does not take is one, too', async () => {
    const here = await setting(CUSTOM);
    here.provider.tokenAnswers.push({ status: 400, body: { error: 'invalid_grant' } });
    const { to } = await consent(await linkOf(here.sdk, { userVerifyUrl: APP }));
    expect(Object.fromEntries(to?.searchParams ?? [])).toEqual({
      tenant: '7',
      error: 'failed_to_exchange_token',
      error_description: 'invalid_grant',
    });
  });

  it('one that cannot begin does so at once', async () => {
    const here = await setting({ oauth: { token_uri: 'https://tokens.example.com/token' } });
    const link = await linkOf(here.sdk, { userVerifyUrl: APP });
    const answer = await fetch(link, { redirect: 'manual' });
    const to = new URL(answer.headers.get('location') ?? '');
    expect(to.searchParams.get('error')).toBe('server_error');
    expect(to.searchParams.get('error_description')).toContain('allow_hosts');
  });

  it('endless words are cut', async () => {
    const authorizeError = { error: 'server_error', error_description: 'x'.repeat(7000) };
    const here = await setting({ provider: { authorizeError } });
    const { to } = await consent(await linkOf(here.sdk, { userVerifyUrl: APP }));
    expect(to?.searchParams.get('error_description')).toHaveLength(1000);
  });
});

describe('userVerifyUrl', () => {
  it.each([
    ['javascript:alert(1)', 'must match ^$|^https?://'],
    ['app.example.com/verify', 'must match ^$|^https?://'],
    ['myapp://verify', 'must match ^$|^https?://'],
    ['https://', 'is not a URL'],
    ['https://user:pass@app.example.com/', 'must not hold credentials'],
    [`https://app.example.com/${'x'.repeat(2000)}`, 'is longer than 2000 characters'],
  ])('%s is not one', async (userVerifyUrl, words) => {
    const here = await setting(CUSTOM);
    await expect(linkOf(here.sdk, { userVerifyUrl })).rejects.toMatchObject({
      httpStatus: 400,
      message: expect.stringContaining(words),
    });
  });
});
