import type { App } from '../app.ts';
import { SkConnectError, usageError, withMessage } from '../errors.ts';
import type { SandboxLink } from '../sandbox/interface/control.ts';
import { type SandboxApi, sandboxApi } from '../sandbox-api.ts';
import type { CallbackError } from './callback-failure.ts';

/** What a sandbox's control API knows of a link. */
export interface LinkReport {
  state: SandboxLink['state'];
  failure: CallbackError | undefined;
}

/** The links of a sandbox on this machine. */
export interface SandboxLinks {
  /** Undefined where the control API does not tell. */
  look(link: string): Promise<LinkReport | undefined>;
  /** Completes the consent through the link's real pages; a form is filled in with `fields`. */
  approve(link: string, fields: Readonly<Record<string, string>>): Promise<void>;
}

/** Undefined where the environment is no sandbox on this machine, or its control token is not known. */
export async function sandboxLinks(app: App): Promise<SandboxLinks | undefined> {
  const api = await knownApi(app);
  return api && linksOf(app, api);
}

/** For `--approve`. Throws where there is no sandbox whose links could be approved. */
export async function requireSandboxLinks(app: App): Promise<SandboxLinks> {
  const api = await knownApi(app);
  if (api !== undefined) {
    // Whether it lets us in.
    await api.call('GET', '/');
    return linksOf(app, api);
  }
  const { envUrl } = await app.settings.environment();
  throw usageError(
    `--approve is for sandboxes, and ${envUrl} is none whose control token is known`,
    'Use the sandbox that is running with --sandbox, or set SK_CONNECT_SANDBOX_TOKEN; elsewhere the user consents.',
    { code: 'not_a_sandbox' },
  );
}

async function knownApi(app: App): Promise<SandboxApi | undefined> {
  const token = await app.settings.sandboxToken();
  return token === undefined ? undefined : sandboxApi(app, (await app.settings.environment()).envUrl, token);
}

function linksOf(app: App, api: SandboxApi): SandboxLinks {
  const ids = new Map<string, string>();

  async function pathOf(address: string): Promise<string> {
    if (!ids.has(address)) {
      const { links } = await api.call<{ links: SandboxLink[] }>('GET', '/links', {
        query: { state: 'all' },
      });
      for (const { id, link } of links) ids.set(link, id);
    }
    return `/links/${encodeURIComponent(ids.get(address) ?? 'unknown')}`;
  }

  return {
    async look(address) {
      try {
        const { state, error, errorDescription } = await api.call<SandboxLink>('GET', await pathOf(address));
        return { state, failure: error === undefined ? undefined : { error, description: errorDescription } };
      } catch {
        app.signal.throwIfAborted();
        return undefined;
      }
    },
    async approve(address, fields) {
      try {
        await api.call('POST', `${await pathOf(address)}/approve`, { body: { fields } });
      } catch (error) {
        throw withNextStep(error);
      }
    },
  };
}

/** The same refusal means another next step here than for a subcommand of the sandbox. */
function withNextStep(error: unknown): unknown {
  if (!(error instanceof SkConnectError)) return error;
  const steps: Readonly<Record<string, string>> = {
    invalid_request: 'Give the fields of its form: --approve --credentials FILE',
    consent_needs_browser: 'Leave --approve out, and consent in the browser.',
    consent_failed: 'What was called on the way: sk-connect sandbox log',
  };
  return withMessage(error, `--approve: ${error.message}`, steps[error.code]);
}
