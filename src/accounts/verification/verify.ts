import type { App } from '../../app.ts';
import { messageOf, SkConnectError, withMessage } from '../../errors.ts';
import type { Accounts, ConnectedAccount } from '../../scalekit/accounts.ts';
import { authorizeCommand } from '../active.ts';
import { isWebLink } from '../browser.ts';
import { callbackFailure } from '../callback-failure.ts';
import { type Listener, listenForBrowser } from './listener.ts';
import type { News } from './news.ts';
import type { Page } from './page.ts';

/**
 * Listens for the user's browser, on a free port where `port` is 0. When it comes back, has Scalekit verify the user; how that went is
 * told to `news`, and to the user on the page.
 */
export async function awaitBrowser(
  app: App,
  accounts: Accounts,
  account: ConnectedAccount,
  news: News,
  port: number,
): Promise<Listener> {
  const listener = await listenForBrowser(port, async (arrival) => {
    try {
      if (arrival.kind === 'failed') throw callbackFailure(app, account, arrival);
      app.redactor.add(arrival.authRequestId);
      const next = await accounts.verifyUser(arrival.authRequestId, account.identifier);
      news.tell({ isVerified: true });
      return verifiedPage(account, next);
    } catch (error) {
      const failure = withNextStep(app, account, error);
      news.tell({ failure });
      return failedPage(failure);
    }
  });
  app.redactor.add(listener.state);
  return listener;
}

function withNextStep(app: App, account: ConnectedAccount, error: unknown): unknown {
  if (!(error instanceof SkConnectError) || error.hint !== undefined) return error;
  return withMessage(error, error.message, `Start again: ${authorizeCommand(app, account)}`);
}

function verifiedPage({ connectionName, identifier }: ConnectedAccount, next: string | undefined): Page {
  return {
    status: 200,
    title: 'Authorized',
    paragraphs: [
      `${identifier} has authorized ${connectionName}, and Scalekit has verified who that is.`,
      'You can close this page and go back to the terminal.',
    ],
    ...(next !== undefined && isWebLink(next) && { next: new URL(next) }),
  };
}

function failedPage(failure: unknown): Page {
  const status = failure instanceof SkConnectError ? failure.httpStatus : undefined;
  const reason = messageOf(failure);
  return {
    status: status ?? 400,
    title: 'Not authorized',
    paragraphs: [
      `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`,
      'The terminal says what to do next; you can close this page.',
    ],
  };
}
