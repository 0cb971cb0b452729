import { parse } from 'node-html-parser';
import { request } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { SandboxConfig } from '../../src/sandbox/config/types.ts';
import type { Sandbox } from '../../src/sandbox/start.ts';
import { oneConnection, sandboxWith, signedInSdk } from './support/sandbox.ts';

const USER = { connectionName: 'demo', identifier: 'user_<1>' };

const WITH_ACCOUNT = oneConnection(
  {},
  { accounts: [{ connection: 'demo', identifier: USER.identifier, credentials: { token: 'a-credential' } }] },
);

async function pageOf({ url }: Sandbox) {
  return parse(await (await fetch(url)).text());
}

async function rowsOf(sandbox: Sandbox, part: string): Promise<string[][]> {
  const rows = (await pageOf(sandbox)).querySelectorAll(`#${part} tbody tr`);
  return rows.map((row) => row.querySelectorAll('td').map((cell) => cell.text.trim()));
}

interface Part {
  id: string;
  html: string;
}

/** What is sent to a page that is open, event by event. */
async function follow({ url }: Sandbox): Promise<() => Promise<Part>> {
  const abort = new AbortController();
  onTestFinished(() => abort.abort());
  const response = await fetch(`${url}/sandbox/live`, { signal: abort.signal });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/event-stream');
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return async () => {
    for (;;) {
      const end = text.indexOf('\n\n');
      if (end >= 0) {
        const event = text.slice(0, end);
        text = text.slice(end + 2);
        return JSON.parse(event.replace(/^data: /, '')) as Part;
      }
      const { value, done } = (await reader?.read()) ?? { done: true };
      if (done) throw new Error('the stream is over');
      text += value;
    }
  };
}

async function nextOf(next: () => Promise<Part>, id: string): Promise<string> {
  for (;;) {
    const part = await next();
    if (part.id === id) return part.html;
  }
}

describe('the page', () => {
  it('shows connections, accounts, links and exchanges', async () => {
    const sandbox = await sandboxWith(WITH_ACCOUNT);
    const sdk = await signedInSdk(sandbox);
    const { link } = await sdk.actions.getAuthorizationLink(USER);
    const [connection] = await rowsOf(sandbox, 'connections');
    expect(connection?.slice(0, 4)).toEqual(['demo', 'Demo', 'BEARER', '1']);
    const [account] = await rowsOf(sandbox, 'accounts');
    expect(account?.slice(0, 3)).toEqual(['demo', 'user_<1>', 'ACTIVE']);
    const anchor = (await pageOf(sandbox)).querySelector('#links a');
    expect(anchor?.getAttribute('href')).toBe(link);
    const calls = (await rowsOf(sandbox, 'exchanges')).map(([, kind, call]) => `${kind} ${call}`);
    expect(calls).toContain('token POST /oauth/token');
    expect(calls).toContain('grpc GetMagicLinkForConnectedAccount');
    const answers = (await rowsOf(sandbox, 'exchanges')).map(
      ([, , call, , , answer]) => `${call}: ${answer}`,
    );
    expect(answers).toContainEqual(
      expect.stringMatching(/^ListAppConnections: unauthenticated\s*missing access token$/),
    );
    expect(answers).toContain('GetMagicLinkForConnectedAccount: ok');
  });

  it('holds no credential, and neither secret nor token of the environment', async () => {
    const [definition] = WITH_ACCOUNT.connectors;
    const proxy_url = 'https://api.example.com/?api_key=a-credential';
    const sandbox = await sandboxWith({
      ...WITH_ACCOUNT,
      connectors: definition ? [{ ...definition, proxy_url }] : [],
    });
    await fetch(`${sandbox.url}/proxy/x?api_key=a-credential`, {
      headers: { authorization: 'Bearer a-credential' },
    });
    const text = await (await fetch(sandbox.url)).text();
    const { SCALEKIT_CLIENT_SECRET, SK_CONNECT_SANDBOX_TOKEN } = sandbox.env;
    for (const secret of ['a-credential', SCALEKIT_CLIENT_SECRET, SK_CONNECT_SANDBOX_TOKEN]) {
      expect(text).not.toContain(secret);
    }
  });

  it('says what to run where there is nothing yet', async () => {
    const text = await (await fetch((await sandboxWith(oneConnection())).url)).text();
    expect(text).toContain('sk-connect authorize --sandbox -c demo -i user_123');
    expect(text).toContain('sk-connect request / --sandbox -c demo -i user_123');
  });

  it('shows the clock and the faults only where they are set', async () => {
    const sandbox = await sandboxWith(oneConnection());
    expect((await pageOf(sandbox)).querySelectorAll('#clock section, #faults section')).toEqual([]);
    sandbox.control.advanceClock(7200);
    sandbox.control.addFault({ match: { path: '/notes/**' }, effect: { status: 503 }, times: 2 });
    const page = await pageOf(sandbox);
    expect(page.querySelector('#clock')?.text).toContain('2 h ahead');
    expect(page.querySelectorAll('#faults td').map((cell) => cell.text)).toEqual([
      'flt_1',
      'path /notes/**',
      'status 503',
      'always, 2 times at most',
      '0',
    ]);
    sandbox.control.freezeClock();
    expect((await pageOf(sandbox)).querySelector('#clock')?.text).toContain('stands still');
  });

  it('runs its one script, asks its own origin, and is not kept, framed or told of', async () => {
    const { url } = await sandboxWith(oneConnection());
    const response = await fetch(url);
    const script = parse(await response.text()).querySelector('script')?.rawText ?? '';
    const digest = Buffer.from(await crypto.subtle.digest('SHA-256', Buffer.from(script))).toString('base64');
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(policy.split('; ')).toEqual([
      "default-src 'none'",
      expect.stringMatching(/^style-src 'sha256-[\w+/]+=*'$/),
      'img-src data:',
      `script-src 'sha256-${digest}'`,
      "connect-src 'self'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
      "form-action 'self'",
    ]);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
  });

  it.each([
    ['/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, 200],
    ['/', { 'sec-fetch-site': 'none', 'sec-fetch-mode': 'navigate' }, 200],
    ['/', { 'sec-fetch-site': 'same-origin', 'sec-fetch-mode': 'cors' }, 200],
    ['/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }, 403],
    ['/', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }, 403],
    ['/sandbox/live', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' }, 403],
    ['/sandbox/live', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'cors' }, 403],
  ])('%s of a browser that says %o is answered with %i', async (path, headers, status) => {
    const { url } = await sandboxWith(oneConnection());
    // Not fetch: it says itself how it asks.
    expect((await request(url + path, { headers, method: 'HEAD' })).statusCode).toBe(status);
  });

  it.each(['/', '/sandbox/live'])('%s is only read', async (path) => {
    const { url } = await sandboxWith(oneConnection());
    const answer = await fetch(url + path, { method: 'POST', body: 'x=1' });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe('GET, HEAD');
  });

  it('counts all of many accounts and shows those that changed last', async () => {
    const accounts: SandboxConfig['accounts'] = Array.from({ length: 10_000 }, (_, index) => ({
      connection: 'demo',
      identifier: `user_${index}`,
      status: index % 10 === 0 ? 'EXPIRED' : 'ACTIVE',
    }));
    const clock = { now: Date.now() };
    const sandbox = await sandboxWith(oneConnection({}, { accounts }), { now: () => clock.now });
    clock.now += 5000;
    sandbox.control.setAccountStatus('demo', 'user_77', 'DISCONNECTED');
    const part = (await pageOf(sandbox)).querySelector('#accounts');
    expect(part?.querySelectorAll('dl div').map((count) => count.text)).toEqual([
      'ACTIVE8999',
      'EXPIRED1000',
      'DISCONNECTED1',
    ]);
    const rows = await rowsOf(sandbox, 'accounts');
    expect(rows).toHaveLength(50);
    expect(rows[0]?.[1]).toBe('user_77');
    expect(part?.text).toContain('The 50 with the latest activity of 10000');
  });
});

describe('what a page that is open is sent', () => {
  it('is everything at first, then each part that changes', async () => {
    const sandbox = await sandboxWith(WITH_ACCOUNT);
    const next = await follow(sandbox);
    const first = [await next(), await next(), await next(), await next()];
    expect(first.map(({ id }) => id)).toEqual(['summary', 'clock', 'faults', 'links']);
    await nextOf(next, 'connections');
    sandbox.control.setAccountStatus('demo', USER.identifier, 'EXPIRED');
    const change = await next();
    expect(change.id).toBe('accounts');
    expect(change.html).toContain('EXPIRED');
  });

  it('is the latest of many changes, not each of them', async () => {
    const sandbox = await sandboxWith(WITH_ACCOUNT);
    const next = await follow(sandbox);
    await nextOf(next, 'connections');
    for (let count = 0; count < 1000; count += 1) {
      const status = count % 2 === 0 ? 'EXPIRED' : 'DISCONNECTED';
      sandbox.control.setAccountStatus('demo', USER.identifier, status);
    }
    expect((await next()).html).toContain('DISCONNECTED');
    sandbox.control.setAccountStatus('demo', USER.identifier, 'ACTIVE');
    expect((await next()).html).toContain('ACTIVE');
  });

  it('ends for those that hang up, so that others find room', async () => {
    const sandbox = await sandboxWith(oneConnection());
    for (let round = 0; round < 3; round += 1) {
      const aborts = await Promise.all(
        Array.from({ length: 20 }, async () => {
          const abort = new AbortController();
          expect((await fetch(`${sandbox.url}/sandbox/live`, { signal: abort.signal })).status).toBe(200);
          return abort;
        }),
      );
      expect((await fetch(`${sandbox.url}/sandbox/live`)).status).toBe(503);
      for (const abort of aborts) abort.abort();
      const isFree = async () => (await fetch(`${sandbox.url}/sandbox/live`, { method: 'HEAD' })).status;
      await expect.poll(isFree).toBe(200);
    }
  });

  it('ends with the sandbox', async () => {
    const sandbox = await sandboxWith(oneConnection());
    const next = await follow(sandbox);
    await nextOf(next, 'connections');
    await sandbox.close();
    await expect(next()).rejects.toThrow();
  });
});
