import { decodeJwt } from 'jose';
import { parse } from 'node-html-parser';
import { CookieJar } from 'tough-cookie';
import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { AuthorizationServer } from '../../../src/sandbox/demo/authorization-server.ts';
import { type Callback, DemoClient, startCallback, startNotesAuthorization } from './flow.ts';

let server: AuthorizationServer;
let callback: Callback;
let jar: CookieJar;

/** A browser that follows nothing by itself. */
async function visit(path: string, form?: Record<string, string>): Promise<Response> {
  const url = new URL(path, server.issuer).href;
  const response = await fetch(url, {
    redirect: 'manual',
    headers: { cookie: await jar.getCookieString(url) },
    ...(form && { method: 'POST', body: new URLSearchParams(form) }),
  });
  for (const line of response.headers.getSetCookie()) {
    await jar.setCookie(line, url);
  }
  return response;
}

async function open(): Promise<string> {
  const response = await visit(await new DemoClient(server, callback).link());
  return response.headers.get('location') ?? '';
}

async function signIn(path: string, userName: string): Promise<string> {
  const resumed = await visit(`${path}/login`, { username: userName });
  const response = await visit(resumed.headers.get('location') ?? '');
  return response.headers.get('location') ?? '';
}

beforeAll(async () => {
  server = await startNotesAuthorization();
  callback = await startCallback();
});

beforeEach(() => {
  callback.received.length = 0;
  jar = new CookieJar();
});

afterAll(async () => {
  await server.close();
  await callback.close();
});

it('shows a sign-in page that stands alone', async () => {
  const response = await visit(await open());
  const text = await response.text();
  const page = parse(text);
  expect(response.status).toBe(200);
  expect(page.querySelector('html')?.getAttribute('lang')).toBe('en');
  expect(page.querySelector('title')?.text).toBe('Sign in · Demo Notes');
  expect(page.querySelector('meta[name=viewport]')).not.toBeNull();
  expect(page.querySelector('label')?.getAttribute('for')).toBe(page.querySelector('input')?.id);
  expect(page.querySelectorAll('script, link:not([href="data:,"]), img, iframe')).toEqual([]);
  expect(text).not.toMatch(/https?:\/\//);
});

it('allows its one stylesheet and nothing else', async () => {
  const response = await visit(await open());
  const policy = response.headers.get('content-security-policy') ?? '';
  const style = parse(await response.text()).querySelector('style')?.rawText ?? '';
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(style))).toString('base64');
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain(`style-src 'sha256-${digest}'`);
  expect(policy).toContain("frame-ancestors 'none'");
  expect(response.headers.get('x-frame-options')).toBe('DENY');
  expect(response.headers.get('cache-control')).toBe('no-store');
});

it("does not take another site's form", async () => {
  const path = await open();
  const url = new URL(`${path}/login`, server.issuer).href;
  const send = async (origin: string) => {
    const headers = { cookie: await jar.getCookieString(url), origin };
    const body = new URLSearchParams({ username: 'mallory' });
    return fetch(url, { method: 'POST', body, headers, redirect: 'manual' });
  };
  for (const origin of ['https://evil.example', 'null']) expect((await send(origin)).status).toBe(403);
  expect((await send(server.issuer)).status).toBe(303);
});

it('shows user, scopes and two buttons on the consent page, escaped', async () => {
  const response = await visit(await signIn(await open(), '<b>&"ada'));
  const text = await response.text();
  const page = parse(text);
  expect(text).not.toContain('<b>');
  expect(page.querySelector('strong')?.text).toBe('<b>&"ada');
  expect(page.querySelectorAll('li code').map((code) => code.text)).toEqual(['notes:read', 'notes:write']);
  expect(page.querySelectorAll('button').map((button) => button.text)).toEqual(['Allow', 'Deny']);
});

it.each([[''], ['   '], ['a\u0000b'], ['x'.repeat(65)]])('asks again for the name %j', async (username) => {
  const path = await open();
  const response = await visit(`${path}/login`, { username });
  const page = parse(await response.text());
  expect(response.status).toBe(422);
  expect(page.querySelector('[role=alert]')?.text).toBe('Enter a name of up to 64 characters.');
  expect(page.querySelector('input')?.getAttribute('aria-invalid')).toBe('true');
});

it('asks again where neither Allow nor Deny was pressed', async () => {
  const path = await signIn(await open(), 'ada');
  const response = await visit(`${path}/consent`, { decision: 'maybe' });
  expect(response.status).toBe(422);
  expect(callback.received).toEqual([]);
});

it('does not take consent before sign-in', async () => {
  const path = await open();
  const response = await visit(`${path}/consent`, { decision: 'allow' });
  expect(response.headers.get('location')).toBe(path);
});

it('does not take another sign-in at consent', async () => {
  const path = await signIn(await open(), 'ada');
  const response = await visit(`${path}/login`, { username: 'bob' });
  expect(response.headers.get('location')).toBe(path);
});

it('lets one browser sign in as one user after the other', async () => {
  for (const userName of ['ada', 'bob']) {
    const client = new DemoClient(server, callback);
    const path = (await visit(await client.link())).headers.get('location') ?? '';
    expect(await (await visit(path)).text()).toContain('Sign in');
    const consent = await signIn(path, userName);
    const resumed = await visit(`${consent}/consent`, { decision: 'allow' });
    const back = await visit(resumed.headers.get('location') ?? '');
    await fetch(back.headers.get('location') ?? '');
    const tokens = await client.exchange();
    expect(decodeJwt(tokens.access_token).sub).toBe(userName);
  }
});

it('answers to loopback names only', async () => {
  const path = await open();
  const { statusCode } = await request(new URL(path, server.issuer), { headers: { host: 'evil.example' } });
  expect(statusCode).toBe(403);
});

it("does not show somebody else's interaction", async () => {
  const path = await open();
  jar = new CookieJar();
  const response = await visit(path);
  expect(response.status).toBe(400);
  expect(await response.text()).toContain('This sign-in is over');
});
