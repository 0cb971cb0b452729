import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';

export type Html = ReturnType<typeof html>;

const css = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { margin: 0; padding: 1rem; display: grid; justify-items: center }
main { width: 100%; max-width: 26rem; margin-top: 8vh; padding: 1.5rem; box-sizing: border-box;
  border: 1px solid color-mix(in srgb, CanvasText 25%, Canvas); border-radius: .75rem; overflow-wrap: anywhere }
h1 { margin: 0 0 1rem; font-size: 1.35rem; line-height: 1.25 }
label { display: block; font-weight: 600 }
input { width: 100%; box-sizing: border-box; margin: .25rem 0 1rem; padding: .6rem; font: inherit;
  border: 1px solid GrayText; border-radius: .5rem }
button { min-height: 2.75rem; padding: 0 1.25rem; margin: 0 .5rem .5rem 0; font: inherit; font-weight: 600;
  border: 1px solid #3355dd; border-radius: .5rem; background: #3355dd; color: #fff }
button.quiet { background: transparent; color: inherit; border-color: GrayText }
code { font-size: .9em }
.error { color: light-dark(#a3121f, #ff9c9c) }
.note { font-size: .875rem; color: color-mix(in srgb, CanvasText 70%, Canvas) }
`;

const cssHash = createHash('sha256').update(css).digest('base64');

/**
 * Headers of every page. There is no `form-action`: Chrome holds it against each redirect that follows
 * a submitted form (https://github.com/w3c/webappsec-csp/issues/8), and consent ends at the application.
 */
export const pageHeaders: Record<string, string> = {
  'content-security-policy': `default-src 'none'; style-src 'sha256-${cssHash}'; base-uri 'none'; frame-ancestors 'none'`,
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
};

/** A whole document; text in it is escaped unless it is `Html` already. */
export function page(title: string, body: Html): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} · Demo Notes</title>
<style>${raw(css)}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${body}
</main>
</body>
</html>
`;
}

export async function pageResponse(document: Html, status = 200): Promise<Response> {
  return new Response(String(await document), { status, headers: pageHeaders });
}
