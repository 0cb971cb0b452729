import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import type { MiddlewareHandler } from 'hono';
import { refuse } from '../refuse.ts';
import type { Endpoint } from '../rest/handler.ts';
import type { SandboxState } from '../state/sandbox-state.ts';
import { clientGone } from './client.ts';
import { strike } from './strike.ts';

/** What faults make of a REST call that is no call of a service. */
export function strikeEndpoint(state: SandboxState, endpoint: Endpoint): Endpoint {
  return async (request) => {
    if (state.faults.isEmpty()) return endpoint(request);
    const { incoming, signal } = request;
    const subject = {
      kinds: ['rest' as const],
      method: incoming.method,
      path: incoming.url?.split('?', 1)[0],
    };
    const call = { incoming, signal, sizeOf: ({ json }: { json: unknown }) => JSON.stringify(json).length };
    return strike(state, subject, call, async () => endpoint(request));
  };
}

/** The same for the environment's token endpoint. */
export function strikeTokenEndpoint(state: SandboxState): MiddlewareHandler<{ Bindings: HttpBindings }> {
  return async (context, next) => {
    if (state.faults.isEmpty()) return next();
    const { method, path } = context.req;
    const response = context.env.outgoing;
    const call = {
      incoming: response.req,
      signal: clientGone(response),
      sizeOf: ({ headers }: Response) => Number(headers.get('content-length') ?? 0),
    };
    try {
      await strike(state, { kinds: ['token'], method, path }, call, async () => {
        await next();
        return context.res;
      });
    } catch (error) {
      refuse(response, error);
      return RESPONSE_ALREADY_SENT;
    }
    return undefined;
  };
}
