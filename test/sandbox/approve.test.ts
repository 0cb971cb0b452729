import type { IncomingMessage, ServerResponse } from 'node:http';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startDemoProviders } from '../../src/sandbox/demo/providers.ts';
import { linkOf, oauthConfig, setting, statusOf, USER } from './support/oauth.ts';
import { sandboxWith, signedInSdk } from './support/sandbox.ts';
import { upstream } from './support/upstream.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

const html = (response: ServerResponse, text: string, headers: Record<string, string> = {}) =>
  response.writeHead(200, { 'content-type': 'text/html', ...headers }).end(text);
const go = (response: ServerResponse, location: string) => response.writeHead(302, { location }).end();

function endless(response: ServerResponse): void {
  response.writeHead(200, { 'content-type': 'text/html' });
  const more = () => {
    while (!response.destroyed && response.write('x'.repeat(65_536)));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}

/** A sandbox whose provider's authorize endpoint answers like this, and an open link. */
async function behind(answer: Answer, account: Parameters<typeof oauthConfig>[2] = {}) {
  const paths: string[] = [];
  const origin = await upstream((request, response) => {
    paths.push(`${request.method} ${request.url?.split('?')[0]}`);
    answer(request, response);
  });
  const config = oauthConfig(
    { authorizeUri: `${origin}/authorize`, tokenUri: `${origin}/token` },
    origin,
    account,
  );
  const sandbox = await sandboxWith(config);
  const sdk = await signedInSdk(sandbox);
  await sdk.actions.createConnectedAccount({ ...USER, authorizationDetails: {} as never });
  return { sandbox, link: await linkOf(sdk), paths, origin };
}

describe('approving a link', () => {
  it('at a provider that asks nothing', async () => {
    const here = await setting();
    const link = await linkOf(here.sdk);
    expect(await here.sandbox.control.approveLink(link)).toMatchObject({ ...USER, status: 'ACTIVE' });
    expect(here.sandbox.control.link(link)).toMatchObject({ state: 'used' });
    await expect(here.sandbox.control.approveLink(link)).rejects.toMatchObject({
      status: 409,
      code: 'link_not_open',
    });
  });

  it('many at once at the demo provider, each as its own user', async () => {
    const providers = await startDemoProviders();
    onTestFinished(() => providers.close());
    const sandbox = await sandboxWith(providers.config);
    const sdk = await signedInSdk(sandbox);
    const identifiers = Array.from({ length: 10 }, (_, index) => `user_${index}`);
    const approved = await Promise.all(
      identifiers.map(async (identifier) => {
        const key = { connectionName: 'notes-demo', identifier };
        await sdk.actions.createConnectedAccount({ ...key, authorizationDetails: {} as never });
        return sandbox.control.approveLink((await sdk.actions.getAuthorizationLink(key)).link);
      }),
    );
    expect(approved.map(({ identifier, status }) => [identifier, status])).toEqual(
      identifiers.map((identifier) => [identifier, 'ACTIVE']),
    );
  });

  it.each([
    ['to an app on this machine, which is not there', 'http://127.0.0.1:9/verify'],
    ['to an app elsewhere, where the walk does not go', 'https://app.example/verify'],
  ])('leaves it to the app to verify: %s', async (_where, userVerifyUrl) => {
    const here = await setting({ environment: { user_verification: 'custom' } });
    const link = await linkOf(here.sdk, { userVerifyUrl });
    expect(await here.sandbox.control.approveLink(link)).toMatchObject({ status: 'PENDING_VERIFICATION' });
  });

  it('follows redirects of the app, fills in none of its forms, and minds no end', async () => {
    const visited: string[] = [];
    const app = await upstream((request, response) => {
      visited.push(`${request.method} ${request.url?.split('?')[0]}`);
      if (request.url?.startsWith('/verify')) go(response, '/welcome');
      else html(response, '<form method="post"><input name="username"></form>');
    });
    const here = await setting({ environment: { user_verification: 'custom' } });
    await here.sandbox.control.approveLink(await linkOf(here.sdk, { userVerifyUrl: `${app}/verify` }));
    expect(visited).toEqual(['GET /verify', 'GET /welcome']);

    const loop = await upstream((_request, response) => go(response, '/again'));
    const link = await linkOf(here.sdk, { userVerifyUrl: `${loop}/verify` });
    expect(await here.sandbox.control.approveLink(link)).toMatchObject({ status: 'PENDING_VERIFICATION' });
  });

  it('the fields of an OAuth connection', async () => {
    const here = await setting();
    const config = oauthConfig(here.provider, 'http://127.0.0.1:9', {
      authorize_uri: `${here.provider.authorizeUri}?site={{site}}`,
    });
    const [pattern] = config.connectors[0]?.auth_patterns ?? [];
    Object.assign(pattern ?? {}, {
      account_fields: [{ field_name: 'site', required: true, is_path_param: true }],
    });
    const sandbox = await sandboxWith(config);
    const sdk = await signedInSdk(sandbox);
    await sdk.actions.createConnectedAccount({ ...USER, authorizationDetails: {} as never });
    const link = await linkOf(sdk);
    await expect(sandbox.control.approveLink(link)).rejects.toMatchObject({
      status: 400,
      message: 'fields lack site, which notes requires',
    });
    expect(here.provider.authorizeRequests).toEqual([]);
    expect(await sandbox.control.approveLink(link, { site: 'north' })).toMatchObject({ status: 'ACTIVE' });
    expect(here.provider.authorizeRequests.map((request) => request.get('site'))).toEqual(['north']);
  });
});

describe('approving a link is left to a person', () => {
  it.each<[string, Answer, string]>([
    [
      'where the provider has a form of its own',
      (_request, response) => html(response, '<form method="post"><input name="username"></form>'),
      "is not the demo provider's",
    ],
    [
      'where its page needs scripts',
      (_request, response) => html(response, '<div id="app">'),
      'is not the demo provider',
    ],
    ['where its page has no end', (_request, response) => endless(response), 'is not the demo provider'],
    [
      'where it refuses',
      (_request, response) => void response.writeHead(403).end(),
      'is not the demo provider',
    ],
    [
      'where it leads elsewhere',
      (_request, response) => go(response, 'https://idp.example/login'),
      'idp.example',
    ],
    [
      'where it leads into a file',
      (_request, response) => go(response, 'file:///etc/passwd'),
      'the way leads to',
    ],
  ])('%s: nothing is sent, and the link stays open', async (_where, answer, why) => {
    const { sandbox, link, paths } = await behind(answer);
    await expect(sandbox.control.approveLink(link)).rejects.toMatchObject({
      status: 409,
      code: 'consent_needs_browser',
      message: expect.stringContaining(why),
    });
    expect(paths).toEqual(['GET /authorize']);
    expect(sandbox.control.link(link)).toMatchObject({ state: 'open' });
    expect(statusOf({ sandbox })).toBe('PENDING_AUTH');
  });
});

describe('approving a link fails', () => {
  it.each<[string, Answer, string]>([
    [
      'where the way has no end',
      (_request, response) => go(response, '/authorize'),
      'did not end within 20 pages',
    ],
    ['where the provider hangs up', (request) => void request.destroy(), 'could not be reached'],
    [
      'where a demo page asks for more',
      (_request, response) =>
        html(response, '<form><input name="code" required></form>', { 'x-sk-connect-demo': '1' }),
      'asks for more',
    ],
    [
      'where a demo page is an error',
      (_request, response) =>
        void response
          .writeHead(500, { 'content-type': 'text/html', 'x-sk-connect-demo': '1' })
          .end('<title>Broken</title>'),
      'answered 500: Broken',
    ],
  ])('%s', async (_where, answer, why) => {
    const { sandbox, link } = await behind(answer);
    await expect(sandbox.control.approveLink(link)).rejects.toMatchObject({
      status: 409,
      code: 'consent_failed',
      message: expect.stringContaining(why),
    });
    expect(statusOf({ sandbox })).toBe('PENDING_AUTH');
  });

  it('with what the token endpoint said', async () => {
    const here = await setting();
    here.provider.tokenAnswers.push({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'too late' },
    });
    const link = await linkOf(here.sdk);
    await expect(here.sandbox.control.approveLink(link)).rejects.toMatchObject({
      code: 'consent_failed',
      message: expect.stringContaining('invalid_grant: too late'),
    });
    expect(here.sandbox.control.link(link)).toMatchObject({ state: 'denied' });
  });

  it('when the sandbox closes', async () => {
    const { sandbox, link } = await behind(() => {});
    const approving = sandbox.control.approveLink(link);
    await expect(Promise.all([approving, sandbox.close()])).rejects.toMatchObject({ code: 'consent_failed' });
  });
});
