import { createHash } from 'node:crypto';
import type { Context } from 'hono';
import { html, raw } from 'hono/html';

export type Html = ReturnType<typeof html>;
export type PageStatus = 200 | 400 | 403 | 404 | 410 | 413 | 500;

const STYLE = `
:root { color-scheme: light dark; --text: #1c1e21; --quiet: #5a6068; --page: #f4f5f7; --card: #fff; --line: #868c94; --accent: #1d5fd1; --on-accent: #fff; --wrong: #b3261e }
@media (prefers-color-scheme: dark) { :root { --text: #e8eaed; --quiet: #a9b0b8; --page: #15171a; --card: #202327; --line: #7d848c; --accent: #8ab4f8; --on-accent: #0b1a33; --wrong: #f5b5ae } }
* { box-sizing: border-box }
body { margin: 0; padding: 1.5rem 1rem; background: var(--page); color: var(--text); font: 1rem/1.5 system-ui, sans-serif }
main { max-width: 28rem; margin: 0 auto; padding: 1.5rem; background: var(--card); border-radius: .75rem; overflow-wrap: anywhere }
h1 { margin: 0 0 .75rem; font-size: 1.375rem; line-height: 1.25 }
.quiet, .hint { color: var(--quiet) }
.hint { margin: .25rem 0 0; font-size: .875rem }
.wrong { color: var(--wrong) }
label { display: block; margin-top: 1.25rem; font-weight: 600 }
input { width: 100%; margin-top: .25rem; padding: .625rem; border: 1px solid var(--line); border-radius: .375rem; background: transparent; color: inherit; font: inherit }
button { width: 100%; margin-top: 1.5rem; padding: .75rem; border: 0; border-radius: .375rem; background: var(--accent); color: var(--on-accent); font: inherit; font-weight: 600; cursor: pointer }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px }
`;

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/**
 * One of the sandbox's pages: no script, nothing from elsewhere, not kept, not framed.
 * @param options.leadsAway the page's form ends at a provider; Chrome holds `form-action` against each redirect that follows.
 */
export function page(
  context: Context,
  title: string,
  content: Html | Html[],
  status: PageStatus = 200,
  options: { leadsAway?: boolean } = {},
): Response | Promise<Response> {
  const formAction = options.leadsAway ? '' : "; form-action 'self'";
  context.header(
    'Content-Security-Policy',
    `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; base-uri 'none'; frame-ancestors 'none'${formAction}`,
  );
  context.header('Cache-Control', 'no-store');
  context.header('X-Content-Type-Options', 'nosniff');
  context.header('X-Frame-Options', 'DENY');
  // Not no-referrer: with it a browser sends `Origin: null` along with the form.
  context.header('Referrer-Policy', 'same-origin');
  return context.html(
    html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(STYLE)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>
</body>
</html>
`,
    status,
  );
}
