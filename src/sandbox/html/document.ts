import { createHash } from 'node:crypto';
import { html, raw } from 'hono/html';

export type Html = ReturnType<typeof html>;

/** Text that goes into a document as it is, and the hash by which the document's policy allows it. */
export interface Inline {
  readonly text: string;
  /** As a Content-Security-Policy names it: `'sha256-…'`. */
  readonly source: string;
}

export function inline(text: string): Inline {
  return { text, source: `'sha256-${createHash('sha256').update(text).digest('base64')}'` };
}

interface DocumentParts {
  title: string;
  style: Inline;
  /** Whose page it is, above it. */
  brand: string;
  /** Inside `<main>`; begins with the `<h1>`. */
  main: Html | Html[];
  /** Below it. */
  footer?: Html;
  /** More of the `<head>`. */
  head?: Html;
  /** Runs when the document is there; the page has to work without it. */
  script?: Inline;
}

/** A whole document; text in it is escaped unless it is `Html` already. */
export function htmlDocument({ title, style, brand, main, footer, head, script }: DocumentParts): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="icon" href="data:,">
${head ?? ''}<style>${raw(style.text)}</style>
</head>
<body>
<header><p>${brand}</p></header>
<main>
${main}
</main>
${footer ? html`<footer>${footer}</footer>` : ''}
${script ? html`<script>${raw(script.text)}</script>` : ''}</body>
</html>
`;
}

interface PagePolicy {
  style: Inline;
  script?: Inline;
  /** What the script may ask is the page's own origin. */
  asksOwnOrigin?: boolean;
  /**
   * The page's form ends elsewhere, at a provider or at an application: Chrome holds `form-action` against each redirect that follows
   * (https://github.com/w3c/webappsec-csp/issues/8).
   */
  formLeadsAway?: boolean;
}

/** Headers of every page: nothing from elsewhere, not kept, not framed, not read by other sites. */
export function pageHeaders({
  style,
  script,
  asksOwnOrigin,
  formLeadsAway,
}: PagePolicy): Record<string, string> {
  const policy = [
    "default-src 'none'",
    `style-src ${style.source}`,
    'img-src data:',
    ...(script ? [`script-src ${script.source}`] : []),
    ...(asksOwnOrigin ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "frame-ancestors 'none'",
    ...(formLeadsAway ? [] : ["form-action 'self'"]),
  ];
  return {
    'Content-Security-Policy': policy.join('; '),
    'Content-Type': 'text/html; charset=utf-8',
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Frame-Options': 'DENY',
    'Cross-Origin-Resource-Policy': 'same-origin',
    // Not no-referrer: with it a browser sends `Origin: null` along with the form.
    'Referrer-Policy': 'same-origin',
  };
}

/**
 * Whether a form that came with these headers may be from the page itself. A browser says where a form comes from;
 * what is no browser says nothing.
 */
export function isOwnForm(headers: { origin: string | undefined; host: string | undefined }): boolean {
  return headers.origin === undefined || headers.origin === `http://${headers.host ?? ''}`;
}
