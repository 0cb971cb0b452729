import { type Context, Hono } from 'hono';
import { callbackPath } from '../oauth/authorize.ts';
import { finishAuthorization } from '../oauth/exchange.ts';
import { exchangeFailure } from '../oauth/failure.ts';
import type { OAuthFlow } from '../oauth/flows.ts';
import { Refusal } from '../refusal.ts';
import type { Link, LinkFailure } from '../state/links.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { connectedPage, failurePage } from './outcome.ts';
import { endWithFailure, toApplication } from './return.ts';

const INVALID_SESSION = 'session expired or invalid';

/** Where the provider sends the browser back to, with a code or with an error (RFC 6749 section 4.1.2). */
export function callbackRoutes(state: SandboxState): Hono {
  const app = new Hono();

  app.get(callbackPath(':connectionId'), (context) => {
    const connectionId = context.req.param('connectionId') ?? '';
    const parameters = new URL(context.req.url).searchParams;
    const flow = state.flows.take(parameters.get('state') ?? '');
    if (!flow || !isOpen(state, flow, connectionId)) {
      return failurePage(context, 'Authorization failed', INVALID_SESSION);
    }
    const error = parameters.get('error');
    if (error === null) return finish(state, context, flow, parameters);
    const description = parameters.get('error_description') ?? undefined;
    return endWithFailure(state, context, flow.link, { error, description });
  });
  return app;
}

async function finish(
  state: SandboxState,
  context: Context,
  flow: OAuthFlow,
  parameters: URLSearchParams,
): Promise<Response> {
  const { link } = flow;
  // Claimed before the exchange: another flow of the same link must not finish as well.
  state.links.use(link);
  try {
    const verification = await finishAuthorization(state, flow, parameters);
    if (!verification) return await connectedPage(context, link.account);
    return toApplication(context, link, { auth_request_id: verification.authRequestId });
  } catch (error) {
    return endWithFailure(state, context, link, failureOf(error));
  }
}

function failureOf(error: unknown): LinkFailure {
  if (error instanceof Refusal && error.errorCode === 'USER_VERIFY_URL_MISSING') {
    return { error: 'failed_to_exchange', description: error.message };
  }
  return { error: 'failed_to_exchange_token', description: exchangeFailure(error) };
}

function isOpen(state: SandboxState, { link }: { link: Link }, connectionId: string): boolean {
  const { account } = link;
  return (
    account.connection.id === connectionId &&
    state.accounts.get(account.id) === account &&
    state.links.stateOf(link) === 'open'
  );
}
