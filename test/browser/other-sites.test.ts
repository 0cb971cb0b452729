import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { openPage, useBrowser } from './support/browser.ts';
import { setting } from './support/setting.ts';

useBrowser();

/** Another origin, with what a test has it serve. */
async function otherSite(html: string): Promise<string> {
  const server = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.end(`<!doctype html><title>Elsewhere</title><link rel="icon" href="data:,">${html}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  // Another name, so that it is another site too, and not merely another port.
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

it.each(['link', 'dashboard', 'demo'] as const)('the %s is not framed', async (what) => {
  const here = await setting();
  const urls = {
    link: await here.link('helpdesk'),
    dashboard: here.sandbox.url,
    demo: await here.link('notes-demo'),
  };
  const site = await otherSite(`<iframe src="${urls[what]}" title="framed"></iframe>`);
  const page = await openPage(site, { expectedErrors: /frame|X-Frame-Options|ERR_BLOCKED_BY_RESPONSE/i });
  await page.waitForLoadState('networkidle');
  const [, frame] = page.frames();
  expect(frame?.url()).toMatch(/^(chrome-error:|about:blank|$)/);
});

it('a form on another site is not taken, whatever it knows', async () => {
  const here = await setting();
  const link = await here.link('helpdesk');
  const shown = await (await fetch(link)).text();
  const token = /name="__form_token" value="([^"]+)"/.exec(shown)?.[1] ?? '';
  expect(token).not.toBe('');
  const fields = { __form_token: token, domain: 'evil.example', username: 'k', region: 'eu' };
  const inputs = Object.entries(fields).map(([name, value]) => `<input name="${name}" value="${value}">`);
  const site = await otherSite(
    `<form method="post" action="${link}">${inputs.join('')}<button>Go</button></form>`,
  );
  const page = await openPage(site);
  await page.getByRole('button').click();
  await page.getByRole('heading', { name: 'Not accepted' }).waitFor();
  expect(here.statusOf('ada@example.com')).toBe('PENDING_AUTH');
});

it('a script on another site reads nothing of the dashboard, nor of what feeds it', async () => {
  const here = await setting();
  await here.link('helpdesk');
  const site = await otherSite('');
  const page = await openPage(site, { expectedErrors: /CORS|ERR_FAILED|ERR_BLOCKED|EventSource/ });
  const read = await page.evaluate(`(async () => {
    const attempts = [
      fetch('${here.sandbox.url}/').then((response) => response.text()),
      fetch('${here.sandbox.url}/', { mode: 'no-cors' }).then((response) => response.text()),
      new Promise((resolve, reject) => {
        const source = new EventSource('${here.sandbox.url}/sandbox/live');
        source.onmessage = ({ data }) => resolve(data);
        source.onerror = () => { source.close(); reject(new Error('refused')) };
      }),
    ];
    const outcomes = await Promise.allSettled(attempts);
    return outcomes.map(({ status, value }) => (status === 'fulfilled' ? value : status));
  })()`);
  expect(read).toEqual(['rejected', 'rejected', 'rejected']);
});
