import { type Browser, openBrowser, type Step, submitted } from '../approve/browser.ts';
import { type FormAnswers, fillForm, parsePage } from '../approve/form.ts';

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

const MOST_PAGES = 15;

async function browse(start: Step, answers: FormAnswers, browser: Browser): Promise<ConsentResult> {
  let step = start;
  for (let count = 0; count < MOST_PAGES; count += 1) {
    const { url, status, next, html } = await browser.visit(step);
    if (next !== undefined) {
      step = next;
      continue;
    }
    const { title, form } = parsePage(html);
    if (!form || status >= 400) return { url: url.href, status, title };
    step = submitted(fillForm(form, url, answers));
  }
  throw new Error(
    `Consent did not come to an end within ${MOST_PAGES} pages; the last was ${step.url.pathname}`,
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
  const answers: FormAnswers = {
    userName: options.userName ?? 'demo-user',
    decision: options.decision ?? 'allow',
    fields: options.fields ?? {},
  };
  const browser = openBrowser(options.signal);
  try {
    return await browse({ url: new URL(link), method: 'GET' }, answers, browser);
  } finally {
    await browser.close();
  }
}
