import type { App } from '../app.ts';
import { SkConnectError } from '../errors.ts';
import type { Accounts, AuthorizationLink, ConnectedAccount } from '../scalekit/accounts.ts';
import { onEnter } from '../terminal/enter.ts';
import { startWaiting } from '../terminal/spinner.ts';
import { authorizeCommand, notActive, waitCommand } from './active.ts';
import { callbackFailure } from './callback-failure.ts';
import { poll } from './poll.ts';
import { type Evidence, isAmbiguous, isAuthorized } from './progress.ts';
import type { LinkReport, SandboxLinks } from './sandbox-link.ts';
import { heard, type News } from './verification/news.ts';

/** An authorization that is under way. */
export interface Pending {
  /** The account as it was when the link was made. */
  before: ConnectedAccount;
  link: AuthorizationLink;
  /** What comes in from elsewhere. */
  news: News;
  /** Who verifies the user where the environment wants that: we, when the browser comes to this address; the app there; nobody. */
  verifiedAt: { by: 'us' | 'app'; url: string } | undefined;
  /** Where the environment is a sandbox. */
  sandbox: SandboxLinks | undefined;
}

/** A sandbox is on this machine: it can be asked often. */
const LONGEST_PAUSE_ON_SANDBOX_MS = 1_000;
/** Between a link that has ended and the browser that is sent on with the news. */
const BROWSER_ON_ITS_WAY_MS = 1_000;

/**
 * Waits until the user has finished at the link. Throws `account` or `upstream` for what the authorization ended with, `account` for a
 * state that waiting cannot change and when the link has expired.
 */
export async function waitUntilAuthorized(
  app: App,
  accounts: Accounts,
  pending: Pending,
): Promise<ConnectedAccount> {
  const { before, news, sandbox } = pending;
  const until = deadline(pending.link.expiresAt);
  const waiting = await startWaiting(app.io, app.terminal);
  let baseline = before;
  let status = before.status;
  let heardBefore = 0;
  const say = () => waiting.say(`${whatFor(pending, status)}: ${status} ${hint(app, until)}`);
  const clock = setInterval(say, 1000);

  /** Undefined while it goes on. */
  async function look(): Promise<ConnectedAccount | undefined> {
    heardBefore = news.count;
    // The link first: what it tells of is then in the account.
    const report = await sandbox?.look(pending.link.link);
    const account = await accounts.find(before);
    if (news.failure !== undefined) throw news.failure;
    if (account === undefined) throw vanished(app, before);
    status = account.status;
    const evidence = { now: Date.now(), isVerified: news.isVerified, linkState: report?.state };
    if (isAuthorized(account, baseline, evidence)) return account;
    if (status !== 'ACTIVE') say();
    if (isStuck(account, pending)) throw notActive(app, account);
    if (report !== undefined) await requireGood(app, pending, account, report);
    baseline = nextBaseline(app, account, baseline, evidence);
    return undefined;
  }

  try {
    say();
    const authorized = await poll({
      check: look,
      isDone: (account) => account !== undefined,
      signal: app.signal,
      onHurry: (hurry) => onEnterOrNews(app, news, heardBefore, hurry),
      ...(sandbox === undefined ? {} : { longestPauseMs: LONGEST_PAUSE_ON_SANDBOX_MS }),
      ...(until === undefined ? {} : { until }),
    });
    if (authorized === undefined) throw expired(app, { ...before, status });
    return authorized;
  } catch (error) {
    throw app.signal.aborted ? stoppedWaiting(app, pending, status) : error;
  } finally {
    clearInterval(clock);
    waiting.stop();
  }
}

/** What no user at the link can change: an app has to verify, or somebody has taken the account away meanwhile. */
function isStuck(account: ConnectedAccount, { before, verifiedAt }: Pending): boolean {
  const isNew = account.status !== before.status || account.updatedAt !== before.updatedAt;
  return (
    (account.status === 'PENDING_VERIFICATION' && verifiedAt === undefined && isNew) ||
    (account.status === 'DISCONNECTED' && before.status !== 'DISCONNECTED')
  );
}

/** Throws what the sandbox's link ended with. A browser that is on its way to us with the same is let arrive, and sees our page. */
async function requireGood(
  app: App,
  { news, verifiedAt }: Pending,
  account: ConnectedAccount,
  { state, failure }: LinkReport,
): Promise<void> {
  if (state === 'expired') throw expired(app, account);
  if (state !== 'denied') return;
  if (verifiedAt?.by === 'us') await heard(news, BROWSER_ON_ITS_WAY_MS, app.signal);
  throw news.failure ?? callbackFailure(app, account, failure ?? { error: 'access_denied' });
}

/** What the next look compares with. */
function nextBaseline(
  { terminal }: App,
  account: ConnectedAccount,
  baseline: ConnectedAccount,
  evidence: Evidence,
): ConnectedAccount {
  if (account.status !== 'ACTIVE') return account;
  if (!isAmbiguous(account, baseline, evidence)) return baseline;
  terminal.notice(
    `  The account has a new token: renewed in time, or by ${account.identifier}, which Scalekit does not tell. If it was them, this is done: Ctrl-C.`,
  );
  return account;
}

function onEnterOrNews(
  { io, terminal }: App,
  news: News,
  heardBefore: number,
  hurry: () => void,
): () => void {
  // Told while it was looked.
  if (news.count !== heardBefore) queueMicrotask(hurry);
  const stops = [news.onTold(hurry), ...(terminal.canPrompt ? [onEnter(io, hurry)] : [])];
  return () => {
    for (const stop of stops) stop();
  };
}

function whatFor({ before: { identifier }, verifiedAt }: Pending, status: string): string {
  if (status !== 'PENDING_VERIFICATION' || verifiedAt === undefined)
    return `Waiting for ${identifier} to authorize`;
  if (verifiedAt.by === 'app') return `Waiting for ${verifiedAt.url} to verify ${identifier}`;
  return `Waiting for ${identifier}'s browser to come back to ${verifiedAt.url}`;
}

/** A link that seems to have expired already tells of a clock that is wrong, and nothing about the link. */
function deadline(expiresAt: string | null): number | undefined {
  const time = expiresAt === null ? Number.NaN : Date.parse(expiresAt);
  return time > Date.now() ? time : undefined;
}

function hint(app: App, until: number | undefined): string {
  const parts = [
    ...(until === undefined ? [] : [`${timeLeft(until - Date.now())} left`]),
    ...(app.terminal.canPrompt ? ['Enter checks now'] : []),
  ];
  return parts.length === 0 ? '' : `(${parts.join(', ')})`;
}

function timeLeft(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1000));
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

function expired(app: App, account: ConnectedAccount): SkConnectError {
  if (account.status === 'PENDING_VERIFICATION') return notActive(app, account);
  return new SkConnectError(
    'account',
    `the link expired before ${account.identifier} had authorized (still ${account.status})`,
    {
      code: 'link_expired',
      hint: `Get a new one: ${authorizeCommand(app, account)}`,
    },
  );
}

/** Ctrl-C or the deadline: the user may still be on the way, but nobody listens for their browser any more. */
function stoppedWaiting(app: App, { before, verifiedAt }: Pending, status: string): unknown {
  const { reason } = app.signal;
  if (!(reason instanceof SkConnectError)) return reason;
  const waitOn = status === 'PENDING_VERIFICATION' ? 'Wait on with' : 'The link still works; wait on with';
  return new SkConnectError(reason.kind, reason.message, {
    code: reason.code,
    hint:
      verifiedAt?.by === 'us'
        ? `Run it again, for a new link unless the user is done by then: ${authorizeCommand(app, before)}`
        : `${waitOn}: ${waitCommand(app, before)}`,
  });
}

function vanished(app: App, account: ConnectedAccount): SkConnectError {
  return new SkConnectError('account', `the account of ${account.identifier} was deleted meanwhile`, {
    code: 'account_not_found',
    hint: `Start again: ${authorizeCommand(app, account)}`,
  });
}
