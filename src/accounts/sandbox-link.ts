import type { App } from '../app.ts';
import { SkConnectError, usageError } from '../errors.ts';
import { isJsonObject } from '../json/object.ts';
import { type CallbackError, words } from './callback-failure.ts';

/** What a sandbox's control API knows of a link. */
export interface LinkReport {
  state: string;
  failure: CallbackError | undefined;
}

/** The links of a sandbox on this machine, through its control API under `/sandbox/v1`. */
export interface SandboxLinks {
  /** Throws a usage error where the sandbox does not take our token. */
  requireAccess(): Promise<void>;
  /** Undefined where the control API does not tell. */
  look(link: string): Promise<LinkReport | undefined>;
  /** Completes the consent through the link's real pages; a form is filled in with `fields`. */
  approve(link: string, fields: Readonly<Record<string, string>>): Promise<void>;
}

const LOOK_MS = 5_000;
/** More than the sandbox itself gives a consent. */
const APPROVE_MS = 60_000;

/** Undefined where the environment is no sandbox on this machine, or its control token is not known. */
export async function sandboxLinks(app: App): Promise<SandboxLinks | undefined> {
  const token = await app.settings.sandboxToken();
  if (token === undefined) return undefined;
  app.redactor.add(token);
  const { envUrl } = await app.settings.environment();
  const ids = new Map<string, string>();

  async function call(path: string, timeoutMs: number, body?: object): Promise<Record<string, unknown>> {
    const response = await fetch(`${envUrl}/sandbox/v1${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) },
      body: body === undefined ? null : JSON.stringify(body),
      redirect: 'error',
      signal: AbortSignal.any([app.signal, AbortSignal.timeout(timeoutMs)]),
    });
    const answer: unknown = await response.json().catch(() => undefined);
    if (!response.ok || !isJsonObject(answer)) throw refusal(response.status, answer);
    return answer;
  }

  async function idOf(link: string): Promise<string> {
    const known = ids.get(link);
    if (known !== undefined) return known;
    const { links } = await call('/links?state=all', LOOK_MS);
    const found = Array.isArray(links)
      ? links.find((one) => isJsonObject(one) && one['link'] === link)
      : undefined;
    if (typeof found?.id !== 'string')
      throw refusal(404, { error: { message: 'it does not know the link' } });
    ids.set(link, found.id);
    return found.id;
  }

  async function toldWith(act: () => Promise<void>): Promise<void> {
    try {
      await act();
    } catch (error) {
      app.signal.throwIfAborted();
      if (error instanceof SkConnectError) throw error;
      throw new SkConnectError('unreachable', `the sandbox at ${envUrl} does not answer`, {
        code: 'sandbox_unreachable',
        hint: 'Is it still running? sk-connect sandbox start',
        cause: error,
      });
    }
  }

  return {
    async look(link) {
      try {
        const { state, error, errorDescription } = await call(`/links/${await idOf(link)}`, LOOK_MS);
        return { state: String(state), failure: failureOf(error, errorDescription) };
      } catch {
        app.signal.throwIfAborted();
        return undefined;
      }
    },
    approve: (link, fields) =>
      toldWith(async () => {
        await call(`/links/${await idOf(link)}/approve`, APPROVE_MS, { fields });
      }),
    requireAccess: () =>
      toldWith(async () => {
        await call('/', LOOK_MS);
      }),
  };
}

/** Throws a usage error where `--approve` has nobody to approve. */
export async function requireSandboxLinks(app: App): Promise<SandboxLinks> {
  const links = await sandboxLinks(app);
  if (links !== undefined) {
    await links.requireAccess();
    return links;
  }
  const { envUrl } = await app.settings.environment();
  throw usageError(
    `--approve is for sandboxes, and ${envUrl} is none whose control token is known`,
    'Use the sandbox that is running with --sandbox, or set SK_CONNECT_SANDBOX_TOKEN; elsewhere the user consents.',
    { code: 'not_a_sandbox' },
  );
}

function failureOf(error: unknown, description: unknown): CallbackError | undefined {
  if (typeof error !== 'string') return undefined;
  return { error, ...(typeof description === 'string' && { description }) };
}

/** A refusal of the control API, in its own words. */
function refusal(status: number, answer: unknown): SkConnectError {
  const error = isJsonObject(answer) && isJsonObject(answer['error']) ? answer['error'] : {};
  if (typeof error['message'] !== 'string') {
    const hint = 'Point SCALEKIT_ENV_URL at a sandbox, or use the one that is running with --sandbox.';
    const message = `--approve: the environment answers ${status}, as no sandbox does`;
    return usageError(message, hint, { code: 'not_a_sandbox', httpStatus: status });
  }
  const message = words(error['message']);
  if (status === 401) {
    const hint = 'Use --sandbox, or the SK_CONNECT_SANDBOX_TOKEN of the sandbox that SCALEKIT_ENV_URL names.';
    return usageError("the token is not this sandbox's", hint, {
      code: 'sandbox_token_refused',
      httpStatus: status,
    });
  }
  if (status === 400) {
    const hint = 'Give the fields of its form: --approve --credentials FILE';
    return usageError(`--approve: ${message}`, hint, { code: 'approve_refused', httpStatus: status });
  }
  if (error['code'] === 'consent_needs_browser') {
    const hint = 'Leave --approve out, and consent in the browser.';
    return usageError(`--approve: ${message}`, hint, { code: 'approve_needs_browser', httpStatus: status });
  }
  return new SkConnectError('upstream', `--approve: ${message}`, {
    code: 'approve_failed',
    hint: 'Leave --approve out, and see in the browser where it fails.',
    httpStatus: status,
  });
}
