import type { Context } from 'hono';
import { html } from 'hono/html';
import type { Account } from '../state/accounts.ts';
import type { Link, LinkState } from '../state/links.ts';
import { type PageStatus, page } from './page.ts';

export function connectedPage(context: Context, { connection, identifier }: Account): Promise<Response> {
  const name = connection.connector.definition.display_name;
  return page(
    context,
    `${name} is connected`,
    html`<p>The account of <strong><bdi>${identifier}</bdi></strong> on <strong>${connection.name}</strong> is active.</p>
<p class="quiet">You can close this page and go back to where you came from.</p>`,
  );
}

/** Where the browser goes after the application has said who its user is. */
export function verifiedPage(context: Context, { connection, identifier }: Account): Promise<Response> {
  const name = connection.connector.definition.display_name;
  return page(
    context,
    `${name} is connected`,
    html`<p>Your application confirmed that it was you. The account of <strong><bdi>${identifier}</bdi></strong> on
<strong>${connection.name}</strong> is active.</p>
<p class="quiet">You can close this page and go back to where you came from.</p>`,
  );
}

/** What the provider or its token endpoint said, in its words: they are quoted, so that nobody takes them for the sandbox's. */
export function refusedPage(
  context: Context,
  { connection, identifier }: Account,
  { error, description }: { error: string; description?: string | undefined },
): Promise<Response> {
  const name = connection.connector.definition.display_name;
  return page(
    context,
    `${name} was not connected`,
    html`<p>${explain(error, name)}</p>
<blockquote>${description ? html`<p><bdi>${description}</bdi></p>` : ''}<p><code>${error}</code></p></blockquote>
<p>Nothing changed for <strong><bdi>${identifier}</bdi></strong> on <strong>${connection.name}</strong>.
Ask for a new link to try again: this one is closed.</p>`,
    { status: 400 },
  );
}

function explain(error: string, name: string): string {
  if (error === 'access_denied') return `Access was denied at ${name}. It said:`;
  if (error.startsWith('failed_to_exchange'))
    return `${name} gave its consent, but the account could not be completed:`;
  return `${name} answered with an error:`;
}

/**
 * A link that was never given out, or whose account is gone, looks no different from one that is long forgotten.
 * @param link says what became of it; the token in its address is the right to know
 */
export function closedLinkPage(
  context: Context,
  state: LinkState | 'unknown',
  link?: Link,
): Promise<Response> {
  if (state === 'used') {
    const about =
      link &&
      html`<p>The account of <strong><bdi>${link.account.identifier}</bdi></strong> on
<strong>${link.account.connection.name}</strong> is now ${link.account.status}.</p>`;
    return page(
      context,
      'This link was already used',
      html`<p>A link works once: nothing that is sent with it now is stored.</p>
${about ?? ''}<p class="quiet">Ask for a new link to authorize again.</p>`,
      { status: 410 },
    );
  }
  const status = state === 'unknown' ? 404 : 410;
  return failurePage(
    context,
    'Session expired or invalid',
    'This link does not work, or does not work any more. Ask for a new one.',
    status,
  );
}

export function notFoundPage(context: Context): Promise<Response> {
  const content = html`<p>There is no such page. <a href="/">What is in this sandbox</a></p>`;
  return page(context, 'Not found', content, { status: 404 });
}

export function failurePage(
  context: Context,
  title: string,
  explanation: string,
  status: PageStatus = 400,
): Promise<Response> {
  return page(context, title, html`<p>${explanation}</p>`, { status });
}
