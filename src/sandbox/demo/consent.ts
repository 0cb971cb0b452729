import { CookieJar } from 'tough-cookie';
import { Agent, request } from 'undici';
import { type FilledForm, type FormAnswers, fillForm, parsePage } from './consent-form.ts';

export interface ConsentOptions {
  /** Who signs in; `demo-user` where omitted. */
  userName?: string;
  /** What is answered on the consent screen; `allow` where omitted. */
  decision?: 'allow' | 'deny';
  /** Values of a credentials form, by field name. */
  fields?: Record<string, string>;
  signal?: AbortSignal;
}

export interface ConsentResult {
  /** The last page's address; its query may hold an authorization code, so do not print it whole. */
  url: string;
  status: number;
  title: string;
}

interface Browser {
  jar: CookieJar;
  dispatcher: Agent;
  signal: AbortSignal | undefined;
}

interface Step {
  url: URL;
  method: string;
  body?: string;
}

interface Answer {
  status: number;
  location: string | undefined;
  html: string;
}

const MAX_HOPS = 15;
const TIMEOUT_MS = 10_000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

function isLoopback(hostname: string): boolean {
  return /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}

function requireLoopback(url: URL): void {
  const isWeb = url.protocol === 'http:' || url.protocol === 'https:';
  if (!isWeb || !isLoopback(url.hostname)) {
    throw new Error(`Consent is completed on loopback addresses only, not on ${url.protocol}//${url.host}`);
  }
}

async function send(step: Step, browser: Browser): Promise<Answer> {
  requireLoopback(step.url);
  const cookie = await browser.jar.getCookieString(step.url.href);
  const response = await request(step.url, {
    method: step.method,
    headers: {
      accept: 'text/html',
      ...(cookie !== '' && { cookie }),
      ...(step.body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    body: step.body ?? null,
    dispatcher: browser.dispatcher,
    signal: browser.signal ?? null,
  });
  for (const line of [response.headers['set-cookie'] ?? []].flat()) {
    await browser.jar.setCookie(line, step.url.href, { ignoreError: true });
  }
  const text = await response.body.text();
  const isHtml = String(response.headers['content-type']).startsWith('text/html');
  const location = response.headers['location'];
  return {
    status: response.statusCode,
    location: REDIRECTS.has(response.statusCode) && typeof location === 'string' ? location : undefined,
    html: isHtml ? text : '',
  };
}

/** RFC 9110 section 15.4: 307 and 308 repeat the request, the others become a GET. */
function redirectedStep(step: Step, status: number, location: string): Step {
  const url = new URL(location, step.url);
  return status === 307 || status === 308 ? { ...step, url } : { url, method: 'GET' };
}

function formStep(form: FilledForm): Step {
  if (form.method === 'POST') return { url: form.url, method: 'POST', body: form.values.toString() };
  const url = new URL(form.url);
  url.search = form.values.toString();
  return { url, method: 'GET' };
}

async function browse(start: Step, answers: FormAnswers, browser: Browser): Promise<ConsentResult> {
  let step = start;
  for (let hop = 0; hop < MAX_HOPS; hop += 1) {
    const { status, location, html } = await send(step, browser);
    if (location !== undefined) {
      step = redirectedStep(step, status, location);
      continue;
    }
    const { title, form } = parsePage(html);
    if (!form || status >= 400) return { url: step.url.href, status, title };
    step = formStep(fillForm(form, step.url, answers));
  }
  throw new Error(
    `Consent did not come to an end within ${MAX_HOPS} pages; the last was ${step.url.pathname}`,
  );
}

/**
 * Acts as the user's browser on an authorization link: follows redirects, signs in, fills a credentials
 * form, allows or denies, until a page has no form or is an error page (status 400 or above).
 *
 * @throws Error when the way leads off this machine, a required field has no value, it takes more than
 *   15 pages, a server is not reachable, or `signal` aborts
 */
export async function completeConsent(link: string, options: ConsentOptions = {}): Promise<ConsentResult> {
  const browser: Browser = {
    jar: new CookieJar(undefined, { allowSpecialUseDomain: true, rejectPublicSuffixes: false }),
    dispatcher: new Agent({ headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS }),
    signal: options.signal,
  };
  const answers: FormAnswers = {
    userName: options.userName ?? 'demo-user',
    decision: options.decision ?? 'allow',
    fields: options.fields ?? {},
  };
  try {
    return await browse({ url: new URL(link), method: 'GET' }, answers, browser);
  } finally {
    await browser.dispatcher.destroy();
  }
}
