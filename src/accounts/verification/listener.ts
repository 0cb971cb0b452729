import { randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemErrorCode, usageError } from '../../errors.ts';
import { ARRIVAL_PATH, type Arrival, judgeArrival } from './arrival.ts';
import { type Page, pageHeaders, renderPage } from './page.ts';

/** Where the user's browser comes back to from Scalekit: a page on 127.0.0.1, for as long as an authorization is waited for. */
export interface Listener {
  /** The `userVerifyUrl`. */
  readonly url: string;
  readonly port: number;
  /** What has to come back with the browser. */
  readonly state: string;
  /** Lets a page that is on its way arrive, and cuts everything else. */
  close(): Promise<void>;
}

/** What is done for the first browser that is believed, and what it is shown. Called once; must not reject. */
export type Receive = (arrival: Exclude<Arrival, { kind: 'refused' }>) => Promise<Page>;

/** A browser on the same machine needs none of these; what else finds the port must not be able to hold it. */
const LIMITS = { headersTimeout: 5_000, requestTimeout: 10_000, connectionsCheckingInterval: 1_000 };
const MOST_CONNECTIONS = 32;
const LONGEST_SILENCE_MS = 60_000;
const PAGE_ON_ITS_WAY_MS = 1_000;

/** Listens on 127.0.0.1; port 0 takes a free one. Throws `usage` where the port cannot be had. */
export async function listenForBrowser(port: number, receive: Receive): Promise<Listener> {
  const state = randomBytes(32).toString('base64url');
  const onItsWay = new Set<Promise<void>>();
  let received: Promise<Page> | undefined;

  const server = createServer(LIMITS, (request, response) => {
    const arrival = judgeArrival(request, state);
    if (arrival.kind === 'refused') return refuse(request, response, arrival);
    // Reloaded, or opened in two windows: what has happened is shown again.
    received ??= receive(arrival);
    const sent = received.then((page) => send(response, page));
    onItsWay.add(sent);
    void sent.then(() => onItsWay.delete(sent));
  });
  server.maxConnections = MOST_CONNECTIONS;
  server.setTimeout(LONGEST_SILENCE_MS);
  await listen(server, port);
  const { port: listensAt } = server.address() as AddressInfo;

  return {
    // An IP literal, as `localhost` may lead to ::1 (RFC 8252 section 8.3).
    url: `http://127.0.0.1:${listensAt}${ARRIVAL_PATH}`,
    port: listensAt,
    state,
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if (onItsWay.size > 0) await Promise.race([Promise.all(onItsWay), elapsed(PAGE_ON_ITS_WAY_MS)]);
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Resolves when the page is with the system, or nobody is there to take it. */
function send(
  response: ServerResponse,
  page: Page,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  return new Promise((resolve) => {
    if (response.destroyed) return resolve();
    response.once('close', resolve);
    response
      .writeHead(page.status, { ...pageHeaders, ...headers, connection: 'close' })
      .end(renderPage(page));
  });
}

function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  { status, why }: Extract<Arrival, { kind: 'refused' }>,
): void {
  // A body that was announced is not read.
  request.resume();
  const page = { status, title: 'Not accepted', paragraphs: [why] };
  void send(response, page, status === 405 ? { allow: 'GET' } : {});
}

function elapsed(durationMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, durationMs).unref());
}

async function listen(server: Server, port: number): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error) => reject(portError(error, port)));
    server.listen(port, '127.0.0.1', resolve);
  });
}

function portError(error: unknown, port: number): unknown {
  const code = systemErrorCode(error);
  if (code === 'EADDRINUSE') {
    return usageError(
      `port ${port} is in use`,
      'Name another, or leave --verify-port out to take a free one.',
      {
        code: 'port_in_use',
      },
    );
  }
  if (code === 'EACCES') return usageError(`port ${port} may not be used`, 'Name one above 1023.');
  return error;
}
