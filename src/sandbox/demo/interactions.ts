import { Hono } from 'hono';
import { type Html, isOwnForm } from '../html/document.ts';
import type { DemoEnv } from './http-server.ts';
import { consentPage, errorPage, signInPage } from './interaction-pages.ts';
import type { InteractionDetails, InteractionResult, OidcProvider } from './oidc-provider.ts';
import { pageResponse } from './page.ts';
import { readBody } from './request-body.ts';

const USER_NAME = /^\P{Cc}{1,64}$/u;

/** A form that is too large is an empty one. */
async function readForm(request: Request): Promise<URLSearchParams> {
  return new URLSearchParams(await readBody(request, 8 * 1024));
}

function requestedScopes(details: InteractionDetails): string[] {
  const scope = details.params['scope'];
  return typeof scope === 'string' ? scope.split(' ').filter(Boolean) : [];
}

function pageFor(details: InteractionDetails, app: string, problem?: string): Html {
  if (details.prompt.name === 'login') return signInPage(details.uid, problem);
  const userName = details.session?.accountId ?? '';
  return consentPage({ uid: details.uid, userName, scopes: requestedScopes(details), app }, problem);
}

/** Grants what was asked for and is missing; an earlier grant of the same user and client is widened. */
async function saveGrant(provider: OidcProvider, details: InteractionDetails): Promise<string> {
  const earlier = details.grantId === undefined ? undefined : await provider.Grant.find(details.grantId);
  const grant =
    earlier ??
    new provider.Grant({
      accountId: details.session?.accountId ?? '',
      clientId: String(details.params['client_id']),
    });
  const { missingOIDCScope, missingResourceScopes } = details.prompt.details;
  if (missingOIDCScope) grant.addOIDCScope(missingOIDCScope.join(' '));
  for (const [resource, scopes] of Object.entries(missingResourceScopes ?? {})) {
    grant.addResourceScope(resource, scopes.join(' '));
  }
  return grant.save();
}

async function decide(provider: OidcProvider, details: InteractionDetails, decision: string | null) {
  if (decision === 'allow') return { consent: { grantId: await saveGrant(provider, details) } };
  if (decision === 'deny') {
    return { error: 'access_denied', error_description: 'The user denied access' };
  }
  return undefined;
}

/**
 * The authorization server's own pages under `/interaction/:uid`, where oidc-provider sends the browser
 * for sign-in and consent. `app` is the client's name as users see it.
 */
export function createInteractions(provider: OidcProvider, app: string): Hono<DemoEnv> {
  const pages = new Hono<DemoEnv>();
  const detailsOf = (env: DemoEnv['Bindings']) => provider.interactionDetails(env.incoming, env.outgoing);
  const finish = async (env: DemoEnv['Bindings'], result: InteractionResult) => {
    const location = await provider.interactionResult(env.incoming, env.outgoing, result);
    return new Response(null, { status: 303, headers: { location } });
  };

  // The interaction's id, which only its own page has, is the proof; a browser's Origin header is believed on top of it.
  pages.post('*', async (c, next) => {
    if (isOwnForm({ origin: c.req.header('origin'), host: c.req.header('host') })) return next();
    return pageResponse(errorPage('foreign_form', 'The form did not come from this page.'), 403);
  });
  pages.get('/interaction/:uid', async (c) => pageResponse(pageFor(await detailsOf(c.env), app)));
  pages.post('/interaction/:uid/login', async (c) => {
    const details = await detailsOf(c.env);
    if (details.prompt.name !== 'login') return c.redirect(`/interaction/${details.uid}`, 303);
    const userName = (await readForm(c.req.raw)).get('username')?.trim() ?? '';
    if (USER_NAME.test(userName)) return finish(c.env, { login: { accountId: userName } });
    return pageResponse(pageFor(details, app, 'Enter a name of up to 64 characters.'), 422);
  });
  pages.post('/interaction/:uid/consent', async (c) => {
    const details = await detailsOf(c.env);
    if (details.prompt.name !== 'consent') return c.redirect(`/interaction/${details.uid}`, 303);
    const form = await readForm(c.req.raw);
    const result = await decide(provider, details, form.get('decision'));
    return result
      ? finish(c.env, result)
      : pageResponse(pageFor(details, app, 'Choose one of the two.'), 422);
  });
  pages.notFound(() => pageResponse(errorPage('not_found', 'There is no such page.'), 404));
  pages.onError((error) => {
    // oidc-provider's error for an interaction that expired, was finished or is another browser's.
    if (error.name !== 'SessionNotFound')
      return pageResponse(errorPage('server_error', 'This is a bug.'), 500);
    const text = 'This sign-in is over. Go back to the application and start again.';
    return pageResponse(errorPage('interaction_expired', text), 400);
  });
  return pages;
}
