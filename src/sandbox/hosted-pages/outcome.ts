import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Account } from '../state/accounts.ts';
import type { LinkState } from '../state/links.ts';
import { type PageStatus, page } from './page.ts';

type Answer = Response | Promise<Response>;

export function connectedPage(context: Context, { connection, identifier }: Account): Answer {
  const name = connection.connector.definition.display_name;
  return page(
    context,
    `${name} is connected`,
    html`<p>The account of <strong>${identifier}</strong> on <strong>${connection.name}</strong> is active.</p>
<p class="quiet">You can close this page and go back to where you came from.</p>`,
  );
}

/** A link that was never given out, or whose account is gone, looks no different from one that is long forgotten. */
export function closedLinkPage(context: Context, state: LinkState | 'unknown'): Answer {
  if (state === 'used') {
    return failurePage(
      context,
      'This link was already used',
      'It worked once, as it should. Ask for a new one to authorize again.',
      410,
    );
  }
  const status = state === 'expired' ? 410 : 404;
  return failurePage(
    context,
    'Session expired or invalid',
    'This link does not work, or does not work any more. Ask for a new one.',
    status,
  );
}

export function failurePage(
  context: Context,
  title: string,
  explanation: string,
  status: PageStatus = 400,
): Answer {
  return page(context, title, html`<p>${explanation}</p>`, status);
}
