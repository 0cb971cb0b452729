import type { IncomingMessage, ServerResponse } from 'node:http';
import { requireEnvironmentToken } from '../environment/bearer.ts';
import { strikeEndpoint } from '../faults/endpoint.ts';
import { notEmulated, type Services } from '../grpc/services.ts';
import { Refusal } from '../refusal.ts';
import { refuse } from '../refuse.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { providerRoutes } from './providers.ts';
import { readBody } from './read-body.ts';
import { createRouteTable, type Matched } from './route-table.ts';
import { serviceRoutes } from './service-routes.ts';

/** What a route makes of a request that has been authenticated. */
export type Endpoint = (request: RestRequest) => Promise<RestAnswer> | RestAnswer;

export interface RestRequest {
  incoming: IncomingMessage;
  parameters: Readonly<Record<string, string>>;
  query: URLSearchParams;
  body: string;
  /** Aborted when the client goes away. */
  signal: AbortSignal;
}

export interface RestAnswer {
  status: number;
  json: unknown;
}

type RestHandler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Scalekit's REST API at `/api/v1`: the services of gRPC by what their descriptors say of HTTP, and the custom providers. */
export function restHandler(state: SandboxState, services: Services): RestHandler {
  const providers = providerRoutes(state, services.tokens);
  const struck = providers.map((route) => ({ ...route, target: strikeEndpoint(state, route.target) }));
  const routes = createRouteTable([...serviceRoutes(services), ...struck]);

  return async (request, response) => {
    try {
      await requireEnvironmentToken(state, request.headers.authorization);
      const [path, query] = splitOnce(request.url ?? '', '?');
      const { target, parameters } = requireRoute(request.method ?? '', path, response);
      const body = await readBody(request, response);
      const abort = new AbortController();
      response.once('close', () => abort.abort());
      const parsed = new URLSearchParams(query);
      answer(
        response,
        await target({ incoming: request, parameters, query: parsed, body, signal: abort.signal }),
      );
    } catch (error) {
      if (!response.headersSent && !response.destroyed) refuse(response, error);
    }
  };

  function requireRoute(verb: string, path: string, response: ServerResponse): Matched<Endpoint> {
    const matched = routes.find(verb, path);
    if (matched) return matched;
    const verbs = routes.verbsOf(path);
    if (verbs.length === 0) throw noSuchPath(verb, path);
    response.setHeader('Allow', verbs.join(', '));
    throw new Refusal(
      'unimplemented',
      'METHOD_NOT_ALLOWED',
      `${path} takes ${verbs.join(', ')}, not ${verb}`,
    );
  }
}

/** Documented as part of AgentKit, but with messages that the SDK does not have. */
const NOT_EMULATED = /^\/api\/v1\/mcp\//;

function noSuchPath(verb: string, path: string): Refusal {
  const shown = path.length > LONGEST_SHOWN ? `${path.slice(0, LONGEST_SHOWN)}…` : path;
  if (NOT_EMULATED.test(path)) return notEmulated(shown);
  const message = `there is no ${verb} ${shown}, or the sandbox does not emulate it`;
  return new Refusal('not_found', 'NOT_FOUND', message);
}

const LONGEST_SHOWN = 200;

function answer(response: ServerResponse, { status, json }: RestAnswer): void {
  const body = JSON.stringify(json);
  response.writeHead(status, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(body),
    'Cache-Control': 'no-store',
  });
  response.end(body);
}

function splitOnce(text: string, separator: string): [before: string, after: string] {
  const at = text.indexOf(separator);
  return at < 0 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
}
