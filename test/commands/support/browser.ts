import { connect, type Socket } from 'node:net';
import { request } from 'undici';
import { onTestFinished } from 'vitest';
import { openBrowser, type Step, submitted } from '../../../src/sandbox/approve/browser.ts';
import { fillForm, parsePage } from '../../../src/sandbox/approve/form.ts';

/** Goes on from a link as its user does, who allows, up to the address where the CLI listens: returns that, and does not go there. */
export async function browseToListener(link: string, userName = 'somebody'): Promise<URL> {
  const browser = openBrowser();
  onTestFinished(() => browser.close());
  let step: Step = { url: new URL(link), method: 'GET' };
  for (let count = 0; count < 20; count++) {
    if (step.url.pathname === '/verify') return step.url;
    const { next, html, url, status } = await browser.visit(step);
    if (next !== undefined) {
      step = next;
      continue;
    }
    const { form, title } = parsePage(html);
    if (form === undefined || status >= 400) throw new Error(`it ended at ${url.href}: ${title}`);
    step = submitted(fillForm(form, url, { userName, decision: 'allow', fields: {} }));
  }
  throw new Error('it came to no end');
}

export interface Shown {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Opens an address as a browser does where its user is sent there; `fetch` would say that a script asks. */
export async function open(url: URL, method: 'GET' | 'HEAD' | 'POST' = 'GET'): Promise<Shown> {
  const headers = {
    'sec-fetch-dest': 'document',
    'sec-fetch-mode': 'navigate',
    'sec-fetch-site': 'cross-site',
  };
  const body = method === 'POST' ? 'x=1' : null;
  const response = await request(url, { method, headers, body });
  return { status: response.statusCode, headers: response.headers, text: await response.body.text() };
}

/** A client that is free in what it sends; the whole answer as text, or what came until nothing more did. */
export function sendRaw(port: number, request: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port });
    let answer = '';
    socket.setEncoding('utf8').on('data', (chunk: string) => {
      answer += chunk;
    });
    socket.on('error', reject).on('close', () => resolve(answer));
    socket.write(request);
  });
}

/** A connection on which nothing, or not all, is sent. */
export function holdOpen(port: number, sent = ''): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.write(sent);
      resolve(socket);
    });
    socket.on('error', reject);
    onTestFinished(() => void socket.destroy());
  });
}

export async function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
