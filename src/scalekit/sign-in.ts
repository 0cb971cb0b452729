import type { AxiosResponse } from 'axios';
import { SkConnectError, usageError } from '../errors.ts';
import { classify } from './classify.ts';
import type { CoreClient } from './sdk.ts';
import type { CachedToken } from './token-cache.ts';
import { type Trace, traceAttempt } from './trace.ts';

/** A call takes a while to arrive: a token is renewed a minute ahead, or a tenth of its life where that is less. */
function renewAhead(lifetimeMs: number): number {
  return Math.min(60_000, lifetimeMs / 10);
}

/**
 * Fetches a token with the client's credentials, once and without following a redirect. Throws `credentials`
 * where they are refused, `unreachable`, and `upstream` for what is no Scalekit environment or does not work.
 */
export async function signIn(core: CoreClient, trace: Trace, now: () => number): Promise<CachedToken> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    client_id: core.clientId,
    client_secret: core.clientSecret,
  });
  const requestedAt = now();
  const attempt = traceAttempt(trace, {
    protocol: 'http',
    call: `POST ${core.envUrl}/oauth/token`,
    attempt: 1,
  });
  const response = await core.authenticate(form.toString()).catch((error: unknown) => {
    const refusal = responseOf(error);
    if (refusal === undefined) {
      const failure = classify(error, { envUrl: core.envUrl });
      attempt.failed(failure.message);
      throw failure;
    }
    attempt.answered(statusLine(refusal));
    throw refusedSignIn(refusal, core);
  });
  attempt.answered(statusLine(response));
  const { access_token: accessToken, expires_in: expiresIn } = response.data ?? {};
  if (typeof accessToken !== 'string' || accessToken === '') throw notScalekit(core.envUrl, response.status);
  const lifetimeMs = (expiresIn ?? 0) * 1000;
  return { accessToken, renewAt: requestedAt + lifetimeMs - renewAhead(lifetimeMs) };
}

function responseOf(error: unknown): AxiosResponse | undefined {
  const response: unknown = error instanceof Error ? Reflect.get(error, 'response') : undefined;
  return response === undefined ? undefined : (response as AxiosResponse);
}

function statusLine({ status, statusText }: AxiosResponse): string {
  return `${status} ${statusText}`.trim();
}

function refusedSignIn(response: AxiosResponse, core: CoreClient): SkConnectError {
  const { status } = response;
  if (status === 407) {
    // Not Scalekit's answer: nothing else asks for that (RFC 9110 section 15.5.8).
    return new SkConnectError(
      'unreachable',
      `the proxy on the way to ${core.envUrl} asks who is there (HTTP 407)`,
      {
        code: 'proxy_authentication',
        hint: 'Put user name and password into HTTPS_PROXY: http://user:password@host:port',
      },
    );
  }
  // RFC 6749 section 5.2: a refusal is JSON. A page comes from something else: a firewall, a captive portal.
  const isPage = /^text\/html\b/i.test(String(response.headers['content-type']));
  if ((status === 400 || status === 401 || status === 403) && !isPage) {
    const { error, error_description: description } = (response.data ?? {}) as Record<string, unknown>;
    const reason = [error, description].filter((part) => typeof part === 'string' && part !== '').join(': ');
    return new SkConnectError(
      'credentials',
      `${core.envUrl} refused the client id or secret${reason && ` (${reason})`}`,
      {
        code: 'credentials_refused',
        httpStatus: status,
        hint: 'Check SCALEKIT_CLIENT_ID and SCALEKIT_CLIENT_SECRET: they belong to one environment (app.scalekit.com → Developers → Settings → API Credentials).',
      },
    );
  }
  if (status >= 300 && status < 400) {
    // Not followed: a 307 would hand the client secret to the new place.
    const location: unknown = response.headers['location'];
    return usageError(
      `${core.envUrl} redirects the sign-in${typeof location === 'string' ? ` to ${location}` : ''}; the client secret was not sent there`,
      'Set SCALEKIT_ENV_URL to the environment itself.',
      { code: 'environment_redirects', httpStatus: status },
    );
  }
  if (status >= 500 || status === 429) {
    return new SkConnectError(
      'upstream',
      `${core.envUrl} answered the sign-in with ${statusLine(response)}`,
      {
        code: 'scalekit_error',
        httpStatus: status,
        hint: 'Try again in a moment.',
      },
    );
  }
  return notScalekit(core.envUrl, status);
}

function notScalekit(envUrl: string, status: number): SkConnectError {
  return new SkConnectError(
    'upstream',
    `${envUrl} does not answer as a Scalekit environment (HTTP ${status})`,
    {
      code: 'not_scalekit',
      httpStatus: status,
      hint: 'Check SCALEKIT_ENV_URL: it looks like https://your-app.scalekit.dev.',
    },
  );
}
