import { CookieJar } from 'tough-cookie';
import { Agent, type Dispatcher, request } from 'undici';
import { isLoopback } from '../../http/loopback.ts';
import { DEMO_MARKER } from '../demo/marker.ts';
import type { FilledForm } from './form.ts';

/** One page or redirect that a server answered with. */
export interface Visit {
  url: URL;
  status: number;
  /** Where the browser is sent on to, and how. */
  next: Step | undefined;
  /** Empty where the answer is no HTML. */
  html: string;
  /** Whether the demo's authorization server says that the page is its own. */
  isDemo: boolean;
}

export interface Step {
  url: URL;
  method: string;
  body?: string;
}

/** A user's browser as far as forms, redirects and cookies go. It goes to loopback addresses only. */
export interface Browser {
  /** Throws for another address, where nothing answers, and when the signal aborts. */
  visit(step: Step): Promise<Visit>;
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;
/** Of a page; sign-in pages are smaller. */
const MOST_READ_BYTES = 1024 * 1024;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

export function openBrowser(signal?: AbortSignal): Browser {
  const jar = new CookieJar(undefined, { allowSpecialUseDomain: true, rejectPublicSuffixes: false });
  const dispatcher = new Agent({ headersTimeout: TIMEOUT_MS, bodyTimeout: TIMEOUT_MS });

  async function visit(step: Step): Promise<Visit> {
    requireLoopback(step.url);
    const cookie = await jar.getCookieString(step.url.href);
    const { statusCode, headers, body } = await request(step.url, {
      method: step.method,
      headers: {
        accept: 'text/html',
        ...(cookie !== '' && { cookie }),
        ...(step.body !== undefined && { 'content-type': 'application/x-www-form-urlencoded' }),
      },
      body: step.body ?? null,
      dispatcher,
      signal: signal ?? null,
    });
    for (const line of [headers['set-cookie'] ?? []].flat()) {
      await jar.setCookie(line, step.url.href, { ignoreError: true });
    }
    const { location } = headers;
    const isRedirect = REDIRECTS.has(statusCode) && typeof location === 'string';
    const text = await readText(body);
    return {
      url: step.url,
      status: statusCode,
      next: isRedirect ? redirected(step, statusCode, location) : undefined,
      html: String(headers['content-type']).startsWith('text/html') ? text : '',
      isDemo: headers[DEMO_MARKER] !== undefined,
    };
  }

  return { visit, close: () => dispatcher.destroy() };
}

export function leadsToLoopback({ url }: Step): boolean {
  return (url.protocol === 'http:' || url.protocol === 'https:') && isLoopback(url.hostname);
}

function requireLoopback(url: URL): void {
  if (leadsToLoopback({ url, method: 'GET' })) return;
  throw new Error(`Consent is completed on loopback addresses only, not on ${url.protocol}//${url.host}`);
}

async function readText(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MOST_READ_BYTES) break;
  }
  return Buffer.concat(chunks).toString();
}

/** RFC 9110 section 15.4: 307 and 308 repeat the request, the others become a GET. */
function redirected(step: Step, status: number, location: string): Step {
  const url = new URL(location, step.url);
  return status === 307 || status === 308 ? { ...step, url } : { url, method: 'GET' };
}

export function submitted(form: FilledForm): Step {
  if (form.method === 'POST') return { url: form.url, method: 'POST', body: form.values.toString() };
  const url = new URL(form.url);
  url.search = form.values.toString();
  return { url, method: 'GET' };
}
