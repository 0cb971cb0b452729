import type { Context } from 'hono';
import type { Link, LinkFailure } from '../state/links.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { refusedPage } from './outcome.ts';

const LONGEST_TEXT = 1000;

/** Closes the link and tells of it where the caller wants to hear, else on a page. */
export function endWithFailure(
  state: SandboxState,
  context: Context,
  link: Link,
  { error, description }: LinkFailure,
): Response | Promise<Response> {
  const failure = { error: cut(error), description: description && cut(description) };
  state.links.deny(link, failure.error, failure.description);
  if (link.userVerifyUrl === undefined) return refusedPage(context, link.account, failure);
  return toApplication(context, link, { error: failure.error, error_description: failure.description });
}

/** To the link's `userVerifyUrl`, with what there is to say and the caller's own `state`. */
export function toApplication(
  context: Context,
  link: Link,
  said: Record<string, string | undefined>,
): Response {
  const url = new URL(link.userVerifyUrl ?? '');
  for (const [name, value] of Object.entries({ ...said, state: link.requestedState })) {
    if (value) url.searchParams.set(name, value);
  }
  return leave(context, url.href);
}

/** What the addresses hold is for that one visit. */
export function leave(context: Context, url: string): Response {
  context.header('Cache-Control', 'no-store');
  context.header('Referrer-Policy', 'no-referrer');
  return context.redirect(url, context.req.method === 'POST' ? 303 : 302);
}

/** Both come from the provider. */
function cut(text: string): string {
  return text.slice(0, LONGEST_TEXT);
}
