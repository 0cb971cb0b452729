import { describe, expect, it } from 'vitest';
import { apiSees, later, linkOf, setting, statusOf, USER } from './support/oauth.ts';
import { upstream } from './support/upstream.ts';

type Secret = 'header' | 'body' | 'none';

function secretOf({ form, authorization }: { form: URLSearchParams; authorization: string | undefined }) {
  const places: Secret[] = [];
  if (authorization !== undefined) places.push('header');
  if (form.has('client_secret')) places.push('body');
  return places.length === 0 ? 'none' : places.join('+');
}

describe("where a provider looks for the client's secret", () => {
  it.each([
    ['a 401', { status: 401, body: { error: 'invalid_client' } }],
    ['a 400', { status: 400, body: { error: 'invalid_client' } }],
    ['a client_id that it misses in the body', { status: 400, body: { error: 'invalid_request' } }],
    ['a 401 without words', { status: 401, body: 'Unauthorized' }],
    ['a 404, as GitHub does', { status: 404, body: { error: 'Not Found' } }],
    ['a 200, as GitHub does', { status: 200, body: { error: 'incorrect_client_credentials' } }],
  ])('in the body: after %s for the header, which is remembered', async (_what, clientRefusal) => {
    const here = await setting({ provider: { takesSecret: 'body', clientRefusal } });
    expect((await fetch(await linkOf(here.sdk))).status).toBe(200);
    expect(here.provider.tokenRequests.map(secretOf)).toEqual(['header', 'body']);
    expect(Object.fromEntries(here.provider.tokenRequests[1]?.form ?? [])).toMatchObject({
      client_id: 'the client',
      client_secret: 's3cret:&',
    });
    await later(here, 3_400_000);
    expect(await apiSees(here.sdk)).toBe('Bearer access-2');
    expect(here.provider.tokenRequests.slice(2).map(secretOf)).toEqual(['body']);
  });

  it('in the header: it is asked once', async () => {
    const here = await setting({ provider: { takesSecret: 'header' } });
    await fetch(await linkOf(here.sdk));
    await later(here, 3_400_000);
    await apiSees(here.sdk);
    expect(here.provider.tokenRequests.map(secretOf)).toEqual(['header', 'header']);
  });

  it.each([
    ['client_secret_post', 'anywhere', ['body'], 'ACTIVE'],
    ['client_secret_post', 'header', ['body'], 'PENDING_AUTH'],
    ['client_secret_basic', 'body', ['header'], 'PENDING_AUTH'],
  ] as const)(
    '%s is held to, whatever the provider says (it takes it in: %s)',
    async (method, takes, places, status) => {
      const here = await setting({
        client: { token_endpoint_auth_method: method },
        provider: { takesSecret: takes },
      });
      await fetch(await linkOf(here.sdk));
      expect(here.provider.tokenRequests.map(secretOf)).toEqual(places);
      expect(statusOf(here)).toBe(status);
    },
  );

  it.each([
    ['a code that is not good', { status: 400, body: { error: 'invalid_grant' } }],
    ['a provider in trouble', { status: 503, body: 'later' }],
    ['a provider with too much to do', { status: 429, body: { error: 'slow_down' } }],
  ])('%s says nothing about the client: the code is not sent twice', async (_what, answer) => {
    const here = await setting();
    here.provider.tokenAnswers.push(answer);
    await fetch(await linkOf(here.sdk));
    expect(here.provider.tokenRequests).toHaveLength(1);
  });

  it('is told in the words of the second answer where neither is taken', async () => {
    const here = await setting();
    const refusal = (error_description: string) => ({
      status: 401,
      body: { error: 'invalid_client', error_description },
    });
    here.provider.tokenAnswers.push(refusal('not in the header'), refusal('wrong secret'));
    const text = await (await fetch(await linkOf(here.sdk))).text();
    expect(text).toContain('invalid_client: wrong secret');
    expect(text).not.toContain('s3cret');
  });

  it('a public client shows its id alone', async () => {
    const here = await setting({ client: { client_secret: '' } });
    await fetch(await linkOf(here.sdk));
    expect(here.provider.tokenRequests.map(secretOf)).toEqual(['none']);
    expect(here.provider.tokenRequests[0]?.form.get('client_id')).toBe('the client');
    expect(statusOf(here)).toBe('ACTIVE');
  });

  it('encodes what has to be encoded in the header, and no more: many providers do not decode', async () => {
    const here = await setting({ client: { client_id: 'my-app_1.a', client_secret: 'a-b_c.d+e/f=' } });
    await fetch(await linkOf(here.sdk));
    const [, encoded = ''] = here.provider.tokenRequests[0]?.authorization?.split(' ') ?? [];
    expect(Buffer.from(encoded, 'base64').toString()).toBe('my-app_1.a:a-b_c.d%2Be%2Ff%3D');
  });
});

it('a token endpoint that gives no answer is told with the reason', async () => {
  const silent = await upstream((request) => request.socket.destroy());
  const here = await setting({ oauth: { token_uri: `${silent}/token` } });
  const text = await (await fetch(await linkOf(here.sdk))).text();
  expect(text).toContain('the token endpoint gave no answer (UND_ERR_SOCKET)');
});

describe('token answers of real providers', () => {
  const FORM = 'application/x-www-form-urlencoded; charset=utf-8';

  it.each([
    [
      'a form',
      { status: 200, body: 'access_token=given&scope=repo%2Cgist&token_type=bearer', contentType: FORM },
      { accessToken: 'given', refreshToken: '', scopes: ['repo', 'gist'] },
    ],
    [
      'a form that is called text',
      { status: 200, body: 'access_token=given&expires_in=3600&refresh_token=r' },
      { accessToken: 'given', refreshToken: 'r', scopes: ['notes:read'] },
    ],
    [
      'scopes between commas',
      { status: 200, body: { access_token: 'given', scope: 'a,b, c' } },
      { accessToken: 'given', scopes: ['a', 'b', 'c'] },
    ],
    [
      'scopes in a list',
      { status: 200, body: { access_token: 'given', scope: ['a', 'b'] } },
      { accessToken: 'given', scopes: ['a', 'b'] },
    ],
    [
      'no scopes worth the name',
      { status: 200, body: { access_token: 'given', scope: '' } },
      { accessToken: 'given', scopes: ['notes:read'] },
    ],
    [
      'nulls',
      { status: 200, body: { access_token: 'given', refresh_token: null, expires_in: null, scope: null } },
      { accessToken: 'given', refreshToken: '', scopes: ['notes:read'] },
    ],
    ['a 201', { status: 201, body: { access_token: 'given' } }, { accessToken: 'given' }],
    [
      "a user's token inside, as Slack has it",
      {
        status: 200,
        body: {
          ok: true,
          authed_user: {
            id: 'U1',
            scope: 'chat:write,users:read',
            access_token: 'given',
            token_type: 'user',
          },
        },
      },
      { accessToken: 'given', scopes: ['chat:write', 'users:read'] },
    ],
  ])('%s', async (_what, answer, expected) => {
    const here = await setting();
    here.provider.tokenAnswers.push(answer);
    expect((await fetch(await linkOf(here.sdk))).status).toBe(200);
    expect(await apiSees(here.sdk)).toBe('Bearer given');
    const { connectedAccount } = await here.sdk.actions.getConnectedAccount(USER);
    expect(connectedAccount?.authorizationDetails?.details.value).toMatchObject(expected);
  });

  it.each([
    ['expires_in: 0', { access_token: 'given', expires_in: 0 }],
    ['none said', { access_token: 'given' }],
  ])('a token without an end (%s) does not end', async (_what, body) => {
    const here = await setting();
    here.provider.tokenAnswers.push({ status: 200, body });
    await fetch(await linkOf(here.sdk));
    await later(here, 100_000_000);
    expect(await apiSees(here.sdk)).toBe('Bearer given');
    const { connectedAccount } = await here.sdk.actions.getConnectedAccount(USER);
    expect(connectedAccount?.tokenExpiresAt).toBeUndefined();
  });

  it.each([1e12, 1e300, '1e400'])('a token that lives for %s seconds ends when dates do', async (seconds) => {
    const here = await setting();
    here.provider.tokenAnswers.push({ status: 200, body: { access_token: 'given', expires_in: seconds } });
    await fetch(await linkOf(here.sdk));
    expect(await apiSees(here.sdk)).toBe('Bearer given');
    const last = '9999-12-31T23:59:59.999Z';
    const { control } = here.sandbox;
    expect(control.accounts()).toMatchObject([{ status: 'ACTIVE', tokenExpiresAt: last }]);
    const { connectedAccounts } = await here.sdk.actions.listConnectedAccounts({});
    expect(connectedAccounts[0]?.tokenExpiresAt?.seconds).toBe(BigInt(Math.floor(Date.parse(last) / 1000)));
    control.restore(control.snapshot({ includeSecrets: true }));
    expect(control.accounts()).toMatchObject([{ tokenExpiresAt: last }]);
  });

  it.each([
    [
      '200 and an error',
      { status: 200, body: { error: 'bad_code', error_description: 'used' } },
      'bad_code: used',
    ],
    [
      'a form',
      { status: 400, body: 'error=bad_code&error_description=used', contentType: FORM },
      'bad_code: used',
    ],
    ["an API's own error", { status: 400, body: { error: { message: 'Code used' } } }, 'Code used'],
    ['no words', { status: 400, body: 'nope' }, 'the token endpoint answered with HTTP status 400'],
    ['a redirect', { status: 302, body: 'elsewhere' }, 'the token endpoint answered with HTTP status 302'],
  ])('a refusal as %s is told in its words', async (_what, answer, words) => {
    const here = await setting({ client: { token_endpoint_auth_method: 'client_secret_basic' } });
    here.provider.tokenAnswers.push(answer);
    const text = await (await fetch(await linkOf(here.sdk))).text();
    expect(text).toContain(words);
    expect(text).toContain('failed_to_exchange_token');
    expect(statusOf(here)).toBe('PENDING_AUTH');
  });
});

describe('user_info_uri', () => {
  it.each([200, 401, 500])('is asked once, with the token; a %i loses nothing', async (userInfoStatus) => {
    const here = await setting({
      oauth: ({ userInfoUri }) => ({ user_info_uri: userInfoUri }),
      provider: { userInfoStatus },
    });
    expect((await fetch(await linkOf(here.sdk))).status).toBe(200);
    expect(statusOf(here)).toBe('ACTIVE');
    await expect.poll(() => here.provider.userInfoRequests).toEqual(['Bearer access-1']);
    await later(here, 3_400_000);
    await apiSees(here.sdk);
    expect(here.provider.userInfoRequests).toHaveLength(1);
  });

  it('and the token endpoint are in the log, without what was said there', async () => {
    const silent = await upstream((request) => request.socket.destroy());
    const here = await setting({ oauth: { user_info_uri: `${silent}/me` } });
    await fetch(await linkOf(here.sdk));
    const logged = () =>
      here.sandbox.control
        .exchanges()
        .exchanges.filter(({ kind }) => kind === 'oauth')
        .map(({ method, path, status, error, identifier }) => [method, path, status, error, identifier]);
    await expect.poll(logged).toEqual([
      ['POST', here.provider.tokenUri, 200, null, 'user_1'],
      ['GET', `${silent}/me`, null, 'no answer (UND_ERR_SOCKET)', 'user_1'],
    ]);
    const log = JSON.stringify(here.sandbox.control.exchanges());
    for (const secret of ['access-1', 'refresh-1', 's3cret']) expect(log).not.toContain(secret);
  });

  it('that is not there loses nothing either', async () => {
    const here = await setting({ oauth: { user_info_uri: 'http://127.0.0.1:1/me' } });
    expect((await fetch(await linkOf(here.sdk))).status).toBe(200);
    expect(statusOf(here)).toBe('ACTIVE');
  });
});
