import type { App } from './app.ts';
import { SkConnectError, systemErrorCode, usageError } from './errors.ts';

/** A running sandbox's control API. */
export interface SandboxApi {
  url: string;
  /** The answer's JSON; undefined where there is none (204). Throws an SkConnectError for everything else. */
  call<T>(method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string, sent?: Sent): Promise<T>;
}

interface Sent {
  query?: Readonly<Record<string, string | number | boolean | undefined>>;
  body?: unknown;
}

/** The API of the sandbox that is meant. Throws a usage error where none runs. */
export async function openSandbox(app: App): Promise<SandboxApi> {
  const { envUrl: url, controlToken } = await app.settings.sandbox();
  if (controlToken === undefined) {
    throw usageError(
      `the sandbox at ${url} was started by an sk-connect that has no control API`,
      'Start it again with this one: sk-connect sandbox start',
      { code: 'no_control_api' },
    );
  }
  return sandboxApi(app, url, controlToken);
}

/** The API of the sandbox at `url`, whose token this is. */
export function sandboxApi(app: App, url: string, controlToken: string): SandboxApi {
  app.redactor.add(controlToken);
  return {
    url,
    async call<T>(method: string, path: string, { query = {}, body }: Sent = {}): Promise<T> {
      const target = new URL(`${url}/sandbox/v1${path}`);
      for (const [name, value] of Object.entries(query))
        if (value !== undefined) target.searchParams.set(name, String(value));
      const headers = {
        authorization: `Bearer ${controlToken}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      };
      const response = await send(app, url, target, {
        method,
        headers,
        // The token goes to this address and no other.
        redirect: 'manual',
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (response.status === 204) return undefined as T;
      const answer = await jsonOf(response);
      if (response.ok) return answer as T;
      throw refusal(url, response.status, answer);
    },
  };
}

async function send(app: App, url: string, target: URL, request: RequestInit): Promise<Response> {
  try {
    return await fetch(target, { ...request, signal: app.signal });
  } catch (error) {
    app.signal.throwIfAborted();
    throw new SkConnectError('unreachable', `the sandbox at ${url} ${whatHappened(error)}`, {
      code: 'sandbox_gone',
      hint: 'Does it still run? sk-connect sandbox start',
      cause: error,
    });
  }
}

/** UND_ERR_SOCKET is undici's: its peer ended the connection before it had answered, as one does that is stopped. */
function whatHappened(error: unknown): string {
  const code = systemErrorCode(error);
  if (code === 'UND_ERR_SOCKET' || code === 'ECONNRESET') return 'ended before it had answered';
  return `does not answer${code === undefined ? '' : ` (${code})`}`;
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    return undefined;
  }
}

interface ErrorAnswer {
  code: string;
  message: string;
  problems?: { path: string; message: string }[];
}

function refusal(url: string, status: number, answer: unknown): SkConnectError {
  const error = (answer as { error?: Partial<ErrorAnswer> } | null | undefined)?.error;
  if (typeof error !== 'object' || typeof error.code !== 'string' || typeof error.message !== 'string') {
    return usageError(
      `${url} answers (HTTP ${status}), but not as a sandbox does`,
      'Does SCALEKIT_ENV_URL name a sandbox? sk-connect sandbox start prints it.',
      { code: 'not_a_sandbox' },
    );
  }
  if (status === 401 || status === 403) {
    return new SkConnectError('credentials', `the sandbox at ${url} does not take this control token`, {
      code: 'control_token_refused',
      hint: 'SK_CONNECT_SANDBOX_TOKEN is of another sandbox, or of an earlier run: set it anew, or unset it.',
      httpStatus: status,
    });
  }
  const isUpstream = status >= 500 || error.code === 'consent_failed';
  const kind = error.code.startsWith('account_') ? 'account' : isUpstream ? 'upstream' : 'usage';
  const isForm = error.problems?.some(({ path }) => path === 'fields');
  const hint = isForm ? 'Give them with --field name=value.' : HINTS[error.code];
  return new SkConnectError(kind, error.message, {
    code: error.code,
    httpStatus: status,
    ...(hint !== undefined && { hint }),
    ...(error.problems !== undefined && { details: { problems: error.problems } }),
  });
}

/** What the API would say in its own words. */
const HINTS: Record<string, string> = {
  link_not_found: 'All of them: sk-connect sandbox links list --all',
  link_not_open: 'Ask for a new one: sk-connect authorize -c CONNECTION -i IDENTIFIER --sandbox',
  account_not_found: 'All of them: sk-connect sandbox accounts list',
  account_not_active: 'Authorize it first: sk-connect authorize -c CONNECTION -i IDENTIFIER --sandbox',
  fault_not_found: 'All of them: sk-connect sandbox faults list',
  connection_not_found: 'All of them: sk-connect sandbox connections list',
  connection_exists: 'Choose another name, or remove that one: sk-connect sandbox connections remove',
  clock_goes_forward: 'It goes forward alone; sk-connect sandbox reset sets it back, with everything else.',
  consent_needs_browser: 'Open the link in a browser: sk-connect sandbox links list',
  consent_failed: 'What was called on the way: sk-connect sandbox log',
  too_many_faults: 'Remove them: sk-connect sandbox faults clear',
};
