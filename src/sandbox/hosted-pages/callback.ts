import { Hono } from 'hono';
import { callbackPath } from '../oauth/authorize.ts';
import { exchangeFailure, finishAuthorization } from '../oauth/exchange.ts';
import type { OAuthFlow } from '../oauth/flows.ts';
import { Refusal } from '../refusal.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { connectedPage, failurePage } from './outcome.ts';

const INVALID_SESSION = 'session expired or invalid';

/** Where the provider sends the browser back to, with a code or with an error (RFC 6749 section 4.1.2). */
export function callbackRoutes(state: SandboxState): Hono {
  const app = new Hono();

  app.get(callbackPath(':connectionId'), async (context) => {
    const connectionId = context.req.param('connectionId') ?? '';
    const parameters = new URL(context.req.url).searchParams;
    const flow = state.flows.take(parameters.get('state') ?? '');
    if (!flow || !isOpen(state, flow, connectionId)) {
      return failurePage(context, 'Authorization failed', INVALID_SESSION);
    }
    const error = parameters.get('error');
    if (error !== null) {
      const description = parameters.get('error_description');
      return failurePage(context, 'Authorization failed', description ? `${error}: ${description}` : error);
    }
    // Claimed before the exchange: another flow of the same link must not finish as well.
    flow.link.used = true;
    try {
      await finishAuthorization(state, flow, parameters);
    } catch (failure) {
      flow.link.used = false;
      const reason = failure instanceof Refusal ? failure.message : exchangeFailure(failure);
      return failurePage(context, 'Authorization failed', `failed_to_exchange_token: ${reason}`);
    }
    return connectedPage(context, flow.link.account);
  });
  return app;
}

function isOpen(state: SandboxState, { link }: OAuthFlow, connectionId: string): boolean {
  const { account } = link;
  return (
    account.connection.id === connectionId &&
    state.accounts.get(account.id) === account &&
    state.links.stateOf(link) === 'open'
  );
}
