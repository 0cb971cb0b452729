import type { App } from '../app.ts';
import { SkConnectError } from '../errors.ts';
import { maskText } from '../redact.ts';
import type { ConnectedAccount } from '../scalekit/accounts.ts';
import { visibleLine } from '../terminal/visible.ts';
import { authorizeCommand } from './active.ts';

/** What an authorization ended with instead of an account (RFC 6749 section 4.1.2.1, and Scalekit's own). */
export interface CallbackError {
  error: string;
  description?: string | undefined;
}

const LONGEST_WORDS = 500;

/**
 * The provider's words for why it did not come to a consent, with what to do. A user who says no leaves the account as it was
 * (`account`); everything else is the provider's or Scalekit's failure (`upstream`).
 */
export function callbackFailure(
  app: App,
  account: ConnectedAccount,
  callback: CallbackError,
): SkConnectError {
  const error = words(callback.error);
  const description = callback.description === undefined ? undefined : words(callback.description);
  const { connectionName, identifier } = account;
  const told = description === undefined || description === error ? error : `${error}: ${description}`;
  const isDenied = error === 'access_denied';
  const message = isDenied
    ? `the authorization of ${identifier} on ${connectionName} was denied (${told})`
    : `${identifier} could not authorize ${connectionName} (${told})`;
  return new SkConnectError(isDenied ? 'account' : 'upstream', message, {
    code: isDenied ? 'authorization_denied' : 'authorization_failed',
    hint: nextStep(app, account, error, description),
    details: { connectionName, identifier, error, errorDescription: description ?? null },
  });
}

/** Words from elsewhere: on one line, no longer than a screen, without credentials. */
function words(text: string): string {
  const line = visibleLine(maskText(text));
  return line.length > LONGEST_WORDS ? `${line.slice(0, LONGEST_WORDS)}…` : line;
}

function nextStep(app: App, account: ConnectedAccount, error: string, description = ''): string {
  const again = authorizeCommand(app, account);
  if (description.includes('user_verify_url')) return `This environment verifies its users; let it: ${again}`;
  const step = Object.hasOwn(STEPS, error) ? STEPS[error] : undefined;
  return `${step ?? 'Try again'}: ${again}`;
}

const CLIENT =
  "Correct the connection's OAuth client (id, secret, redirect URI at the provider), then run it again";
const EXCHANGE = "Correct the connection's client secret or the connector's token URI, then run it again";

const STEPS: Readonly<Record<string, string>> = {
  access_denied: 'The user has to allow it; ask again',
  invalid_scope: "Correct the connection's scopes, then run it again",
  unauthorized_client: CLIENT,
  invalid_client: CLIENT,
  invalid_request: "Correct the connector's authorize URI or its PKCE setting, then run it again",
  failed_to_exchange: EXCHANGE,
  failed_to_exchange_token: EXCHANGE,
};
