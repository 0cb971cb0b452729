import { type Context, Hono } from 'hono';
import { sameText } from '../../http/same-text.ts';
import { isOwnForm } from '../html/document.ts';
import { beginAuthorization } from '../oauth/authorize.ts';
import { Refusal } from '../refusal.ts';
import { currentStatus } from '../state/accounts.ts';
import { credentialFields, missingFields, shapeDetails } from '../state/credential-fields.ts';
import type { Link } from '../state/links.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { formPage } from './form.ts';
import { invalidValues } from './invalid-values.ts';
import { LINK_PATH, VERIFIED_PATH } from './link-url.ts';
import { closedLinkPage, connectedPage, failurePage, refusedPage, verifiedPage } from './outcome.ts';
import { endWithFailure, leave } from './return.ts';

type Answer = Response | Promise<Response>;

/** The page behind an authorization link: a form, or the way to the provider. */
export function linkRoutes(state: SandboxState): Hono {
  const app = new Hono();

  app.get(`${LINK_PATH}/:token`, (context) =>
    withOpenLink(state, context, (link) => {
      const { pattern } = link.account.connection;
      const needsForm = pattern.type !== 'OAUTH' || credentialFields(pattern).length > 0;
      return needsForm ? formPage(context, link) : goToProvider(state, context, link, new Map());
    }),
  );

  app.post(`${LINK_PATH}/:token`, async (context) => {
    const form = new URLSearchParams(await context.req.text());
    return withOpenLink(state, context, (link) => {
      if (comesFromOurPage(context, link, form)) return submit(state, context, link, fieldValues(link, form));
      const explanation = 'The form did not come from this page. Open the link again.';
      return failurePage(context, 'Not accepted', explanation, 403);
    });
  });

  app.get(`${VERIFIED_PATH}/:id`, (context) => {
    const link = state.links.byId(context.req.param('id'));
    const isActive = link?.used && currentStatus(link.account, state.now()) === 'ACTIVE';
    return isActive ? verifiedPage(context, link.account) : closedLinkPage(context, 'unknown');
  });
  return app;
}

function withOpenLink(state: SandboxState, context: Context, use: (link: Link) => Answer): Answer {
  const link = state.links.get(context.req.param('token') ?? '');
  if (!link) return closedLinkPage(context, 'unknown');
  const linkState = state.links.stateOf(link);
  if (linkState === 'open') return use(link);
  return link.failure
    ? refusedPage(context, link.account, link.failure)
    : closedLinkPage(context, linkState, link);
}

/** The token in the form is the proof; a browser's Origin header is believed on top of it. */
function comesFromOurPage(context: Context, link: Link, form: URLSearchParams): boolean {
  const isOwn = isOwnForm({ origin: context.req.header('origin'), host: context.req.header('host') });
  return isOwn && sameText(form.get('__form_token') ?? '', link.formToken);
}

/** What was entered, in the connector's fields only; empty ones are left out. */
function fieldValues(link: Link, form: URLSearchParams): Map<string, string> {
  const names = credentialFields(link.account.connection.pattern).map((field) => field.field_name);
  const values = names.map((name) => [name, (form.get(name) ?? '').trim()] as const);
  return new Map(values.filter(([, value]) => value !== ''));
}

function submit(state: SandboxState, context: Context, link: Link, values: Map<string, string>): Answer {
  const { account } = link;
  const { pattern } = account.connection;
  const details = shapeDetails(pattern, values);
  const missing = missingFields(pattern, details);
  const invalid = invalidValues(account.connection, values);
  if (missing.length > 0 || invalid.size > 0) return formPage(context, link, { missing, invalid, values });
  if (pattern.type === 'OAUTH') return goToProvider(state, context, link, values);
  state.links.use(link);
  const credentials =
    pattern.type === 'NO_AUTH' && values.size === 0
      ? { kind: 'none' as const }
      : { kind: 'static' as const, details };
  state.accounts.change(account, { status: 'ACTIVE', credentials });
  return connectedPage(context, account);
}

async function goToProvider(
  state: SandboxState,
  context: Context,
  link: Link,
  values: Map<string, string>,
): Promise<Response> {
  try {
    const entered = shapeDetails(link.account.connection.pattern, values);
    return leave(context, await beginAuthorization(state, link, entered));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // What was entered may be what is wrong: the form can be sent again.
    if (values.size > 0) return failurePage(context, 'Authorization cannot start', error.message);
    return endWithFailure(state, context, link, { error: 'server_error', description: error.message });
  }
}
