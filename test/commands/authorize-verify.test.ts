import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Finished, Running, RunOptions } from './run.ts';
import { addSecret } from './secrets.ts';
import { browseToListener, holdOpen, isListening, open, sendRaw } from './support/browser.ts';
import { rememberTokens, sdkOf } from './support/credentials.ts';
import { useEnvironment } from './support/environment.ts';
import { serve } from './support/http.ts';

vi.setConfig({ testTimeout: 20_000 });

const refusing = (name: string, origin: string) => ({
  connectors: {
    display_name: name,
    proxy_url: origin,
    proxy_enabled: true,
    auth_patterns: [
      {
        type: 'OAUTH' as const,
        oauth_config: {
          authorize_uri: `${origin}/authorize`,
          token_uri: `${origin}/token`,
          pkce_enabled: true,
        },
      },
    ],
  },
  connections: { name, connector: name, oauth: { client_id: 'client', client_secret: 'secret_0123456789' } },
});

const environment = useEnvironment(({ rest }) => {
  const refuser = refusing('refuser', rest.origin);
  return {
    environment: { user_verification: 'custom' },
    connectors: [refuser.connectors],
    connections: [refuser.connections],
    accounts: [
      {
        connection: 'notes-demo',
        identifier: 'again',
        credentials: {
          access_token: 'at_seeded_0123456789',
          refresh_token: 'rt_seeded_0123456789',
          expires_in: 3600,
        },
      },
    ],
  };
});

let users = 0;
const newUser = () => `verified_${++users}`;
const authorize = (identifier: string, ...more: string[]) => [
  'authorize',
  '-c',
  'notes-demo',
  '-i',
  identifier,
  '--wait',
  '--json',
  ...more,
];

interface Waiting {
  running: Running;
  /** Where the browser is sent when the user has consented; nobody has gone there yet. */
  arrival: URL;
  port: number;
}

/** An invocation whose user has consented, and whose browser is about to come back. */
async function consented(
  identifier: string,
  argv = authorize(identifier),
  options: RunOptions = {},
): Promise<Waiting> {
  const running = environment.start(argv, options);
  const [link] = await running.says(/http:\/\/127\.0\.0\.1:\d+\/magicLink\/\S+/);
  const arrival = await browseToListener(link);
  addSecret('the state', arrival.searchParams.get('state') ?? '');
  addSecret('the auth request', arrival.searchParams.get('auth_request_id') ?? '');
  return { running, arrival, port: Number(arrival.port) };
}

async function finish({ running, arrival }: Waiting): Promise<Finished> {
  await open(arrival);
  return running.finished;
}

const without = (url: URL, name: string) => {
  const copy = new URL(url);
  copy.searchParams.delete(name);
  return copy;
};
const having = (url: URL, name: string, value: string) => {
  const copy = new URL(url);
  copy.searchParams.set(name, value);
  return copy;
};

describe('an environment that verifies its users', () => {
  it('the browser comes back, the user is verified, and the page says so', async () => {
    const user = newUser();
    const { running, arrival, port } = await consented(user);
    expect(environment.statusOf('notes-demo', user)).toBe('PENDING_VERIFICATION');
    expect(arrival).toMatchObject({ protocol: 'http:', hostname: '127.0.0.1', pathname: '/verify' });
    expect(arrival.searchParams.get('state')).toMatch(/^[\w-]{43}$/);

    const { status, headers, text: page } = await open(arrival);
    const result = await running.finished;
    await rememberTokens(environment.sandbox, 'notes-demo', user);
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      'cache-control': 'no-store',
      'content-type': 'text/html; charset=utf-8',
      'referrer-policy': 'no-referrer',
      'x-frame-options': 'DENY',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringMatching(
        /^default-src 'none'; style-src 'sha256-.*frame-ancestors 'none'/,
      ),
    });
    expect(page).toContain('<html lang="en">');
    expect(page).toContain('<meta name="viewport"');
    expect(page).toContain('<title>Authorized · sk-connect</title>');
    expect(page).toContain(`${user} has authorized notes-demo`);
    expect(page).not.toMatch(/<script|src=|href="(?!data:,|http:\/\/127\.0\.0\.1:\d+\/)/);
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.json()).toEqual({
      connectionName: 'notes-demo',
      identifier: user,
      connectedAccountId: expect.stringMatching(/^ca_/),
      status: 'ACTIVE',
      link: expect.stringContaining('/magicLink/'),
      expiresAt: expect.any(String),
    });
    expect(await isListening(port)).toBe(false);
  });

  it('what is waited for is said: the user, then the browser', async () => {
    const user = newUser();
    const waiting = await consented(user);
    const { arrival } = waiting;
    await waiting.running.says(
      new RegExp(
        `Waiting for ${user}'s browser to come back to ${arrival.origin}/verify: PENDING_VERIFICATION`,
      ),
    );
    expect((await finish(waiting)).exitCode).toBe(0);
  });

  it('--force: an account that is ACTIVE is done when the user is verified, not before', async () => {
    const before = await rememberTokens(environment.sandbox, 'notes-demo', 'again');
    const waiting = await consented('again', authorize('again', '--force'));
    let isOver = false;
    void waiting.running.finished.then(() => {
      isOver = true;
    });
    await sleep(1_500);
    expect(isOver).toBe(false);
    expect((await finish(waiting)).exitCode).toBe(0);
    const after = await rememberTokens(environment.sandbox, 'notes-demo', 'again');
    expect(after.accessToken).not.toBe(before.accessToken);
  });

  it('on --verify-port', async () => {
    const free = await serve(() => {});
    const { port } = new URL(free.origin);
    await free.close();
    const user = newUser();
    const waiting = await consented(user, authorize(user, '--verify-port', port));
    expect(waiting.arrival.port).toBe(port);
    expect((await finish(waiting)).exitCode).toBe(0);
  });

  it('--verify-port that is in use is refused with what to do', async () => {
    const busy = await serve(() => {});
    onTestFinished(() => busy.close());
    const { port } = new URL(busy.origin);
    const result = await environment.run(authorize(newUser(), '--verify-port', port));
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error()).toMatchObject({ code: 'port_in_use', message: `port ${port} is in use` });
    expect(result.error().hint).toContain('--verify-port');
  });

  it('over SSH it says which port to forward', async () => {
    const running = environment.start(authorize(newUser()), { env: { SSH_TTY: '/dev/pts/0' } });
    const [, port] = await running.says(/ssh -L (\d+):127\.0\.0\.1:\1 /);
    expect(await isListening(Number(port))).toBe(true);
    running.interrupt();
    expect((await running.finished).exitCode).toBe(130);
  });
});

describe('only the browser that was sent is believed', () => {
  it.each<[string, number, (arrival: URL) => [URL, ('HEAD' | 'POST')?]]>([
    ['another state', 403, (arrival) => [having(arrival, 'state', 'x'.repeat(43))]],
    ['no state', 403, (arrival) => [without(arrival, 'state')]],
    ['an empty state', 403, (arrival) => [having(arrival, 'state', '')]],
    ['two states', 403, (arrival) => [new URL(`${arrival.href}&state=${'x'.repeat(43)}`)]],
    [
      'an error with another state',
      403,
      (arrival) => [new URL('/verify?error=access_denied&state=x', arrival)],
    ],
    ['no auth request', 400, (arrival) => [without(arrival, 'auth_request_id')]],
    ['another path', 404, (arrival) => [new URL(`/elsewhere${arrival.search}`, arrival)]],
    ['the icon that browsers ask for', 404, (arrival) => [new URL('/favicon.ico', arrival)]],
    ['a POST', 405, (arrival) => [arrival, 'POST']],
    ['a HEAD', 405, (arrival) => [arrival, 'HEAD']],
  ])('%s is answered with %i, and the wait goes on', async (_what, status, requestTo) => {
    const user = newUser();
    const waiting = await consented(user);
    const answer = await open(...requestTo(waiting.arrival));
    expect(answer.status).toBe(status);
    expect(answer.headers['content-security-policy']).toContain("default-src 'none'");
    if (status === 405) expect(answer.headers['allow']).toBe('GET');
    expect(environment.statusOf('notes-demo', user)).toBe('PENDING_VERIFICATION');
    expect((await finish(waiting)).exitCode).toBe(0);
  });

  it.each([
    ['another host', 'Host: rebound.example'],
    ['a host that is no loopback address', 'Host: 127.0.0.1.nip.example'],
    ['a frame', 'Host: 127.0.0.1\r\nSec-Fetch-Dest: iframe'],
    ['an image', 'Host: 127.0.0.1\r\nSec-Fetch-Dest: image\r\nSec-Fetch-Mode: no-cors'],
    ['a script that fetches', 'Host: 127.0.0.1\r\nSec-Fetch-Dest: empty\r\nSec-Fetch-Mode: cors'],
    ['a page that is loaded ahead of time', 'Host: 127.0.0.1\r\nSec-Purpose: prefetch;prerender'],
  ])('%s is answered with 403', async (_what, headers) => {
    const user = newUser();
    const waiting = await consented(user);
    const { pathname, search } = waiting.arrival;
    const answer = await sendRaw(waiting.port, `GET ${pathname}${search} HTTP/1.1\r\n${headers}\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(environment.statusOf('notes-demo', user)).toBe('PENDING_VERIFICATION');
    expect((await finish(waiting)).exitCode).toBe(0);
  });

  it.each([
    ['nonsense', 'nonsense\r\n\r\n', 400],
    ['a path that is no URL', 'GET //[ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', 404],
    ['headers without an end', `GET /verify HTTP/1.1\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`, 431],
  ])('%s harms nobody', async (_what, request, status) => {
    const user = newUser();
    const waiting = await consented(user);
    expect(await sendRaw(waiting.port, request)).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect((await finish(waiting)).exitCode).toBe(0);
  });

  it('a browser says that it navigates; two windows at once are one', async () => {
    const user = newUser();
    const { running, arrival, port } = await consented(user);
    const headers =
      'Host: localhost\r\nSec-Fetch-Dest: document\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-Site: cross-site';
    const request = `GET ${arrival.pathname}${arrival.search} HTTP/1.1\r\n${headers}\r\n\r\n`;
    const answers = await Promise.all([
      sendRaw(port, request),
      sendRaw(port, request),
      sendRaw(port, request),
    ]);
    for (const answer of answers) {
      expect(answer).toMatch(/^HTTP\/1\.1 200 /);
      expect(answer).toContain('has verified who that is');
    }
    expect((await running.finished).exitCode).toBe(0);
  });

  it('clients that say nothing, or not all, keep nobody', async () => {
    const user = newUser();
    const waiting = await consented(user);
    for (let count = 0; count < 5; count++) {
      await holdOpen(waiting.port);
      await holdOpen(waiting.port, 'GET /verify HTTP/1.1\r\nHost: ');
    }
    const startedAt = performance.now();
    expect((await finish(waiting)).exitCode).toBe(0);
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(await isListening(waiting.port)).toBe(false);
  });
});

describe('a user who is not verified', () => {
  it.each([
    ['unknown to Scalekit', 404, 'verification_not_found', async () => 'bm8tc3VjaC1yZXF1ZXN0'],
    ['of somebody else', 403, 'verification_refused', requestOfSomebodyElse],
  ])('an auth request %s ends it with 4, on the page too', async (_what, status, code, otherRequest) => {
    const user = newUser();
    const { running, arrival, port } = await consented(user);
    const shown = await open(having(arrival, 'auth_request_id', await otherRequest(arrival)));
    const result = await running.finished;
    expect(shown.status).toBe(status);
    expect(shown.text).toContain('<h1>Not authorized</h1>');
    expect(result).toMatchObject({ exitCode: 4, stdout: '' });
    expect(result.error()).toMatchObject({ code, httpStatus: status });
    expect(result.error().hint).toContain(`sk-connect authorize -c notes-demo -i ${user}`);
    expect(shown.text).toContain(result.error().message.slice(1));
    expect(environment.statusOf('notes-demo', user)).not.toBe('ACTIVE');
    expect(await isListening(port)).toBe(false);
  });

  /** Whoever has a consent of their own could send it here, were it not for the state. */
  async function requestOfSomebodyElse(arrival: URL): Promise<string> {
    const identifier = newUser();
    const { actions } = sdkOf(environment.sandbox);
    const key = { connectionName: 'notes-demo', identifier };
    await actions.getOrCreateConnectedAccount(key);
    const { link } = await actions.getAuthorizationLink({
      ...key,
      userVerifyUrl: `${arrival.origin}/verify`,
    });
    const theirs = await browseToListener(link, identifier);
    addSecret('another auth request', theirs.searchParams.get('auth_request_id') ?? '');
    return theirs.searchParams.get('auth_request_id') ?? '';
  }
});

describe('errors of the callback', () => {
  it('a user who denies ends it at once with 4; the page says it too', async () => {
    const user = newUser();
    const running = environment.start(authorize(user));
    await running.says(/Waiting for/);
    const [link] = await running.says(/http:\/\/127\.0\.0\.1:\d+\/magicLink\/\S+/);
    const { completeConsent } = await import('../../src/sandbox/demo/consent.ts');
    const shown = await completeConsent(link, { decision: 'deny' });
    expect(shown.title).toBe('Not authorized · sk-connect');
    const result = await running.finished;
    expect(result).toMatchObject({ exitCode: 4, stdout: '' });
    expect(result.error()).toMatchObject({
      code: 'authorization_denied',
      details: { error: 'access_denied', errorDescription: 'The user denied access', identifier: user },
    });
    expect(result.error().message).toContain('access_denied: The user denied access');
    expect(result.error().hint).toContain(`sk-connect authorize -c notes-demo -i ${user}`);
  });

  it.each([
    ['invalid_scope', 'no scope <b>"notes:*"</b> here', 'scopes'],
    ['unauthorized_client', undefined, 'OAuth client'],
    ['invalid_request', 'code_challenge is missing', 'PKCE'],
    ['server_error', 'we are\u001b[31m down', 'Try again'],
    ['temporarily_unavailable', undefined, 'Try again'],
    ['toString', undefined, 'Try again'],
  ])('%s is told in the provider’s words, with 5', async (error, description, hint) => {
    environment.rest.at('/authorize', ({ url }, response) => {
      const asked = new URL(url, 'http://localhost').searchParams;
      const back = new URL(asked.get('redirect_uri') ?? '');
      back.searchParams.set('state', asked.get('state') ?? '');
      back.searchParams.set('error', error);
      if (description !== undefined) back.searchParams.set('error_description', description);
      response.writeHead(302, { location: back.href }).end();
    });
    const user = newUser();
    const running = environment.start(['authorize', '-c', 'refuser', '-i', user, '--wait', '--json']);
    const [link] = await running.says(/http:\/\/127\.0\.0\.1:\d+\/magicLink\/\S+/);
    const arrival = await browseToListener(link);
    const { text: page } = await open(arrival);
    const result = await running.finished;
    expect(result).toMatchObject({ exitCode: 5, stdout: '' });
    expect(result.error()).toMatchObject({
      code: 'authorization_failed',
      details: { error, errorDescription: description?.replace('\u001b', '␛') ?? null },
    });
    expect(result.error().hint).toContain(hint);
    expect(page).toContain(error);
    expect(page).not.toContain('<b>');
    if (error === 'invalid_scope') expect(page).toContain('&lt;b&gt;&quot;notes:*&quot;');
  });
});

describe('who else verifies', () => {
  it('--verify-url leaves it to the app there, and waits until it has', async () => {
    const user = newUser();
    const arrived: URL[] = [];
    const app = await serve((request, response) => {
      arrived.push(new URL(request.url ?? '', 'http://localhost'));
      response.end('ok');
    });
    onTestFinished(() => app.close());
    const running = environment.start(authorize(user, '--verify-url', `${app.origin}/users/verify?tenant=1`));
    const [link] = await running.says(/http:\/\/127\.0\.0\.1:\d+\/magicLink\/\S+/);
    await running.says(/Waiting for .* to authorize/);
    await environment.consent('notes-demo', user);
    expect(link).toBeTruthy();
    expect(arrived).toHaveLength(1);
    expect(arrived[0]?.pathname).toBe('/users/verify');
    expect(arrived[0]?.searchParams.get('tenant')).toBe('1');
    const authRequestId = arrived[0]?.searchParams.get('auth_request_id') ?? '';
    await running.says(
      new RegExp(`Waiting for ${app.origin}/users/verify to verify ${user}: PENDING_VERIFICATION`),
    );
    await sdkOf(environment.sandbox).actions.verifyConnectedAccountUser({ authRequestId, identifier: user });
    const result = await running.finished;
    expect(result.exitCode).toBe(0);
    expect(result.json()).toMatchObject({ status: 'ACTIVE' });
  });

  it('stopped while the app has still to verify, it names the wait, and no link that was used', async () => {
    const user = newUser();
    const app = await serve((_request, response) => response.end('ok'));
    onTestFinished(() => app.close());
    const running = environment.start(authorize(user, '--verify-url', `${app.origin}/verify`));
    await running.says(/Waiting for .* to authorize/);
    await environment.consent('notes-demo', user);
    await running.says(/PENDING_VERIFICATION/);
    running.interrupt();
    const result = await running.finished;
    expect(result.exitCode).toBe(130);
    expect(result.error().hint).toMatch(/^Wait on with: sk-connect status .* --wait-for ACTIVE/);
  });

  it('--verify-url without a wait: the link carries it', async () => {
    const user = newUser();
    const app = await serve((_request, response) => response.end('ok'));
    onTestFinished(() => app.close());
    const argv = [
      'authorize',
      '-c',
      'notes-demo',
      '-i',
      user,
      '--verify-url',
      `${app.origin}/verify`,
      '--json',
    ];
    const result = await environment.run(argv);
    expect(result.exitCode).toBe(4);
    const { link } = result.json() as { link: string };
    expect((await browseToListener(link)).origin).toBe(app.origin);
  });

  it('--no-verify names nobody: the exchange fails, and authorize says why', async () => {
    const user = newUser();
    const running = environment.start(authorize(user, '--no-verify'));
    await running.says(/Waiting for/);
    await environment.consent('notes-demo', user);
    const result = await running.finished;
    expect(result).toMatchObject({ exitCode: 5, stdout: '' });
    expect(result.error()).toMatchObject({
      code: 'authorization_failed',
      details: { error: 'failed_to_exchange' },
    });
    expect(result.error().message).toContain('user_verify_url not configured');
    expect(result.error().hint).toMatch(/verifies its users.*: sk-connect authorize -c notes-demo/);
  });

  it('an address that Scalekit refuses is told of with what else there is', async () => {
    const url = `http://127.0.0.1:1/${'x'.repeat(3_000)}`;
    const result = await environment.run(authorize(newUser(), '--verify-url', url));
    expect(result).toMatchObject({ exitCode: 5, stdout: '' });
    expect(result.error().message).toContain('InvalidArgument');
    expect(result.error().hint).toContain('--no-verify');
  });

  it('a static connection has a form, and nobody to verify', async () => {
    const user = newUser();
    const running = environment.start(['authorize', '-c', 'weather-demo', '-i', user, '--wait', '--json'], {
      env: { SSH_TTY: '/dev/pts/0' },
    });
    await running.says(/Waiting for/);
    await environment.consent('weather-demo', user, {
      fields: { api_key: environment.providers.weatherApiKey },
    });
    const result = await running.finished;
    expect(result.exitCode).toBe(0);
    expect(result.stderr).not.toContain('ssh -L');
  });

  it.each([
    [['--verify-port', '0', '--verify-url', 'http://127.0.0.1/v'], '--verify-url and --verify-port'],
    [['--no-verify', '--verify-url', 'http://127.0.0.1/v'], '--no-verify and --verify-url'],
    [['--no-verify', '--verify-port', '0'], '--no-verify and --verify-port'],
    [['--verify-url', 'javascript:alert(1)'], 'no http:// or https:// URL'],
    [['--verify-url', '/verify'], 'no http:// or https:// URL'],
    [['--verify-port', '65536'], 'a port from 0 to 65535'],
    [['--verify-port', '8787x'], 'a port from 0 to 65535'],
    [['--no-wait', '--verify-port', '0'], 'does not wait'],
    [['--approve', '--no-wait'], '--approve and --no-wait'],
    [['--credentials', '-', '--no-verify'], 'no user to verify: --no-verify'],
  ])('%j is refused, and nothing is created', async (flags, message) => {
    const user = newUser();
    const argv = authorize(user, ...flags).filter((word) => word !== '--wait');
    const result = await environment.run(argv);
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.error().message).toContain(message);
    expect(environment.statusOf('notes-demo', user)).toBeUndefined();
  });
});

describe('what ends the wait ends the listener', () => {
  it.each([
    ['Ctrl-C', [], 130],
    ['--timeout', ['--timeout', '2'], 6],
  ])('%s', async (_what, flags, exitCode) => {
    const user = newUser();
    const { running, port } = await consented(user, authorize(user, ...flags));
    expect(await isListening(port)).toBe(true);
    if (exitCode === 130) running.interrupt();
    const result = await running.finished;
    expect(result).toMatchObject({ exitCode, stdout: '' });
    expect(result.error().hint).toContain(`sk-connect authorize -c notes-demo -i ${user}`);
    expect(await isListening(port)).toBe(false);
  });

  it('an account that is deleted', async () => {
    const user = newUser();
    const { running, port } = await consented(user);
    await sdkOf(environment.sandbox).actions.deleteConnectedAccount({
      connectionName: 'notes-demo',
      identifier: user,
    });
    expect((await running.finished).exitCode).toBe(4);
    expect(await isListening(port)).toBe(false);
  });
});
