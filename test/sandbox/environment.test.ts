import { connect } from 'node:net';
import { Code } from '@connectrpc/connect';
import { ScalekitClient, ScalekitUnauthorizedException } from '@scalekit-sdk/node';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import { describe, expect, it } from 'vitest';
import { accessToken, oneConnection, sandboxWith, sdkOf } from './support/sandbox.ts';

function post(url: string, form: Record<string, string>, headers: Record<string, string> = {}) {
  return fetch(`${url}/oauth/token`, { method: 'POST', body: new URLSearchParams(form), headers });
}

describe('POST /oauth/token', () => {
  it('issues a JWT that the published key verifies', async () => {
    const sandbox = await sandboxWith(oneConnection());
    const token = await accessToken(sandbox);
    const { payload } = await jwtVerify(token, createRemoteJWKSet(new URL(`${sandbox.url}/keys`)));
    expect(payload).toMatchObject({ iss: sandbox.url, sub: sandbox.env.SCALEKIT_CLIENT_ID });
    expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(3600);
    expect(payload.sub).toMatch(/^skc_sandbox\d+$/);
  });

  it('takes client and lifetime from the config', async () => {
    const environment = { client_id: 'skc_1', client_secret: 'given', token_lifetime: 60 };
    const { url } = await sandboxWith(oneConnection({}, { environment }));
    const answer = await post(url, {
      grant_type: 'client_credentials',
      client_id: 'skc_1',
      client_secret: 'given',
    });
    const body = (await answer.json()) as { access_token: string };
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 60 });
    const { exp = 0, iat = 0 } = decodeJwt(body.access_token);
    expect(exp - iat).toBe(60);
  });

  it('takes the client from a Basic header, form-encoded as RFC 6749 has it', async () => {
    const environment = { client_id: 'skc:1', client_secret: 'a b%&é' };
    const { url } = await sandboxWith(oneConnection({}, { environment }));
    const basic = Buffer.from('skc%3A1:a+b%25%26%C3%A9').toString('base64');
    const answer = await post(url, { grant_type: 'client_credentials' }, { authorization: `Basic ${basic}` });
    expect(answer.status).toBe(200);
  });

  it.each([
    [{ grant_type: 'client_credentials', client_id: 'skc_1', client_secret: 'wrong' }, 401, 'invalid_client'],
    [{ grant_type: 'client_credentials', client_id: 'other', client_secret: 'given' }, 401, 'invalid_client'],
    [{ grant_type: 'client_credentials' }, 401, 'invalid_client'],
    [{ grant_type: 'password', client_id: 'skc_1', client_secret: 'given' }, 400, 'unsupported_grant_type'],
    [{ client_id: 'skc_1', client_secret: 'given' }, 400, 'invalid_request'],
  ])('refuses %j', async (form, status, error) => {
    const environment = { client_id: 'skc_1', client_secret: 'given' };
    const { url } = await sandboxWith(oneConnection({}, { environment }));
    const answer = await post(url, form);
    expect(answer.status).toBe(status);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({ error, error_description: expect.any(String) });
    expect(text).not.toContain('given');
  });
});

describe("the environment's token", () => {
  it('is asked of every RPC; the SDK signs in anew when it has run out', async () => {
    const clock = { now: Date.now() };
    const sandbox = await sandboxWith(oneConnection(), { now: () => clock.now });
    const sdk = sdkOf(sandbox);
    await expect(sdk.actions.listConnections()).resolves.toMatchObject({ totalSize: 1 });
    clock.now += 3_601_000;
    await expect(sdk.actions.listConnections()).resolves.toMatchObject({ totalSize: 1 });
  });

  it.each([
    ['none', () => '', 'missing access token'],
    ['another environment’s', (_url: string, foreign: string) => `Bearer ${foreign}`, 'invalid access token'],
    ['garbage', () => 'Bearer x.y.z', 'invalid access token'],
    ['another scheme', () => 'Basic abc', 'missing access token'],
  ])('%s: Unauthenticated', async (_what, header, message) => {
    const [sandbox, other] = [await sandboxWith(oneConnection()), await sandboxWith(oneConnection())];
    const authorization = header(sandbox.url, await accessToken(other));
    const answer = await fetch(`${sandbox.url}/proxy/x`, { headers: { authorization } });
    expect(answer.status).toBe(401);
    expect(await answer.json()).toEqual({
      code: Code.Unauthenticated,
      message,
      details: [
        { '@type': 'type.googleapis.com/scalekit.v1.errdetails.ErrorInfo', error_code: 'UNAUTHENTICATED' },
      ],
    });
  });

  it('a wrong secret gets the SDK nowhere', async () => {
    const sandbox = await sandboxWith(oneConnection());
    await expect(sdkOf(sandbox, 'wrong').actions.listConnections()).rejects.toMatchObject({
      response: { status: 401, data: { error: 'invalid_client' } },
    });
  });

  it('a token that stays refused ends as the SDK’s own exception', async () => {
    const sandbox = await sandboxWith(oneConnection({}, { environment: { token_lifetime: 1 } }), {
      now: (() => {
        let now = Date.now();
        return () => (now += 1_100);
      })(),
    });
    const sdk = new ScalekitClient(...(Object.values(sandbox.env) as [string, string, string]));
    await expect(sdk.actions.listConnections()).rejects.toBeInstanceOf(ScalekitUnauthorizedException);
  });
});

describe('one port', () => {
  it('tells HTTP/1.1 and h2c apart even when the preface comes in pieces', async () => {
    const { port } = await sandboxWith(oneConnection());
    const socket = connect(port, '127.0.0.1');
    const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';
    const settings = Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0]);
    socket.setNoDelay(true);
    for (const piece of [preface.slice(0, 1), preface.slice(1, 12), preface.slice(12)]) {
      socket.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    socket.write(settings);
    const first = await new Promise<Buffer>((resolve) => socket.once('data', resolve));
    socket.destroy();
    expect(first[3]).toBe(4);
  });

  it('listens on loopback only', async () => {
    const { url } = await sandboxWith(oneConnection());
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
  });

  it('says there is no such page', async () => {
    const { url } = await sandboxWith(oneConnection());
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
  });
});
