import type { App } from '../app.ts';
import { SkConnectError, withMessage } from '../errors.ts';
import type {
  Accounts,
  AuthorizationLink,
  ConnectedAccount,
  VerificationRequest,
} from '../scalekit/accounts.ts';
import type { AuthorizeOptions } from './authorize-options.ts';
import { isRemote, openBrowser } from './browser.ts';
import { callbackFailure } from './callback-failure.ts';
import { type SandboxLinks, sandboxLinks } from './sandbox-link.ts';
import type { Listener } from './verification/listener.ts';
import { createNews, type News } from './verification/news.ts';
import { awaitBrowser } from './verification/verify.ts';
import { type Pending, waitUntilAuthorized } from './wait.ts';

/** `--approve`: who completes the consent, and what the form is filled in with. */
export interface Approval {
  sandbox: SandboxLinks;
  fields: Readonly<Record<string, string>>;
}

interface Authorized {
  account: ConnectedAccount;
  link: AuthorizationLink;
}

/**
 * Gets a link, has its user open it, and waits until they are done; meanwhile listens for their browser, which an environment that
 * verifies users sends to us. Nothing listens any more when this returns or throws.
 */
export async function obtainConsent(
  app: App,
  accounts: Accounts,
  existing: ConnectedAccount,
  options: AuthorizeOptions,
  approval: Approval | undefined,
): Promise<Authorized> {
  const news = createNews();
  const listener = await listenerFor(app, accounts, existing, options, news);
  try {
    const link = await requestLink(accounts, existing, requestFor(options, listener));
    // Making a link may touch the account: what changes after this is the user's doing.
    const before = existing.status === 'ACTIVE' ? ((await accounts.find(existing)) ?? existing) : existing;
    const sandbox = approval?.sandbox ?? (await sandboxLinks(app));
    const pending: Pending = { before, link, news, sandbox, verifiedAt: verifier(options, listener) };
    if (approval === undefined) await show(app, pending, options, listener);
    else void approve(app, pending, approval);
    return { account: await waitUntilAuthorized(app, accounts, pending), link };
  } finally {
    await listener?.close();
  }
}

/** Scalekit has rules of its own for addresses: what it refuses may be ours, which no user has typed. */
async function requestLink(
  accounts: Accounts,
  account: ConnectedAccount,
  request: VerificationRequest,
): Promise<AuthorizationLink> {
  try {
    return await accounts.authorizationLink(account, request);
  } catch (error) {
    const isRefused = error instanceof SkConnectError && error.kind === 'upstream';
    if (!isRefused || request.userVerifyUrl === undefined) throw error;
    throw withMessage(
      error,
      error.message,
      `If that is about ${request.userVerifyUrl}, where users are verified: name another with --verify-url, or none with --no-verify.`,
    );
  }
}

/** Static connections have a form and no redirect; with `--verify-url` and `--no-verify` the browser does not come to us. */
async function listenerFor(
  app: App,
  accounts: Accounts,
  account: ConnectedAccount,
  { verify, verifyUrl, verifyPort }: AuthorizeOptions,
  news: News,
): Promise<Listener | undefined> {
  if (verify === false || verifyUrl !== undefined) return undefined;
  const isStatic = /^(API_KEY|BASIC|BEARER|NO_AUTH)/.test(account.authorizationType);
  if (isStatic && verifyPort === undefined) return undefined;
  return awaitBrowser(app, accounts, account, news, verifyPort ?? 0);
}

function requestFor({ verifyUrl }: AuthorizeOptions, listener: Listener | undefined): VerificationRequest {
  if (listener !== undefined) return { userVerifyUrl: listener.url, state: listener.state };
  return verifyUrl === undefined ? {} : { userVerifyUrl: verifyUrl };
}

function verifier({ verifyUrl }: AuthorizeOptions, listener: Listener | undefined): Pending['verifiedAt'] {
  if (listener !== undefined) return { by: 'us', url: listener.url };
  if (verifyUrl === undefined) return undefined;
  const { origin, pathname } = new URL(verifyUrl);
  return { by: 'app', url: origin + pathname };
}

async function show(
  app: App,
  { before: { connectionName, identifier }, link: { link, expiresAt } }: Pending,
  { open }: AuthorizeOptions,
  listener: Listener | undefined,
): Promise<void> {
  const { terminal } = app;
  // Not a notice: without the link there is nothing that a user could do, --quiet or not.
  terminal.error(`Authorize ${identifier} on ${connectionName}:`);
  terminal.error(`  ${link}`, terminal.errStyle.cyan);
  if (expiresAt !== null)
    terminal.notice(`  The link works until ${new Date(expiresAt).toLocaleTimeString()}.`);
  if (listener !== undefined && isRemote(app.io.env)) {
    const { port } = listener;
    terminal.notice(
      `  Over SSH: where the environment verifies users, your browser comes back to port ${port} of this machine: ssh -L ${port}:127.0.0.1:${port} …`,
    );
  }
  if (open !== false) await openBrowser(app, link);
}

/** What it fails with is better told by what the link ended with. */
async function approve(
  app: App,
  { link, news, before }: Pending,
  { sandbox, fields }: Approval,
): Promise<void> {
  app.terminal.notice(
    `Completing the consent of ${before.identifier} on ${before.connectionName} by itself.`,
  );
  try {
    await sandbox.approve(link.link, fields);
    news.tell({});
  } catch (error) {
    const ended = (await sandbox.look(link.link).catch(() => undefined))?.failure;
    news.tell({
      failure: news.failure ?? (ended === undefined ? error : callbackFailure(app, before, ended)),
    });
  }
}
