import { Hono } from 'hono';
import { getCookie, setCookie } from 'hono/cookie';
import { afterEach, expect, it } from 'vitest';
import { completeConsent } from '../../../src/sandbox/demo/consent.ts';
import {
  type DemoEnv,
  type DemoServer,
  listenerOf,
  startHttpServer,
} from '../../../src/sandbox/demo/http-server.ts';

let server: DemoServer | undefined;

async function serve(routes: (app: Hono<DemoEnv>) => void): Promise<string> {
  const app = new Hono<DemoEnv>();
  routes(app);
  server = await startHttpServer(() => listenerOf(app));
  return server.origin;
}

afterEach(() => server?.close());

const done = '<title>Connected</title><p>You can close this page.';

it('fills a credentials form by field name and keeps what is hidden or preset', async () => {
  let sent: unknown;
  const origin = await serve((app) => {
    app.get('/link', (c) =>
      c.html(`<title>Connect</title><form method="post" action="submit?step=1">
        <input type="hidden" name="token" value="a&amp;b"><input type="hidden" name="api_key_hint" value="">
        <label>API key <input name="api_key" type="password" required></label>
        <select name="region"><option value="eu">EU</option><option value="us" selected>US</option></select>
        <select name="version"><option>v1</option><option>v2</option></select>
        <textarea name="note">keep</textarea>
        <input type="checkbox" name="terms" checked><input type="checkbox" name="news">
        <input type="button" name="extra" value="x"><input name="off" value="x" disabled>
        <button>Connect</button></form>`),
    );
    app.post('/submit', async (c) => {
      sent = { ...(await c.req.parseBody()), step: c.req.query('step') };
      return c.html(done);
    });
  });
  const end = await completeConsent(`${origin}/link`, {
    fields: { api_key: 'k-1', version: 'v2', token: 'not this' },
  });
  expect(end).toEqual({ url: `${origin}/submit?step=1`, status: 200, title: 'Connected' });
  expect(sent).toEqual({
    token: 'a&b',
    api_key_hint: '',
    api_key: 'k-1',
    region: 'us',
    version: 'v2',
    note: 'keep',
    terms: 'on',
    step: '1',
  });
});

it('names the fields that nobody gave a value for, and sends nothing', async () => {
  let isSent = false;
  const origin = await serve((app) => {
    app.get('/link', (c) =>
      c.html('<form method="post"><input name="api_key" required><input name="domain" required></form>'),
    );
    app.post('/link', (c) => {
      isSent = true;
      return c.html(done);
    });
  });
  await expect(completeConsent(`${origin}/link`)).rejects.toThrow('/link requires api_key, domain');
  expect(isSent).toBe(false);
});

it.each([
  ['allow', 'yes'],
  ['deny', 'cancel'],
] as const)('presses the button for %s, wherever it stands', async (decision, expected) => {
  let pressed: unknown;
  const origin = await serve((app) => {
    app.get('/link', (c) =>
      c.html(`<form method="post"><button name="go" value="cancel">No</button>
        <button type="button" name="go" value="help">Help</button>
        <input type="submit" name="go" value="yes"></form>`),
    );
    app.post('/link', async (c) => {
      pressed = await c.req.parseBody();
      return c.html(done);
    });
  });
  await completeConsent(`${origin}/link`, { decision });
  expect(pressed).toEqual({ go: expected });
});

it('keeps cookies and turns a redirected POST into a GET, except for 307', async () => {
  const seen: string[] = [];
  const origin = await serve((app) => {
    app.use(async (c, next) => {
      seen.push(`${c.req.method} ${c.req.path} ${getCookie(c, 'session') ?? '-'}`);
      await next();
    });
    app.get('/link', (c) => {
      setCookie(c, 'session', 's1', { path: '/', httpOnly: true });
      return c.redirect('/form');
    });
    app.get('/form', (c) => c.html('<form method="post" action="/again"><input name="a" value="1"></form>'));
    app.post('/again', (c) => c.redirect('/take', 307));
    app.post('/take', (c) => c.redirect('/end', 303));
    app.get('/end', (c) => c.html(done));
  });
  await completeConsent(`${origin}/link`);
  expect(seen).toEqual(['GET /link -', 'GET /form s1', 'POST /again s1', 'POST /take s1', 'GET /end s1']);
});

it('ends with an error page, even if that has the form again', async () => {
  const origin = await serve((app) => {
    app.get('/link', (c) => c.html('<form method="post"><input name="key" value="bad"></form>'));
    app.post('/link', (c) => c.html('<title>Wrong key</title><form method="post"></form>', 422));
  });
  expect(await completeConsent(`${origin}/link`)).toMatchObject({ status: 422, title: 'Wrong key' });
});

it.each([
  ['https://example.com/authorize'],
  ['http://127.0.0.1.example.com/'],
  ['http://localhost.example.com/'],
  ['file:///etc/passwd'],
])('does not go to %s', async (link) => {
  await expect(completeConsent(link)).rejects.toThrow('loopback');
});

it('does not follow a redirect or a form off this machine', async () => {
  const origin = await serve((app) => {
    app.get('/redirect', (c) => c.redirect('https://example.com/'));
    app.get('/form', (c) => c.html('<form method="post" action="https://example.com/"></form>'));
  });
  await expect(completeConsent(`${origin}/redirect`)).rejects.toThrow('loopback');
  await expect(completeConsent(`${origin}/form`)).rejects.toThrow('loopback');
});

it('gives up on a way without an end', async () => {
  let visits = 0;
  const origin = await serve((app) => {
    app.get('/link', (c) => {
      visits += 1;
      return c.redirect('/link');
    });
  });
  await expect(completeConsent(`${origin}/link`)).rejects.toThrow('within 15 pages');
  expect(visits).toBe(15);
});

it('stops when it is aborted', async () => {
  const origin = await serve((app) => {
    app.get('/link', () => new Promise<Response>(() => {}));
  });
  const signal = AbortSignal.timeout(50);
  await expect(completeConsent(`${origin}/link`, { signal })).rejects.toMatchObject({ name: 'TimeoutError' });
});
