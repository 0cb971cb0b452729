import type { HTMLElement } from 'node-html-parser';
import { linkUrl } from '../hosted-pages/link-url.ts';
import { invalidArgument, Refusal } from '../refusal.ts';
import type { Account } from '../state/accounts.ts';
import { credentialFields, missingFields, shapeDetails } from '../state/credential-fields.ts';
import type { Link } from '../state/links.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { type Browser, leadsToLoopback, openBrowser, type Step, submitted, type Visit } from './browser.ts';
import { type FormAnswers, fillForm, parsePage } from './form.ts';

const MOST_PAGES = 20;
const LONGEST_MS = 20_000;

/**
 * Does what the user would do behind an open link, in the real pages: fills in the sandbox's own form with `fields`, signs in and
 * consents at the demo's authorization server, and follows the browser back, to a `userVerifyUrl` too where that is on loopback.
 * Returns the account, which then is ACTIVE, or PENDING_VERIFICATION where an app has still to verify its user.
 *
 * Throws a Refusal for a link that is not open, fields that do not fit, a provider whose pages only a person may fill in, and a
 * consent that failed.
 */
export async function approveLink(
  state: SandboxState,
  link: Link,
  fields: Readonly<Record<string, string>> = {},
): Promise<Account> {
  requireOpen(state, link);
  requireFields(link, fields);
  const browser = openBrowser(AbortSignal.any([AbortSignal.timeout(LONGEST_MS), state.closing]));
  try {
    await walk(state, link, fields, browser);
  } finally {
    await browser.close();
  }
  if (link.failure) throw failed([link.failure.error, link.failure.description].filter(Boolean).join(': '));
  if (state.links.stateOf(link) === 'expired') throw failed('the link expired');
  return link.account;
}

function requireOpen(state: SandboxState, link: Link): void {
  const linkState = state.links.stateOf(link);
  if (linkState === 'open') return;
  throw new Refusal('failed_precondition', 'LINK_NOT_OPEN', `the link is ${linkState}, not open`);
}

/** Before anything is sent: a walk that stops at a form has begun a consent that nobody finishes. */
function requireFields({ account }: Link, fields: Readonly<Record<string, string>>): void {
  const { name, pattern } = account.connection;
  const known = credentialFields(pattern).map((field) => field.field_name);
  const unknown = Object.keys(fields).filter((field) => !known.includes(field));
  if (unknown.length > 0) {
    const takes = known.length === 0 ? 'it has none' : `it has ${known.join(', ')}`;
    throw invalidArgument(
      'fields',
      `hold ${unknown.join(', ')}, which the form of ${name} has not; ${takes}`,
    );
  }
  const entered = new Map(Object.entries(fields).filter(([, value]) => value.trim() !== ''));
  const missing = missingFields(pattern, shapeDetails(pattern, entered));
  if (missing.length > 0)
    throw invalidArgument('fields', `lack ${missing.join(', ')}, which ${name} requires`);
}

/** Until the browser has nowhere to go on to. */
async function walk(
  state: SandboxState,
  link: Link,
  fields: Readonly<Record<string, string>>,
  browser: Browser,
): Promise<void> {
  let step: Step = { url: new URL(linkUrl(state.origin, link)), method: 'GET' };
  for (let count = 0; count < MOST_PAGES; count += 1) {
    const isOver = state.links.stateOf(link) !== 'open';
    if (!leadsToLoopback(step)) {
      if (isOver) return;
      throw needsBrowser(`the way leads to ${step.url.host}`);
    }
    const visit = await visitOrRefuse(browser, step, isOver);
    if (visit?.next !== undefined) step = visit.next;
    else if (visit === undefined || state.links.stateOf(link) !== 'open') return;
    else step = answered(state, link, fields, visit);
  }
  if (state.links.stateOf(link) === 'open') throw failed(`it did not end within ${MOST_PAGES} pages`);
}

/** After the consent the browser is only sent back to where an app waits: whether one does changes nothing any more. */
async function visitOrRefuse(browser: Browser, step: Step, isOver: boolean): Promise<Visit | undefined> {
  try {
    return await browser.visit(step);
  } catch (error) {
    if (isOver) return undefined;
    if (error instanceof Error && error.name === 'TimeoutError') {
      throw failed(`it was not done after ${LONGEST_MS / 1000} s`);
    }
    throw failed(`${step.url.host} could not be reached`);
  }
}

/** What follows from a page, while the link is open. */
function answered(
  state: SandboxState,
  link: Link,
  fields: Readonly<Record<string, string>>,
  { url, status, html, isDemo }: Visit,
): Step {
  const { title, form } = parsePage(html);
  const isOwn = url.origin === state.origin;
  if (status >= 400 && (isOwn || isDemo)) throw failed(`${url.host} answered ${status}: ${title}`);
  if (isOwn) return fill(form, url, { userName: '', decision: 'allow', fields: { ...fields } });
  // The fields are not for a provider, whatever its pages are called.
  if (isDemo) return fill(form, url, { userName: userNameFor(link), decision: 'allow', fields: {} });
  throw needsBrowser(`the page at ${url.origin} is not the demo provider's`);
}

function fill(form: HTMLElement | undefined, url: URL, answers: FormAnswers): Step {
  if (form === undefined) throw failed(`the page at ${url.origin} has no form`);
  try {
    return submitted(fillForm(form, url, answers));
  } catch {
    throw failed(`the form at ${url.origin} asks for more than it was given`);
  }
}

/** The demo lets everybody in by a name of up to 64 characters. */
function userNameFor({ account }: Link): string {
  return /^\P{Cc}{1,64}$/u.test(account.identifier) ? account.identifier : 'demo-user';
}

function needsBrowser(why: string): Refusal {
  const message = `${why}: its user has to open the link in a browser`;
  return new Refusal('failed_precondition', 'CONSENT_NEEDS_BROWSER', message);
}

function failed(why: string): Refusal {
  return new Refusal('failed_precondition', 'CONSENT_FAILED', `the consent failed: ${why}`);
}
