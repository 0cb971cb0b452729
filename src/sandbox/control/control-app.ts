import { type Context, Hono } from 'hono';
import { sameText } from '../../http/same-text.ts';
import type { SandboxControl } from '../interface/control.ts';
import { SandboxControlError } from '../interface/control-error.ts';
import { limitBody } from '../listener/body-limit.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { toControlError } from './control-error.ts';
import { CONTROL_ROUTES, type ControlRoute } from './routes.ts';

const BASE = '/sandbox/v1';
const LARGEST_BODY_BYTES = 1024 * 1024;
const LARGEST_SNAPSHOT_BYTES = 256 * 1024 * 1024;

/** The operations over HTTP, for whom the control token lets in; others than this machine do not get this far. */
export function controlApp(state: SandboxState, control: SandboxControl): Hono {
  const app = new Hono().basePath(BASE);
  app.use(async (context, next) => {
    context.header('Cache-Control', 'no-store');
    context.header('X-Content-Type-Options', 'nosniff');
    await next();
  });
  app.get('/openapi.json', async (context) => {
    const { default: file } = await import('./openapi.json', { with: { type: 'json' } });
    return context.json(file);
  });
  app.use(async (context, next) => {
    requireToken(state, context);
    await next();
  });
  app.use((context, next) => bodyLimitOf(context.req.path)(context, next));
  for (const [path, routes] of byPath()) {
    const pattern = path.replace(/\{(\w+)\}/, ':name');
    const patterns = path === '/' ? ['', '/'] : [pattern];
    for (const each of patterns) {
      for (const route of routes) {
        app.on(route.method, each, (context) => answer(context, route, state, control));
      }
      app.all(each, (context) => refuseMethod(context, routes));
    }
  }
  app.all('/openapi.json', (context) => refuseMethod(context, [{ method: 'GET' }]));
  app.all('*', (context) => {
    const hint = `GET ${BASE}/openapi.json lists what there is.`;
    throw new SandboxControlError(404, 'not_found', `there is no ${context.req.path}`, { hint });
  });
  app.onError((error, context) => refusal(context, toControlError(error)));
  return app;
}

function byPath(): Map<string, ControlRoute[]> {
  const paths = new Map<string, ControlRoute[]>();
  for (const route of CONTROL_ROUTES) paths.set(route.path, [...(paths.get(route.path) ?? []), route]);
  return paths;
}

async function answer(
  context: Context,
  { method, status, run }: ControlRoute,
  state: SandboxState,
  control: SandboxControl,
): Promise<Response> {
  const call = {
    name: context.req.param('name') ?? '',
    query: queryOf(context),
    body: method === 'POST' || method === 'PUT' ? await jsonBody(context) : {},
    signal: context.req.raw.signal,
  };
  const result = await run(control, call, state);
  if (status === 204) return context.body(null, 204);
  return context.json(result as object, status);
}

function queryOf(context: Context): Record<string, string> {
  const parameters = new URL(context.req.url).searchParams;
  for (const name of parameters.keys()) {
    if (parameters.getAll(name).length > 1) {
      throw new SandboxControlError(400, 'invalid_request', `${name} is given more than once`);
    }
  }
  return Object.fromEntries(parameters);
}

async function jsonBody(context: Context): Promise<unknown> {
  const text = await context.req.text();
  if (text === '') return {};
  const type = context.req.header('content-type') ?? '';
  if (!/^application\/json\s*(;|$)/i.test(type)) {
    const given = type === '' ? 'nothing' : type.slice(0, 100);
    throw new SandboxControlError(
      415,
      'unsupported_media_type',
      `a body is JSON, and its Content-Type says ${given}`,
      { hint: 'Send it with Content-Type: application/json.' },
    );
  }
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    // Not the whole of the engine's message: it repeats what it choked on, and that may be a credential.
    const place = error instanceof Error ? (/ at position \d+/.exec(error.message)?.[0] ?? '') : '';
    throw new SandboxControlError(400, 'invalid_json', `the body is not JSON${place}`);
  }
}

function requireToken(state: SandboxState, context: Context): void {
  const token = /^Bearer +(\S+)$/i.exec(context.req.header('authorization') ?? '')?.[1];
  if (token !== undefined && sameText(token, state.controlToken)) return;
  context.header('WWW-Authenticate', 'Bearer realm="sandbox"');
  const what = token === undefined ? 'there is no control token' : 'this is not the control token';
  throw new SandboxControlError(401, 'unauthorized', what, {
    hint: 'Send Authorization: Bearer $SK_CONNECT_SANDBOX_TOKEN, which `sk-connect sandbox start` prints.',
  });
}

function bodyLimitOf(path: string) {
  const mostBytes = path === `${BASE}/snapshot` ? LARGEST_SNAPSHOT_BYTES : LARGEST_BODY_BYTES;
  return limitBody(mostBytes, (_context, message) => {
    throw new SandboxControlError(413, 'payload_too_large', message);
  });
}

function refuseMethod(context: Context, routes: readonly Pick<ControlRoute, 'method'>[]): never {
  const allowed = routes.map(({ method }) => method).join(', ');
  context.header('Allow', allowed);
  throw new SandboxControlError(405, 'method_not_allowed', `${context.req.path} takes ${allowed}`);
}

function refusal(context: Context, { status, code, message, hint, problems }: SandboxControlError): Response {
  const error = { code, message, ...(hint !== undefined && { hint }), ...(problems && { problems }) };
  return context.json({ error }, status as 400);
}
