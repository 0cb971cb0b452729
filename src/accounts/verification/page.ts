import { createHash } from 'node:crypto';

/** What the user's browser shows. Everything in it is text, and is escaped. */
export interface Page {
  status: number;
  title: string;
  paragraphs: readonly string[];
  /** Where the user may go on to. */
  next?: URL;
}

const STYLE = `
:root { color-scheme: light dark; --text: #1c1e21; --page: #fff; --link: #1d5fd1 }
@media (prefers-color-scheme: dark) { :root { --text: #e8eaed; --page: #15171a; --link: #8ab4f8 } }
html { background: var(--page); color: var(--text) }
a { color: var(--link) }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px }
body { margin: 0 auto; padding: 10vh 1.25rem 1.25rem; max-width: 32rem; font: 1.0625rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere }
h1 { margin: 0 0 1rem; font-size: 1.5rem; line-height: 1.25 }
p { margin: 0 0 1rem }
`;
const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64');

/** Nothing is loaded, kept, framed, or told to where the user goes on: the address holds what Scalekit sent. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'cache-control': 'no-store',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'cross-origin-resource-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
};

export function renderPage({ title, paragraphs, next }: Page): string {
  const link =
    next === undefined ? [] : [`<p><a href="${escape(next.href)}">Go on to ${escape(next.host)}</a></p>`];
  const content = [...paragraphs.map((text) => `<p>${escape(text)}</p>`), ...link];
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(title)} · sk-connect</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escape(title)}</h1>
${content.join('\n')}
</main>
</body>
</html>
`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}
