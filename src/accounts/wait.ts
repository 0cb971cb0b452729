import type { App } from '../app.ts';
import { SkConnectError } from '../errors.ts';
import type { Accounts, AuthorizationLink, ConnectedAccount } from '../scalekit/accounts.ts';
import { onEnter } from '../terminal/enter.ts';
import { startWaiting } from '../terminal/spinner.ts';
import { authorizeCommand, notActive, waitCommand } from './active.ts';
import { poll } from './poll.ts';

/**
 * Waits until the user has finished at `link`. `before` is the account as it was when the link was made.
 * Throws `account` for a state that waiting cannot change and when the link has expired.
 */
export async function waitUntilAuthorized(
  app: App,
  accounts: Accounts,
  before: ConnectedAccount,
  { expiresAt }: AuthorizationLink,
): Promise<ConnectedAccount> {
  const until = deadline(expiresAt);
  const waiting = await startWaiting(app.io, app.terminal);
  let status = before.status;
  const say = () =>
    waiting.say(`Waiting for ${before.identifier} to authorize: ${status} ${hint(app, until)}`);
  const clock = setInterval(say, 1000);
  try {
    say();
    const account = await poll({
      check: async () => {
        const found = await accounts.find(before);
        if (found === undefined) throw vanished(app, before);
        status = found.status;
        if (status !== 'ACTIVE') say();
        return found;
      },
      isDone: (found) => isAuthorized(found, before) || isStuck(found, before),
      signal: app.signal,
      onHurry: (hurry) => (app.terminal.canPrompt ? onEnter(app.io, hurry) : () => {}),
      ...(until === undefined ? {} : { until }),
    });
    if (isAuthorized(account, before)) return account;
    if (isStuck(account, before)) throw notActive(app, account);
    throw expired(app, account);
  } catch (error) {
    throw app.signal.aborted ? stoppedWaiting(app, before) : error;
  } finally {
    clearInterval(clock);
    waiting.stop();
  }
}

/** An account that was ACTIVE before (`--force`) stays so until the user is done, and is touched then. */
function isAuthorized(account: ConnectedAccount, before: ConnectedAccount): boolean {
  return (
    account.status === 'ACTIVE' && (before.status !== 'ACTIVE' || account.updatedAt !== before.updatedAt)
  );
}

/** What no user at the link can change: the app has to verify, or somebody has taken the account away meanwhile. */
function isStuck(account: ConnectedAccount, before: ConnectedAccount): boolean {
  return (
    account.status === 'PENDING_VERIFICATION' ||
    (account.status === 'DISCONNECTED' && before.status !== 'DISCONNECTED')
  );
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
  return new SkConnectError(
    'account',
    `the link expired before ${account.identifier} had authorized (still ${account.status})`,
    {
      code: 'link_expired',
      hint: `Get a new one: ${authorizeCommand(app, account)}`,
    },
  );
}

/** Ctrl-C or the deadline: the link goes on working, and the user may still be on the way. */
function stoppedWaiting(app: App, account: ConnectedAccount): unknown {
  const { reason } = app.signal;
  if (!(reason instanceof SkConnectError)) return reason;
  return new SkConnectError(reason.kind, reason.message, {
    code: reason.code,
    hint: `The link still works; wait on with: ${waitCommand(app, account)}`,
  });
}

function vanished(app: App, account: ConnectedAccount): SkConnectError {
  return new SkConnectError('account', `the account of ${account.identifier} was deleted meanwhile`, {
    code: 'account_not_found',
    hint: `Start again: ${authorizeCommand(app, account)}`,
  });
}
