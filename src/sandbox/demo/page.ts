import { html } from 'hono/html';
import { type Html, htmlDocument, inline, pageHeaders } from '../html/document.ts';
import { CARD_STYLE } from '../html/style.ts';

/** Another accent than the sandbox's own pages: a user sees that this is somebody else's. */
const style = inline(`${CARD_STYLE}
:root { --accent: #7a3aa7 }
@media (prefers-color-scheme: dark) { :root { --accent: #d7aefb; --on-accent: #2b0d42 } }
main { border-top: 4px solid var(--accent) }
`);

/** Consent ends at the application, beyond this server. */
export const demoPageHeaders = pageHeaders({ style, formLeadsAway: true });

interface PageOptions {
  /** What the page is about went wrong: said in its title too, which a screen reader says first. */
  hasProblem?: boolean;
}

/** A whole document; text in it is escaped unless it is `Html` already. */
export function page(title: string, body: Html, { hasProblem = false }: PageOptions = {}): Html {
  return htmlDocument({
    title: `${hasProblem ? 'Problem: ' : ''}${title} · Demo Notes`,
    style,
    brand: 'Demo Notes',
    main: html`<h1>${title}</h1>
${body}`,
    footer: html`<p>A provider on your own machine, for demonstration.</p>`,
  });
}

export async function pageResponse(document: Html, status = 200): Promise<Response> {
  return new Response(String(await document), { status, headers: demoPageHeaders });
}
