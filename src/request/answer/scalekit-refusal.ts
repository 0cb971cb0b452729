import { findAccount, notActive } from '../../accounts/active.ts';
import type { App } from '../../app.ts';
import { SkConnectError } from '../../errors.ts';
import type { AccountKey, ConnectedAccount } from '../../scalekit/accounts.ts';
import { gatewayMessage } from '../../scalekit/answered-by.ts';
import type { Answer } from './answer.ts';
import { idSuffix, statusOf } from './provider-error.ts';
import { line } from './provider-message.ts';
import { requestIdOf } from './request-id.ts';

/** A refusal of Scalekit's own: of our credentials, of an account that is not ACTIVE, of the call. */
export async function scalekitRefusal(
  app: App,
  key: AccountKey,
  { response, body }: Pick<Answer, 'response' | 'body'>,
): Promise<SkConnectError> {
  const { status } = response;
  const message = line(gatewayMessage(body) ?? statusOf(response));
  const requestId = requestIdOf(response.headers);
  const facts = { httpStatus: status, details: { scalekitMessage: message, requestId: requestId ?? null } };
  const refusal = (what: string, code: string, hint: string, kind: 'credentials' | 'upstream' = 'upstream') =>
    new SkConnectError(kind, `${what}${idSuffix(requestId)}`, { ...facts, code, hint });

  const refusedCall = `Scalekit's proxy refused the call: ${message} (HTTP ${status})`;
  if (/proxy not enabled/i.test(message)) return refusal(refusedCall, 'proxy_refused', SET_PROXY_ENABLED);
  if (status === 401 || status === 403) {
    const what = status === 401 ? "the environment's token" : 'the call';
    return refusal(
      `Scalekit refused ${what} (${message})`,
      'credentials_refused',
      CHECK_CREDENTIALS,
      'credentials',
    );
  }
  // Without the preflight this is the first that is heard of an account that is missing or not ACTIVE.
  const account = await findAccount(app, key).catch((error: unknown) => error);
  if (account instanceof SkConnectError) return account;
  if (isAccount(account) && account.status !== 'ACTIVE') return notActive(app, account);
  if (status === 502 || status === 503 || status === 504) {
    return refusal(
      `Scalekit's proxy got no answer: ${message} (HTTP ${status})`,
      'provider_unreachable',
      `Check the connector's proxy_url and whether the provider is up${response.attempts === undefined ? '; --retry 3 tries again' : ''}.`,
    );
  }
  return refusal(refusedCall, 'proxy_refused', status === 429 ? WAIT : SEE_ATTEMPTS);
}

const CHECK_CREDENTIALS =
  'Check that SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET belong to this environment, and what they may do.';
const SET_PROXY_ENABLED = 'Set proxy_enabled on the connector: without it Scalekit proxies no calls.';
const WAIT = 'Scalekit limits the rate: wait, or let --retry 5 do so.';
const SEE_ATTEMPTS = 'The provider was not called. Run it again with -v to see each attempt.';

function isAccount(value: unknown): value is ConnectedAccount {
  return typeof value === 'object' && value !== null && 'connectedAccountId' in value;
}
