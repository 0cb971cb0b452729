import { type Context, Hono } from 'hono';
import type { DemoEnv } from './http-server.ts';

type ProblemStatus = 400 | 401 | 403 | 404 | 405 | 413 | 415 | 422 | 500;

interface ProblemExtras {
  headers?: Record<string, string>;
  /** Extension members (RFC 9457 section 3.2). */
  members?: Record<string, unknown>;
}

const titles: Record<ProblemStatus, string> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  500: 'Internal Server Error',
};

/** An error answer as `application/problem+json` (RFC 9457). */
export function problem(status: ProblemStatus, detail: string, extras: ProblemExtras = {}): Response {
  const body = { type: 'about:blank', title: titles[status], status, detail, ...extras.members };
  return new Response(JSON.stringify(body), {
    status,
    headers: { 'content-type': 'application/problem+json', ...extras.headers },
  });
}

/** A Hono application whose own errors are problems too: nothing found, a bug. */
export function createProblemApp(): Hono<DemoEnv> {
  const app = new Hono<DemoEnv>();
  app.notFound((c) => problem(404, `Nothing is at ${c.req.path}.`));
  // Hono's own handler prints the error to the console.
  app.onError(() => problem(500, 'This is a bug in the demo provider.'));
  return app;
}

/** Answers every other method on a path with 405. */
export function onlyMethods(...methods: string[]): (c: Context) => Response {
  const allow = methods.join(', ');
  return (c) => problem(405, `${c.req.method} is not allowed here; ${allow} is.`, { headers: { allow } });
}
