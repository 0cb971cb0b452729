import { authorizeCommand, findAccount, notActive } from '../../accounts/active.ts';
import type { App } from '../../app.ts';
import { SkConnectError } from '../../errors.ts';
import { headerValue } from '../../http/headers.ts';
import type { AccountKey } from '../../scalekit/accounts.ts';
import { gatewayMessage } from '../../scalekit/answered-by.ts';
import type { ProxyResponse } from '../../scalekit/proxy.ts';

/** What a status of 400 and above ends with: who said no, and what to do about it. */
export async function proxyFailure(
  app: App,
  key: AccountKey,
  response: ProxyResponse,
  body: Uint8Array,
): Promise<SkConnectError> {
  if (response.answeredBy === 'provider') return providerFailure(app, key, response);
  const message = gatewayMessage(body) ?? response.statusText;
  const { status: httpStatus } = response;
  if (httpStatus === 401) {
    return new SkConnectError('credentials', `Scalekit refused the environment's token (${message})`, {
      code: 'credentials_refused',
      httpStatus,
      hint: 'Check that SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET belong to this environment.',
    });
  }
  // Without the preflight this is the first that is heard of an account that is missing or not ACTIVE.
  const account = await findAccount(app, key).catch((error: unknown) => error);
  if (account instanceof SkConnectError) return account;
  if (isAccount(account) && account.status !== 'ACTIVE') return notActive(app, account);
  return new SkConnectError(
    'upstream',
    `Scalekit's proxy refused the call: ${message} (HTTP ${httpStatus})`,
    {
      code: 'proxy_refused',
      httpStatus,
      hint: /proxy not enabled/i.test(message)
        ? 'Set proxy_enabled on the connector: without it Scalekit proxies no calls.'
        : 'The provider was not called. Run it again with -v to see each attempt.',
    },
  );
}

function isAccount(value: unknown): value is Awaited<ReturnType<typeof findAccount>> {
  return typeof value === 'object' && value !== null && 'connectedAccountId' in value;
}

function providerFailure(app: App, key: AccountKey, response: ProxyResponse): SkConnectError {
  const { status: httpStatus, statusText } = response;
  const requestId =
    headerValue(response.headers, 'x-request-id') ?? headerValue(response.headers, 'x-github-request-id');
  const suffix = requestId === undefined ? '' : ` [request id ${requestId}]`;
  return new SkConnectError(
    'upstream',
    `the provider answered ${`${httpStatus} ${statusText}`.trim()}${suffix}`,
    {
      code: 'provider_error',
      httpStatus,
      hint: providerHint(app, key, response),
    },
  );
}

function providerHint(app: App, key: AccountKey, response: ProxyResponse): string {
  const retryAfter = headerValue(response.headers, 'retry-after');
  if (retryAfter !== undefined) return `The provider asks to wait: Retry-After: ${retryAfter}`;
  switch (response.status) {
    case 401:
      return `It did not accept the account's credentials. Authorize again: ${authorizeCommand(app, key)} --force`;
    case 403:
      return 'The account may not do this: check the scopes that the connection asks for.';
    case 404:
      return "The path goes behind the connector's base URL: look it up in the provider's API reference.";
    case 429:
      return 'The provider limits the rate: wait before you try again.';
    default:
      return "Its answer is on stdout; look the status up in the provider's API reference.";
  }
}
