import { type Context, Hono } from 'hono';
import { html, raw } from 'hono/html';
import { failurePage } from '../hosted-pages/outcome.ts';
import { htmlDocument, inline, pageHeaders } from '../html/document.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { createFeed } from './feed.ts';
import { DASHBOARD_SCRIPT } from './script.ts';
import { renderSections } from './sections.ts';
import { DASHBOARD_STYLE } from './style.ts';

const STYLE = inline(DASHBOARD_STYLE);

const HEADERS = {
  ...pageHeaders({ style: STYLE, script: DASHBOARD_SCRIPT, asksOwnOrigin: true }),
  // The links on it are rights to use: no address of this page's goes anywhere.
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Opener-Policy': 'same-origin',
};

/**
 * `GET /`: what is in the sandbox, live. It asks for no token, as the links on it do not either: who reaches this port can follow them.
 * Other sites cannot read it: no CORS header, no framing, no name but a loopback one (that is the server's to check), and no request that
 * a browser says is made by another site, but for a user's own navigation.
 */
export function dashboardRoutes(state: SandboxState): Hono {
  const app = new Hono();
  const feed = createFeed(state);

  app.get('/', async (context) => {
    if (isForeign(context, 'navigate')) return foreign(context);
    const sections = await renderSections(state);
    const document = htmlDocument({
      title: 'sk-connect sandbox',
      style: STYLE,
      brand: 'sk-connect sandbox',
      head: html`<noscript><meta http-equiv="refresh" content="10"></noscript>
`,
      main: html`<h1>Sandbox</h1>
<p class="quiet"><span id="live" role="status">As of when it was loaded</span></p>
${[...sections].map(
  ([id, section]) => html`<div id="${id}">${raw(section)}</div>
`,
)}`,
      footer: html`<p>A Scalekit environment on this machine, for tests. No credential is ever shown here.</p>`,
      script: DASHBOARD_SCRIPT,
    });
    return context.body(String(await document), 200, HEADERS);
  });

  app.get('/sandbox/live', async (context) => {
    if (isForeign(context)) return foreign(context);
    if (feed.isFull()) return context.body('too many pages are open', 503, { 'Retry-After': '10' });
    if (context.req.method === 'HEAD') return context.body(null, 200, STREAM_HEADERS);
    return context.body(await feed.open(), 200, STREAM_HEADERS);
  });

  app.all('/', onlyRead);
  app.all('/sandbox/live', onlyRead);
  return app;
}

const STREAM_HEADERS = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  'X-Content-Type-Options': 'nosniff',
  'Cross-Origin-Resource-Policy': 'same-origin',
};

/** By what browsers say of where a request is from (https://www.w3.org/TR/fetch-metadata/); other programs say nothing. */
function isForeign(context: Context, allowedMode?: string): boolean {
  const site = context.req.header('sec-fetch-site') ?? 'none';
  if (site === 'same-origin' || site === 'none') return false;
  return allowedMode === undefined || context.req.header('sec-fetch-mode') !== allowedMode;
}

function foreign(context: Context): Promise<Response> {
  return failurePage(context, 'Not for other sites', 'Another site asked for this page.', 403);
}

function onlyRead(context: Context): Promise<Response> {
  context.header('Allow', 'GET, HEAD');
  return failurePage(context, 'Nothing to send', 'This page is only read.', 405);
}
