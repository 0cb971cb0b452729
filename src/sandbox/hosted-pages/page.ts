import type { Context } from 'hono';
import { html } from 'hono/html';
import { type Html, htmlDocument, inline, pageHeaders } from '../html/document.ts';
import { CARD_STYLE } from '../html/style.ts';

export type PageStatus = 200 | 400 | 403 | 404 | 405 | 410 | 413 | 500;

const STYLE = inline(CARD_STYLE);

interface PageOptions {
  status?: PageStatus;
  /** The page's form ends at a provider. */
  leadsAway?: boolean;
  /** What the page is about went wrong: said in its title too, which a screen reader says first. */
  hasProblem?: boolean;
}

/** One of the sandbox's pages: no script, nothing from elsewhere, not kept, not framed. */
export async function page(
  context: Context,
  title: string,
  content: Html | Html[],
  { status = 200, leadsAway = false, hasProblem = false }: PageOptions = {},
): Promise<Response> {
  const document = htmlDocument({
    title: hasProblem ? `Problem: ${title}` : title,
    style: STYLE,
    brand: 'sk-connect sandbox',
    main: html`<h1>${title}</h1>
${content}`,
    footer: html`<p>A Scalekit environment on this machine, for tests.</p>`,
  });
  return context.body(
    String(await document),
    status,
    pageHeaders({ style: STYLE, formLeadsAway: leadsAway }),
  );
}
