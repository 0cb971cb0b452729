import { decodeJwt, decodeProtectedHeader } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type AuthorizationServer,
  isSandboxCallback,
} from '../../../src/sandbox/demo/authorization-server.ts';
import { completeConsent } from '../../../src/sandbox/demo/consent.ts';
import { NOTES_AUDIENCE } from '../../../src/sandbox/demo/notes-api.ts';
import { type Callback, DemoClient, startCallback, startNotesAuthorization } from './flow.ts';

let server: AuthorizationServer;
let callback: Callback;
let client: DemoClient;

beforeAll(async () => {
  server = await startNotesAuthorization();
  callback = await startCallback();
});

beforeEach(() => {
  callback.received.length = 0;
  client = new DemoClient(server, callback);
});

afterAll(async () => {
  await server.close();
  await callback.close();
});

describe('allow', () => {
  it('leads through sign-in and consent back to the callback', async () => {
    const end = await completeConsent(await client.link(), { userName: 'ada' });
    expect(end).toMatchObject({ status: 200, title: 'Back at the sandbox' });
    expect(end.url.startsWith(`${callback.redirectUri}?code=`)).toBe(true);
    expect(callback.received[0]?.searchParams.get('iss')).toBe(server.issuer);
  });

  it('issues a JWT access token for the API and a refresh token, also without offline_access', async () => {
    const tokens = await client.authorize({}, { userName: 'ada' });
    expect(tokens).toMatchObject({ token_type: 'bearer', expires_in: 3600, scope: 'notes:read notes:write' });
    expect(tokens.refresh_token).toEqual(expect.any(String));
    expect(decodeProtectedHeader(tokens.access_token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
    expect(decodeJwt(tokens.access_token)).toMatchObject({
      iss: server.issuer,
      aud: NOTES_AUDIENCE,
      sub: 'ada',
      client_id: server.clientId,
      scope: 'notes:read notes:write',
    });
  });

  it('issues an ID token where openid is asked for', async () => {
    const scope = 'openid offline_access notes:read';
    const tokens = await client.authorize({ scope, prompt: 'consent' }, { userName: 'ada' });
    expect(decodeJwt(tokens.id_token ?? '')).toMatchObject({ sub: 'ada', aud: server.clientId });
    expect(decodeJwt(tokens.access_token)).toMatchObject({ aud: NOTES_AUDIENCE, scope: 'notes:read' });
  });

  it('refreshes', async () => {
    const tokens = await client.authorize();
    const refreshed = await client.refresh(tokens.refresh_token ?? '');
    expect(refreshed.access_token).not.toBe(tokens.access_token);
    expect(decodeJwt(refreshed.access_token)).toMatchObject({ aud: NOTES_AUDIENCE, sub: 'demo-user' });
    expect(refreshed.scope).toBe('notes:read notes:write');
  });

  it('refuses a refresh token that was revoked', async () => {
    const { refresh_token = '' } = await client.authorize();
    await client.revoke(refresh_token);
    await expect(client.refresh(refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' });
  });
});

describe('refusals', () => {
  it('deny ends in access_denied', async () => {
    const end = await completeConsent(await client.link(), { decision: 'deny' });
    expect(end.title).toBe('Back at the sandbox');
    const query = callback.received.at(-1)?.searchParams;
    expect(query?.get('error')).toBe('access_denied');
    expect(query?.get('state')).toBe(client.state);
    expect(query?.has('code')).toBe(false);
  });

  it('requires PKCE', async () => {
    await completeConsent(await client.link({ code_challenge: undefined, code_challenge_method: undefined }));
    expect(callback.received.at(-1)?.searchParams.get('error')).toBe('invalid_request');
  });

  it('refuses another verifier', async () => {
    await completeConsent(await client.link());
    const exchange = client.exchange({ verifier: 'x'.repeat(43) });
    await expect(exchange).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('refuses a code that was used', async () => {
    await client.authorize();
    await expect(client.exchange()).rejects.toMatchObject({ error: 'invalid_grant' });
  });

  it('refuses another client secret', async () => {
    await completeConsent(await client.link());
    const exchange = client.exchange({ secret: 'wrong' });
    await expect(exchange).rejects.toMatchObject({ message: expect.stringContaining('WWW-Authenticate') });
  });

  it.each([
    ['another path', { redirect_uri: 'http://127.0.0.1:9/elsewhere' }],
    ['another host', { redirect_uri: 'http://10.0.0.1:9/sso/v1/oauth/x/callback' }],
    ['another client', { client_id: 'somebody' }],
  ])('shows a page of its own for %s', async (_, changes) => {
    const end = await completeConsent(await client.link(changes));
    expect(end).toMatchObject({ status: 400, title: 'This did not work · Demo Notes' });
    expect(new URL(end.url).origin).toBe(server.issuer);
  });
});

describe('isSandboxCallback', () => {
  it.each([
    ['http://127.0.0.1:8080/sso/v1/oauth/notes-demo/callback', true],
    ['http://127.0.0.1/sso/v1/oauth/x/callback', true],
    ['https://127.0.0.1:8080/sso/v1/oauth/x/callback', false],
    ['http://localhost:8080/sso/v1/oauth/x/callback', false],
    ['http://127.0.0.1.example.com/sso/v1/oauth/x/callback', false],
    ['http://127.0.0.1:1@example.com/sso/v1/oauth/x/callback', false],
    ['http://user@127.0.0.1:8080/sso/v1/oauth/x/callback', false],
    ['http://127.0.0.1:8080/sso/v1/oauth/x/y/callback', false],
    ['http://127.0.0.1:8080/sso/v1/oauth//callback', false],
    ['http://127.0.0.1:8080/sso/v1/oauth/x/callback/more', false],
    ['http://127.0.0.1:8080/sso/v1/oauth/x/callback?a=b', false],
    ['http://127.0.0.1:8080/sso/v1/oauth/x/callback#f', false],
    ['nonsense', false],
  ])('%s: %s', (uri, expected) => {
    expect(isSandboxCallback(uri)).toBe(expected);
  });
});

it('has another secret at every start', async () => {
  const other = await startNotesAuthorization();
  await other.close();
  expect(other.clientSecret).not.toBe(server.clientSecret);
  expect(other.clientSecret.length).toBeGreaterThanOrEqual(43);
});
