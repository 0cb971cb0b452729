import type { App } from '../app.ts';
import { usageError } from '../errors.ts';
import { isWebLink } from './browser.ts';

export interface AuthorizeOptions {
  /** Goes on although the account is ACTIVE. */
  force?: boolean;
  /** True after `--wait`, false after `--no-wait`. */
  wait?: boolean;
  /** False after `--no-open`. */
  open?: boolean;
  /** A file, or `-`, with the fields of a static connection. */
  credentials?: string;
  /** Completes the consent of a sandbox's link by itself. */
  approve?: boolean;
  /** False after `--no-verify`. */
  verify?: boolean;
  /** Where an app of the user's own verifies them. */
  verifyUrl?: string;
  /** Where the browser is to come back to; a free port where omitted. */
  verifyPort?: number;
}

/** Throws a usage error for options that contradict each other, before anything is done. */
export function checkAuthorizeOptions(app: App, options: AuthorizeOptions): void {
  const { approve, credentials, verify, verifyUrl, verifyPort } = options;
  const verifying = [
    ...(verify === false ? ['--no-verify'] : []),
    ...(verifyUrl === undefined ? [] : ['--verify-url']),
    ...(verifyPort === undefined ? [] : ['--verify-port']),
  ];
  const [first, second] = verifying;
  if (second !== undefined) throw contradiction(`${first} and ${second}`);
  if (credentials !== undefined && !approve && first !== undefined) {
    throw usageError(
      `--credentials stores them without a browser, so there is no user to verify: ${first}`,
      `Leave ${first} out.`,
    );
  }
  if (approve && options.wait === false) throw contradiction('--approve and --no-wait');
  if (verifyPort !== undefined && !waits(app, options)) {
    throw usageError('--verify-port listens while authorize waits, and it does not wait here', 'Add --wait.');
  }
  if (verifyUrl !== undefined && !isWebLink(verifyUrl)) {
    throw usageError(
      `--verify-url is no http:// or https:// URL: ${verifyUrl}`,
      "Give the address of your app's page that verifies users.",
    );
  }
}

/** Whether authorize stays until its user is done. */
export function waits({ terminal }: App, { approve, wait }: AuthorizeOptions): boolean {
  return approve === true || (wait ?? terminal.canPrompt);
}

function contradiction(which: string) {
  return usageError(`${which} contradict each other`, 'Leave one of them out.');
}
