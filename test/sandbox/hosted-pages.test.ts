import { parse } from 'node-html-parser';
import { describe, expect, it } from 'vitest';
import type { AuthPattern, SandboxConfig } from '../../src/sandbox/config/types.ts';
import { completeConsent } from '../../src/sandbox/demo/consent.ts';
import type { Sandbox } from '../../src/sandbox/start.ts';
import { authorizationServer } from './support/authorization-server.ts';
import { connector, sandboxWith, signedInSdk } from './support/sandbox.ts';

const USER = { connectionName: 'demo', identifier: 'user_<1>' };

const KEY_AND_SITE: AuthPattern = {
  type: 'API_KEY',
  description: 'From <b>your</b> "settings"',
  fields: [
    {
      field_name: 'api_key',
      label: 'API <key>',
      hint: 'Looks like "k-…"',
      input_type: 'password',
      required: true,
    },
    { field_name: 'site', label: 'Site', required: true, is_path_param: true },
    { field_name: 'note' },
  ],
};

function configOf(pattern: AuthPattern, rest: Partial<SandboxConfig> = {}): SandboxConfig {
  const oauth = pattern.type === 'OAUTH' ? { oauth: { client_id: 'c' } } : {};
  return {
    connectors: [connector({ display_name: 'Demo Co', auth_patterns: [pattern] })],
    connections: [{ name: 'demo', connector: 'demo-co', ...oauth }],
    accounts: [{ connection: 'demo', identifier: USER.identifier, status: 'PENDING_AUTH' }],
    ...rest,
  };
}

interface Setting {
  sandbox: Sandbox;
  link: string;
  clock: { now: number };
}

async function setting(pattern: AuthPattern, rest: Partial<SandboxConfig> = {}): Promise<Setting> {
  const clock = { now: Date.now() };
  const sandbox = await sandboxWith(configOf(pattern, rest), { now: () => clock.now });
  const { link } = await (await signedInSdk(sandbox)).actions.getAuthorizationLink(USER);
  return { sandbox, link, clock };
}

function statusOf({ sandbox }: Setting): string | undefined {
  return sandbox.control.accounts()[0]?.status;
}

async function formToken(link: string): Promise<string> {
  const page = parse(await (await fetch(link)).text());
  return page.querySelector('input[type=hidden]')?.getAttribute('value') ?? '';
}

async function submit(link: string, values: Record<string, string>, headers: Record<string, string> = {}) {
  const body = new URLSearchParams({ __form_token: await formToken(link), ...values });
  return fetch(link, { method: 'POST', body, headers });
}

describe('the form of a static connector', () => {
  it('has a label for each field, hints, and nothing unescaped', async () => {
    const { link } = await setting(KEY_AND_SITE);
    const text = await (await fetch(link)).text();
    const page = parse(text);
    expect(page.querySelector('html')?.getAttribute('lang')).toBe('en');
    expect(page.querySelector('title')?.text).toBe('Connect Demo Co');
    const inputs = page.querySelectorAll('input:not([type=hidden])');
    expect(
      inputs.map((input) => [
        page.querySelector(`label[for=${input.getAttribute('id') ?? ''}]`)?.text.trim(),
        input.getAttribute('name'),
        input.getAttribute('type'),
        input.hasAttribute('required'),
      ]),
    ).toEqual([
      ['API <key>', 'api_key', 'password', true],
      ['Site', 'site', 'text', true],
      ['note (optional)', 'note', 'text', false],
    ]);
    const hint = page.querySelector(`#${inputs[0]?.getAttribute('aria-describedby') ?? ''}`);
    expect(hint?.text).toBe('Looks like "k-…"');
    expect(text).toContain('From &lt;b&gt;your&lt;/b&gt; &quot;settings&quot;');
    expect(text).toContain('user_&lt;1&gt;');
    expect(text.replace('<link rel="icon" href="data:,">', '')).not.toMatch(
      /<script|<b>|src=|href=|https?:\/\//,
    );
  });

  it('comes with headers that keep it from being kept, framed or scripted', async () => {
    const { link } = await setting(KEY_AND_SITE);
    const { headers } = await fetch(link);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]+=*'; img-src data:; base-uri 'none'; frame-ancestors 'none'; form-action 'self'$/,
    );
  });

  it('stores what is entered, path parameters apart, and the account is ACTIVE', async () => {
    const here = await setting(KEY_AND_SITE);
    const answer = await submit(here.link, { api_key: ' k-1 ', site: 'berlin', other: 'x' });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('Demo Co is connected');
    expect(statusOf(here)).toBe('ACTIVE');
    const { connectedAccount } = await (await signedInSdk(here.sandbox)).actions.getConnectedAccount(USER);
    expect(connectedAccount?.authorizationDetails?.details.value).toMatchObject({
      details: { api_key: 'k-1', path_variables: { site: 'berlin' } },
    });
  });

  it('asks again for what is missing, without showing a password', async () => {
    const here = await setting(KEY_AND_SITE);
    const answer = await submit(here.link, { api_key: 'k-1', site: ' ', note: '"><i>' });
    expect(answer.status).toBe(400);
    const page = parse(await answer.text());
    expect(page.querySelector('[role=alert]')?.text).toContain('required');
    expect(page.querySelector('[name=site]')?.getAttribute('aria-invalid')).toBe('true');
    expect(page.querySelector('[name=note]')?.getAttribute('value')).toBe('"><i>');
    expect(page.toString()).not.toContain('k-1');
    expect(statusOf(here)).toBe('PENDING_AUTH');
    expect((await submit(here.link, { api_key: 'k-1', site: 's' })).status).toBe(200);
  });

  it.each<[string, Record<string, string>, Record<string, string>]>([
    ['without its token', { __form_token: '' }, {}],
    ['with another token', { __form_token: 'x' }, {}],
    ['from another site', {}, { origin: 'https://evil.example' }],
    ['from nowhere', {}, { origin: 'null' }],
  ])('is not accepted %s', async (_what, values, headers) => {
    const here = await setting(KEY_AND_SITE);
    const answer = await submit(here.link, { api_key: 'k', site: 's', ...values }, headers);
    expect(answer.status).toBe(403);
    expect(statusOf(here)).toBe('PENDING_AUTH');
  });

  it("is accepted with a browser's Origin", async () => {
    const here = await setting(KEY_AND_SITE);
    const answer = await submit(here.link, { api_key: 'k', site: 's' }, { origin: here.sandbox.url });
    expect(answer.status).toBe(200);
  });

  it('has the fields that the auth type needs where the definition names none', async () => {
    const { link } = await setting({ type: 'BASIC' });
    const page = parse(await (await fetch(link)).text());
    const names = page
      .querySelectorAll('input:not([type=hidden])')
      .map((input) => input.getAttribute('name'));
    expect(names).toEqual(['username', 'password']);
  });

  it('takes what a connector declares for what it needs, and asks for no password beside an own user name', async () => {
    const { link } = await setting({
      type: 'BASIC',
      fields: [{ field_name: 'username', label: 'API key', required: true }],
    });
    const page = parse(await (await fetch(link)).text());
    const fields = page.querySelectorAll('input:not([type=hidden])');
    expect(fields.map((input) => input.getAttribute('name'))).toEqual(['username']);
  });

  it('asks again for what does not fit into an address, and for what is none of the options', async () => {
    const region = {
      field_name: 'region',
      input_type: 'select',
      options: ['eu', { value: 'us', label: 'USA' }],
    };
    const pattern: AuthPattern = {
      type: 'BEARER',
      fields: [{ field_name: 'domain', label: 'Domain', required: true }, region as { field_name: string }],
    };
    const here = await setting(pattern, {
      connectors: [
        connector({ display_name: 'Demo Co', proxy_url: 'https://{{domain}}/v1', auth_patterns: [pattern] }),
      ],
    });
    const form = parse(await (await fetch(here.link)).text());
    expect(
      form.querySelectorAll('option').map((option) => [option.getAttribute('value'), option.text]),
    ).toEqual([
      ['', 'Choose…'],
      ['eu', 'eu'],
      ['us', 'USA'],
    ]);
    expect(form.toString()).toContain('‹Domain›');
    const answer = await submit(here.link, { token: 't', domain: 'https://evil.example/', region: 'asia' });
    expect(answer.status).toBe(400);
    const page = parse(await answer.text());
    expect(page.querySelector('title')?.text).toBe('Problem: Connect Demo Co');
    expect(page.querySelectorAll('.summary a').map((link) => [link.getAttribute('href'), link.text])).toEqual(
      [
        ['#field-1', 'Domain has to fit into an address, as api.example.com or v2 do.'],
        ['#field-2', 'region: choose one of the list.'],
      ],
    );
    expect(statusOf(here)).toBe('PENDING_AUTH');
    expect((await submit(here.link, { token: 't', domain: 'api.example.com', region: 'us' })).status).toBe(
      200,
    );
  });

  it('does not insist on a field that has a default', async () => {
    const here = await setting({ ...KEY_AND_SITE, auth_field_mutations: { api_key: { default: 'd' } } });
    expect((await submit(here.link, { site: 's' })).status).toBe(200);
  });

  it('is too large beyond 64 KiB', async () => {
    const here = await setting(KEY_AND_SITE);
    const answer = await submit(here.link, { api_key: 'k'.repeat(70_000), site: 's' });
    expect(answer.status).toBe(413);
  });

  it('is filled by the demo’s own consent', async () => {
    const here = await setting(KEY_AND_SITE);
    const result = await completeConsent(here.link, { fields: { api_key: 'k', site: 's', note: 'n' } });
    expect(result).toMatchObject({ status: 200, title: 'Demo Co is connected' });
  });
});

describe('a link', () => {
  it('works once', async () => {
    const { link } = await setting(KEY_AND_SITE);
    const token = await formToken(link);
    expect((await submit(link, { api_key: 'k', site: 's' })).status).toBe(200);
    const again = await fetch(link);
    expect(again.status).toBe(410);
    expect(await again.text()).toContain('already used');
    const body = new URLSearchParams({ __form_token: token, api_key: 'k', site: 's' });
    expect((await fetch(link, { method: 'POST', body })).status).toBe(410);
  });

  it('expires after ten minutes, or when the config says', async () => {
    const here = await setting(KEY_AND_SITE, { environment: { link_lifetime: 30 } });
    here.clock.now += 29_999;
    expect((await fetch(here.link)).status).toBe(200);
    here.clock.now += 1;
    const answer = await fetch(here.link);
    expect(answer.status).toBe(410);
    expect(await answer.text()).toContain('Session expired or invalid');
  });

  it('says when: expiry in the answer and in pendingLinks', async () => {
    const { sandbox, clock } = await setting(KEY_AND_SITE);
    const { expiry, link } = await (await signedInSdk(sandbox)).actions.getAuthorizationLink(USER);
    expect(Number(expiry?.seconds)).toBe(Math.floor((clock.now + 600_000) / 1000));
    const [, pending] = sandbox.control.pendingLinks();
    expect(pending).toMatchObject({ ...USER, link, expiresAt: new Date(clock.now + 600_000).toISOString() });
  });

  it('is pending until it is used or over', async () => {
    const { sandbox, link, clock } = await setting(KEY_AND_SITE);
    expect(sandbox.control.pendingLinks()).toHaveLength(1);
    await submit(link, { api_key: 'k', site: 's' });
    expect(sandbox.control.pendingLinks()).toEqual([]);
    await (await signedInSdk(sandbox)).actions.getAuthorizationLink(USER);
    clock.now += 600_000;
    expect(sandbox.control.pendingLinks()).toEqual([]);
  });

  it('that nobody gave out, or whose account is gone, is not found', async () => {
    const { sandbox, link } = await setting(KEY_AND_SITE);
    await (await signedInSdk(sandbox)).actions.deleteConnectedAccount(USER);
    for (const url of [link, `${sandbox.url}/magicLink/nope`]) expect((await fetch(url)).status).toBe(404);
  });

  it('of an OAuth connector asks for its account fields first', async () => {
    const provider = await authorizationServer();
    const origin = new URL(provider.authorizeUri).origin;
    const pattern: AuthPattern = {
      type: 'OAUTH',
      account_fields: [{ field_name: 'segment', label: 'Segment', required: true, is_path_param: true }],
      oauth_config: { authorize_uri: `${origin}/{{segment}}`, token_uri: provider.tokenUri },
    };
    const here = await setting(pattern);
    expect((await fetch(here.link)).headers.get('content-security-policy')).not.toContain('form-action');
    const answer = await submit(here.link, { segment: 'authorize' });
    expect(answer.status).toBe(200);
    expect(statusOf(here)).toBe('ACTIVE');
    const { connectedAccount } = await (await signedInSdk(here.sandbox)).actions.getConnectedAccount(USER);
    expect(connectedAccount?.apiConfig).toEqual({ path_variables: { segment: 'authorize' } });
  });
});
